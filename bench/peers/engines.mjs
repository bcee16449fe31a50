// What differs between the peers: how each is migrated, pointed at another Stripe, told to copy, and
// handed an event. Read from the packages' own code; each runs with the settings its own command line has.
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { describeObjects } from './describe-objects.mjs';

const CONNECTIONS = 10;
const VERSION = '2020-08-27'; // of @stripe/sync-engine's command line; it takes no newer form of the name

const silent = () => undefined;
const SILENT = { info: silent, warn: silent, error: silent, debug: silent };

/** stripe-node keeps where it calls in one object; neither peer lets it be given. */
function pointAt(stripe, url) {
  const { hostname, port, protocol } = new URL(url);
  Object.assign(stripe._api, { host: hostname, port, protocol: protocol.slice(0, -1) });
}

async function addRole(database, role) {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (!rowCount) await client.query(`create role ${role}`);
  await client.end();
}

async function openSupabase({ database, key, secret, stripe_url }) {
  // Its ES build looks for its migrations by a name that only the other build has.
  const { StripeSync, runMigrations } = createRequire(import.meta.url)(
    '@supabase/stripe-sync-engine',
  );
  await addRole(database, 'postgres'); // hard-coded in a migration
  const raise = (error) => {
    throw error; // which it would only write to its log
  };
  await runMigrations({
    databaseUrl: database,
    schema: 'stripe',
    logger: { ...SILENT, error: raise },
  });
  const engine = new StripeSync({
    poolConfig: { connectionString: database, max: CONNECTIONS },
    stripeSecretKey: key,
    stripeWebhookSecret: secret,
  });
  if (stripe_url) pointAt(engine.stripe, stripe_url);
  return {
    async copy() {
      // What `object: 'all'` does, without the resources the data set has none of: its payment
      // method step ends the whole call at the first 429.
      for (const object of ['product', 'price', 'customer', 'subscription', 'invoice', 'charge'])
        await engine.syncBackfill({ object });
      return [];
    },
    handle: async (body, signature) => await engine.processWebhook(body, signature),
    close: async () => await engine.postgresClient.pool.end(),
  };
}

async function openStripe({ database, key, secret, stripe_url, samples }) {
  const { StripeSync, runMigrations } = await import('@stripe/sync-engine');
  // Its migration downloads Stripe's OpenAPI file unless it is given one.
  const file = path.join(tmpdir(), `headwater-peer-${process.pid}.json`);
  await writeFile(file, JSON.stringify(describeObjects(samples)));
  await runMigrations({ databaseUrl: database, openApiSpecPath: file, stripeApiVersion: VERSION });
  const engine = await StripeSync.create({
    poolConfig: { connectionString: database, max: CONNECTIONS, keepAlive: true },
    stripeSecretKey: key,
    stripeWebhookSecret: secret,
    stripeAccountId: 'acct_1PeerBench',
    stripeApiVersion: VERSION,
    backfillRelatedEntities: false, // true would fetch customers one by one
    logger: SILENT,
  });
  if (stripe_url) pointAt(engine.stripe, stripe_url);
  return {
    async copy() {
      const objects = ['product', 'price', 'customer', 'subscription', 'invoice', 'charge'];
      const { errors } = await engine.fullSync(objects, true, 50, 25, false);
      // It answers no errors when a piece failed; its own table knows.
      const { rows } = await engine.postgresClient.query(
        "select object, error_message from stripe._sync_obj_runs where status = 'error'",
      );
      return [...errors.map(String), ...rows.map((row) => `${row.object}: ${row.error_message}`)];
    },
    handle: async (body, signature) => await engine.webhook.processWebhook(body, signature),
    close: async () => await engine.close(),
  };
}

export const ENGINES = {
  '@supabase/stripe-sync-engine': openSupabase,
  '@stripe/sync-engine': openStripe,
};
