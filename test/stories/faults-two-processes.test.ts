import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { openDatabase, sql } from '../../src/platform/index.ts';
import type { Db } from '../../src/platform/index.ts';
import { listAccount, listKept } from '../../src/stripe/fixtures/account.ts';
import { createTestDatabase } from '../support/database.ts';
import { digestDatabase } from '../support/digest.ts';
import {
  eventually,
  freePort,
  processEnv,
  runCommand,
  startProductProcess,
} from '../support/product.ts';
import type { ProductProcess } from '../support/product.ts';

let simulator: Simulator;
let shared: Awaited<ReturnType<typeof createTestDatabase>>;
let alone: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Db;
const processes: ProductProcess[] = [];
beforeAll(async () => {
  simulator = await startSimulator({
    customers: 150,
    months: 12,
    latency_ms: 25,
    seed: 3,
    webhook_faults: { duplicate_ratio: 0.2, shuffle_window_ms: 200 },
    webhook_retry_ms: [200, 400, 800, 1600, 3200, 6400],
    webhook_concurrency: 8,
  });
  shared = await createTestDatabase();
  alone = await createTestDatabase();
  db = openDatabase(shared.url, { max: 2 });
});
afterAll(async () => {
  for (const one of processes) await one.kill();
  await db.destroy();
  await shared.drop();
  await alone.drop();
  await simulator.close();
});

const key = (): string => simulator.keys.create({ grants: READ_ONLY_GRANTS });

const count = async (what: string): Promise<number> =>
  (await sql<{ n: number }>`select (${sql.raw(what)})::int as n`.execute(db)).rows[0]!.n;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** New people, changes of plan and ends, many in one second. */
async function live(people: number): Promise<void> {
  const { world } = simulator;
  for (let n = 0; n < people; n += 1) {
    const customer = world.createCustomer({ email: `meanwhile-${n}@example.com`, name: `M ${n}` });
    const { id, items } = world.subscribe({
      customer: customer.id,
      items: [{ price: 'price_team_month', quantity: 2 }],
    });
    await pause(60);
    world.updateCustomer(customer.id, { name: `Meanwhile ${n}` });
    if (n % 2 === 0) {
      world.changeSubscription(id, { item: items.data[0]!.id, quantity: 5 });
    }
    if (n % 3 === 0) world.cancel(id);
    if (n % 7 === 0) world.deleteCustomer(customer.id);
    await pause(60);
  }
}

test('two processes copy one account and apply its events at once, one of them dies, and all is there once', async () => {
  const ports = [await freePort(), await freePort()];
  const options = ports.map((port) => ({
    database_url: shared.url,
    stripe_url: simulator.url,
    port,
  }));
  // Stripe calls the second; the first is the one that dies.
  expect((await runCommand(['connect'], processEnv(options[1]!), key())).code).toBe(0);
  const busy = live(50);
  for (const one of options) processes.push(await startProductProcess(one));
  const objects = async () =>
    await count('select coalesce(sum(objects), 0) from headwater.sync_ranges');
  await eventually(objects, (n) => n > 500, 60_000);
  await processes[0]!.kill();
  processes[0] = await startProductProcess(options[0]!);
  const running = async () =>
    await count(
      `select count(*) from headwater.sync_runs where state = 'running' and lane = 'main'`,
    );
  await eventually(running, (n) => n === 0, 90_000);
  await busy;
  await simulator.settled();
  const left = async () =>
    await count(
      `select (select count(*) from stripe.events where processed_at is null)
            + (select count(*) from headwater.person_marks)`,
    );
  await eventually(left, (n) => n === 0, 60_000);
  for (const one of processes.splice(0)) expect(await one.stop()).toBe(0);

  const there = await listAccount(simulator);
  const kept = await listKept({ db }, 1);
  for (const [resource, rows] of Object.entries(there)) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: rows });
  }
  const env = processEnv({ ...options[0]!, database_url: alone.url });
  expect((await runCommand(['connect'], env, key())).code).toBe(0);
  expect((await runCommand(['sync', '--without-payment-methods'], env)).code).toBe(0);
  const [calm, got] = [await digestDatabase(alone.url), await digestDatabase(shared.url)];
  // Of who was deleted, only those know more than the id who were there.
  const gone = [...simulator.world.state.customers].filter(({ deleted }) => deleted);
  const living = (lines: string[]) =>
    lines.filter((line) => !gone.some(({ id }) => line.includes(id)));
  expect(living(got.people!)).toEqual(living(calm.people!));
  const told = new Set(got.activities);
  expect(calm.activities!.filter((line) => !told.has(line))).toEqual([]);
  expect(told.size).toBe(got.activities!.length);
}, 600_000);
