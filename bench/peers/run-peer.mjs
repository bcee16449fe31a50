// One run of one peer in a process of its own, on a fresh database; the last line of output is JSON.
//
//   node run-peer.mjs <package> sync     --database URL --stripe URL --key KEY [--expect '{"customers":20000}']
//   node run-peer.mjs <package> webhooks --database URL --events FILE --secret whsec_… [--in-flight 50]
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ENGINES } from './engines.mjs';

// The engines talk while they work; standard output is for the result alone.
console.log = console.info = (...words) => console.error(...words);

const TABLES = ['products', 'prices', 'customers', 'subscriptions', 'invoices', 'charges'];
const STARTS = new Map([
  ['supabase', '@supabase/stripe-sync-engine'],
  ['stripe', '@stripe/sync-engine'],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string' },
    stripe: { type: 'string' },
    key: { type: 'string', default: 'sk_test_peer' },
    expect: { type: 'string' },
    events: { type: 'string' },
    secret: { type: 'string', default: 'whsec_peer' },
    'in-flight': { type: 'string', default: '50' },
  },
});
const [given, what] = positionals;
const name = STARTS.get(given) ?? given;
if (!ENGINES[name] || !values.database || !['sync', 'webhooks'].includes(what))
  throw new Error('usage: run-peer.mjs <package> sync|webhooks --database URL …');

const cpuSeconds = (since) => {
  const { user, system } = process.cpuUsage(since);
  return Math.round((user + system) / 1e4) / 100;
};
const result = what === 'sync' ? await copyEverything() : await takeEvents();
process.stdout.write(`${JSON.stringify({ name, ...result })}\n`);
// A pool or an agent of theirs may still be open.
process.exit(0);

async function copyEverything() {
  const samples = [];
  for (const table of TABLES) samples.push(...(await readSome(table)));
  const engine = await ENGINES[name](options({ stripe_url: values.stripe, samples }));
  const began = performance.now();
  const cpu = process.cpuUsage();
  let error = null;
  let errors = [];
  try {
    errors = await engine.copy();
  } catch (caught) {
    error = String(caught?.message ?? caught);
  }
  const wall_s = Math.round((performance.now() - began) / 10) / 100;
  const rows = await countRows();
  const expected = values.expect ? JSON.parse(values.expect) : null;
  const complete =
    error === null &&
    errors.length === 0 &&
    (expected === null || Object.entries(expected).every(([table, n]) => rows[table] === n));
  const said = error ?? errors[0];
  return { wall_s, complete, rows, cpu_s: cpuSeconds(cpu), ...(said ? { error: said } : {}) };
}

/** A few objects of each kind, outside the time that is measured. */
async function readSome(table) {
  const response = await fetch(`${values.stripe}/v1/${table}?limit=3`, {
    headers: { authorization: `Bearer ${values.key}` },
  });
  if (!response.ok) throw new Error(`GET ${table}: ${response.status} ${await response.text()}`);
  return (await response.json()).data;
}

async function countRows() {
  const client = new pg.Client({ connectionString: values.database });
  await client.connect();
  const rows = {};
  for (const table of TABLES) {
    const answer = await client.query(`select count(*)::int as n from stripe.${table}`);
    rows[table] = answer.rows[0].n;
  }
  await client.end();
  return rows;
}

async function takeEvents() {
  const lines = (await readFile(values.events, 'utf8')).split('\n').filter(Boolean);
  const bodies = lines.map((line) => JSON.parse(line));
  const samples = bodies.map((body) => JSON.parse(body).data.object);
  const engine = await ENGINES[name](options({ samples }));
  const now = Math.floor(Date.now() / 1000);
  const signed = bodies.map((body) => {
    const mac = createHmac('sha256', values.secret).update(`${now}.${body}`).digest('hex');
    return [body, `t=${now},v1=${mac}`];
  });
  const took = [];
  const failures = [];
  const began = performance.now();
  const cpu = process.cpuUsage();
  const next = async () => {
    for (let one = signed.pop(); one; one = signed.pop()) {
      const at = performance.now();
      await engine.handle(...one).catch((error) => failures.push(String(error?.message ?? error)));
      took.push(performance.now() - at);
    }
  };
  signed.reverse();
  await Promise.all(Array.from({ length: Number(values['in-flight']) }, next));
  const seconds = (performance.now() - began) / 1000;
  took.sort((a, b) => a - b);
  return {
    events: bodies.length,
    events_per_s: Math.round(bodies.length / seconds),
    p99_ms: Math.round(took[Math.floor(took.length * 0.99)]),
    failed: failures.length,
    cpu_s: cpuSeconds(cpu),
    rows: await countRows(),
    ...(failures[0] ? { error: failures[0] } : {}),
  };
}

function options(more) {
  return { database: values.database, key: values.key, secret: values.secret, ...more };
}
