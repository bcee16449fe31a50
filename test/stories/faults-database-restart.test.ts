import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, signPayload, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { digestDatabase } from '../support/digest.ts';
import { startOwnServer } from '../support/own-server.ts';
import type { OwnServer } from '../support/own-server.ts';
import {
  eventually,
  freePort,
  processEnv,
  runCommand,
  startProductProcess,
} from '../support/product.ts';
import type { ProductProcess } from '../support/product.ts';

let simulator: Simulator;
let database: OwnServer;
let product: ProductProcess;
beforeAll(async () => {
  simulator = await startSimulator({ customers: 120, months: 12, latency_ms: 20, speed: 0 });
  database = await startOwnServer();
});
afterAll(async () => {
  await product?.kill();
  await database.remove();
  await simulator.close();
});

/** Asks on a connection of its own; while the database is down it asks again. */
async function ask<T>(text: string, values: unknown[] = []): Promise<T[]> {
  const once = async (): Promise<T[] | null> => {
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text, values)).rows as T[];
    } catch {
      return null;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  return (await eventually(once, (rows) => rows !== null, 60_000))!;
}

const count = async (query: string, values: unknown[] = []): Promise<number> =>
  (await ask<{ n: number }>(`select (${query})::int as n`, values))[0]!.n;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a first sync outlives a shutdown and a crash of the database, and ends equal', async () => {
  const calm = await createTestDatabase();
  try {
    const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
    const address = { stripe_url: simulator.url, port: await freePort() };
    const env = processEnv({ ...address, database_url: calm.url });
    expect((await runCommand(['connect'], env, key)).code).toBe(0);
    const undisturbed = await runCommand(['sync', '--json', '--without-payment-methods'], env);
    const { objects } = JSON.parse(undisturbed.stdout) as { objects: number };

    const options = { ...address, database_url: database.url };
    expect((await runCommand(['connect'], processEnv(options), key)).code).toBe(0);
    product = await startProductProcess(options);
    for (const [how, share] of [
      ['fast', 0.25],
      ['immediate', 0.6],
    ] as const) {
      const kept = async () =>
        await count('select coalesce(sum(objects), 0) from headwater.sync_ranges');
      await eventually(kept, (n) => n >= objects * share, 60_000);
      await database.goDown(how);
      await pause(300);
      await database.comeBack();
    }
    const running = async () =>
      await count(
        `select count(*) from headwater.sync_runs where state = 'running' and lane = 'main'`,
      );
    await eventually(running, (n) => n === 0, 90_000);
    const marks = async () => await count('select count(*) from headwater.person_marks');
    await eventually(marks, (n) => n === 0, 60_000);
    const [expected, got] = [await digestDatabase(calm.url), await digestDatabase(database.url)];
    // Walked in the background, for longer than this.
    delete expected['stripe.payment_methods'];
    for (const [name, lines] of Object.entries(expected)) expect(got[name], name).toEqual(lines);
  } finally {
    await calm.drop();
  }
}, 600_000);

/** A delivery as Stripe makes it; the status it was answered with, 0 when the connection broke. */
async function deliver(url: string, secret: string, body: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'stripe-signature': signPayload(body, secret, Math.floor(Date.now() / 1000)),
      },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

test('what was acknowledged is never lost when the database goes; the rest is refused, and taken when repeated', async () => {
  const [endpoint] = [...simulator.world.state.webhookEndpoints];
  const template = JSON.stringify(simulator.world.createCustomer({ email: 'x@example.com' }));
  const created = Math.floor(simulator.world.now().getTime() / 1000);
  const bodyOf = (n: number): string =>
    JSON.stringify({
      id: `evt_outage_${n}`,
      object: 'event',
      type: 'customer.created',
      api_version: '2026-10-28.endive',
      created,
      livemode: false,
      data: {
        object: {
          ...JSON.parse(template),
          id: `cus_outage_${n}`,
          email: `outage-${n}@example.org`,
        },
      },
    });
  const acknowledged = new Set<number>();
  const refused = new Set<number>();
  const statuses = new Set<number>();
  let next = 0;
  let over = false;
  const send = async (n: number): Promise<void> => {
    const status = await deliver(endpoint!.url, endpoint!.secret, bodyOf(n));
    if (status === 200) {
      acknowledged.add(n);
      refused.delete(n);
    } else {
      statuses.add(status);
      refused.add(n);
    }
  };
  const sender = async (): Promise<void> => {
    while (!over) {
      await send(next++);
      await pause(20);
    }
  };
  const senders = Array.from({ length: 12 }, sender);
  for (const how of ['fast', 'immediate'] as const) {
    const [before, failed] = [acknowledged.size, refused.size];
    await eventually(
      async () => acknowledged.size,
      (n) => n >= before + 100,
      60_000,
    );
    await database.goDown(how);
    await eventually(
      async () => refused.size,
      (n) => n >= failed + 10,
      60_000,
    );
    await database.comeBack();
  }
  const before = acknowledged.size;
  await eventually(
    async () => acknowledged.size,
    (n) => n >= before + 100,
    60_000,
  );
  over = true;
  await Promise.all(senders);

  const stored = new Set(
    (await ask<{ id: string }>(`select id from stripe.events where id like 'evt_outage_%'`)).map(
      ({ id }) => Number(id.split('_').at(-1)),
    ),
  );
  expect([...acknowledged].filter((n) => !stored.has(n))).toEqual([]);
  // Stripe repeats what was answered so.
  expect(Math.min(...statuses)).toBeGreaterThanOrEqual(500);
  for (const n of refused) await send(n);
  expect(refused.size).toBe(0);

  const people = async () =>
    await count(`select count(*) from headwater.people where email like 'outage-%'`);
  expect(await eventually(people, (n) => n >= next, 60_000)).toBe(next);
  const listening = async () =>
    await count(`select count(*) from pg_stat_activity where query = 'listen headwater'`);
  await eventually(listening, (n) => n === 1);
  // The same process all the while, and one that still knows how to stop.
  expect(await product.stop()).toBe(0);
}, 600_000);
