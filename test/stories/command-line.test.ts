import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { freePort, processEnv, runCommand } from '../support/product.ts';

let simulator: Simulator;
let env: Record<string, string>;
let drop: () => Promise<void>;
let key: string;

beforeAll(async () => {
  simulator = await startSimulator({ customers: 40, months: 6, speed: 0 });
  key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const database = await createTestDatabase();
  drop = database.drop;
  env = processEnv({
    database_url: database.url,
    stripe_url: simulator.url,
    port: await freePort(),
  });
});
afterAll(async () => {
  await drop();
  await simulator.close();
});

test('a sync without a source says what to do', async () => {
  const result = await runCommand(['sync'], env);
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/headwater connect/);
});

test('a wrong key is refused in its own words, and the key is nowhere in the output', async () => {
  const result = await runCommand(['connect'], env, 'pk_test_51SimNotThisOne');
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/publishable/i);
  expect(result.stdout + result.stderr).not.toContain('NotThisOne');
});

test('connect, sync, status, metrics and db', async () => {
  const connect = await runCommand(['connect'], env, key);
  expect(connect.stdout).toMatch(/^Connected Northwind Tools \(test mode\)/);

  const sync = await runCommand(['sync', '--json'], env);
  expect(sync.code, sync.stderr).toBe(0);
  const summary = JSON.parse(sync.stdout) as Record<string, unknown>;
  expect(Object.keys(summary)).toEqual([
    'complete',
    'objects',
    'seconds',
    'requests',
    'rate_limited',
    'errors',
    'skipped',
    'payment_methods',
  ]);

  const status = JSON.parse((await runCommand(['status', '--json'], env)).stdout) as {
    people: number;
    sources: { source: Record<string, unknown>; sync: { state: string } }[];
  };
  expect(status.people).toBeGreaterThan(0);
  expect(status.sources[0]?.sync.state).toBe('complete');
  expect(JSON.stringify(status)).not.toContain(key);

  const today = new Date().toISOString().slice(0, 10);
  const mrr = await runCommand(
    ['metrics', 'mrr', '--from', today, '--to', today, '--interval', 'day', '--json'],
    env,
  );
  const rows = JSON.parse(mrr.stdout) as { date: string; currency: string; mrr_minor: number }[];
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ date: today, currency: 'usd' });
  expect(rows[0]!.mrr_minor).toBeGreaterThan(0);

  const url = (await runCommand(['db'], env)).stdout.trim();
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  try {
    const { rows: people } = await reader.query<{ n: number }>(
      'select count(*)::int n from people',
    );
    expect(people[0]!.n).toBe(status.people);
    await expect(reader.query('delete from stripe.customers')).rejects.toThrow(
      /read-only|permission denied/,
    );
    await expect(reader.query('select key_sealed from sources')).rejects.toThrow(
      /permission denied/,
    );
    await expect(reader.query('select * from sessions')).rejects.toThrow(/permission denied/);
  } finally {
    await reader.end();
  }
}, 120_000);

test('status says what matters, check compares with Stripe, disconnect stops', async () => {
  const status = await runCommand(['status'], env);
  expect(status.stdout).toMatch(/^Northwind Tools \(test mode\): \w+\. /);
  expect(status.stdout).toContain('0 events wait');
  const check = await runCommand(['check'], env);
  expect([check.code, check.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^Northwind Tools: [\d,]+ objects of \d+ lists compared with Stripe: no difference\./,
    ),
  ]);
  expect((await runCommand(['status'], env)).stdout).toContain('no difference.');
  expect((await runCommand(['disconnect', '7'], env)).stderr).toContain(
    'Say which one by its number: 1 ',
  );
  const gone = await runCommand(['disconnect'], env);
  expect(gone.stdout).toContain('Disconnected. Our webhook is removed from Stripe');
  expect((await runCommand(['disconnect'], env)).stderr).toContain(
    'No Stripe account is connected',
  );
}, 120_000);

test('wrong dates and settings get a sentence', async () => {
  const backwards = await runCommand(
    ['metrics', 'mrr', '--from', '2026-02-01', '--to', '2026-01-01'],
    env,
  );
  expect(backwards.stderr).toMatch(/Swap them/);
  const nonsense = await runCommand(['metrics', 'mrr', '--from', '2026-02-31'], env);
  expect(nonsense.stderr).toMatch(/YYYY-MM-DD/);
  const port = await runCommand(['status'], { ...env, HEADWATER_PORT: 'high' });
  expect(port.stderr).toMatch(/HEADWATER_PORT/);
  expect([backwards.code, nonsense.code, port.code]).toEqual([1, 1, 1]);
});

test('with STRIPE_KEY set, a sync of a fresh installation connects on the way', async () => {
  const fresh = await createTestDatabase();
  try {
    const own = { ...env, DATABASE_URL: fresh.url, STRIPE_KEY: key };
    const sync = await runCommand(['sync', '--json'], own);
    expect(sync.code, sync.stderr).toBe(0);
    expect(JSON.parse(sync.stdout)).toMatchObject({ complete: true });
  } finally {
    await fresh.drop();
  }
}, 60_000);
