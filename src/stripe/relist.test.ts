import { afterEach, expect, test } from 'vitest';
import { sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { connect, listAccount, listKept, openAccount, syncAll } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { continueSyncs, copyAgain, disconnectSource, getSource, getSyncProgress } from './index.ts';

let account: Account;
afterEach(async () => await account.close());

const { signal } = new AbortController();
const DAY_MS = 86_400_000;

async function expectWhole(source_id: number): Promise<void> {
  const kept = await listKept(account.ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(account.simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

/** Deletes and changes things while nothing of it reaches us. */
async function liveUnheard(deletions: number): Promise<void> {
  const { ctx, simulator } = account;
  simulator.webhook_faults.drop_ratio = 1;
  const customers = [...simulator.world.state.customers].filter((one) => !one.deleted);
  for (const { id } of customers.slice(0, deletions)) simulator.world.deleteCustomer(id);
  simulator.world.updateCustomer(customers[deletions]!.id, { name: 'Changed Unheard' });
  await simulator.advance({ days: 40 });
  ctx.clock.advance(40 * DAY_MS);
}

const countDeleted = async (ctx: Context): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(*) n from stripe.customers where deleted_at is not null`.execute(ctx.db)
  ).rows[0]!.n;

const reads = (path: RegExp): number =>
  account.simulator.requests.filter(({ path: asked }) => path.test(asked)).length;

test('copying again finds changes and deletions that no event told, and nothing else is fetched', async () => {
  account = await openAccount({ customers: 30, months: 4 });
  const { ctx } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  expect(reads(/^\/v1\/customers\/cus_/)).toBe(0);
  await liveUnheard(7);
  await copyAgain(ctx, source.id);
  await syncAll(ctx, source.id);
  await expectWhole(source.id);
  expect(await countDeleted(ctx)).toBe(7);
  expect(reads(/^\/v1\/customers\/cus_/)).toBe(7);
  expect(reads(/^\/v1\/(invoices|charges|subscriptions)\/\w+$/)).toBeLessThan(5);
  expect((await getSource(ctx, source.id)).state).toBe('live');
});

test('a clock that is wrong by an hour costs reads and deletes nothing', async () => {
  account = await openAccount({ customers: 12, months: 3 });
  const { ctx } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  // The run believes to have begun long after it saw what it saw.
  await copyAgain(ctx, source.id);
  await sql`update sync_runs set started_at = started_at + interval '1 hour' where state = 'running'`.execute(
    ctx.db,
  );
  const customers = reads(/^\/v1\/customers\/cus_/);
  await syncAll(ctx, source.id);
  expect(reads(/^\/v1\/customers\/cus_/) - customers).toBe(12);
  expect(await countDeleted(ctx)).toBe(0);
  await expectWhole(source.id);
});

test('a proxy that answers 404 in its own words deletes nothing', async () => {
  account = await openAccount({ customers: 8, months: 2 });
  const { ctx, simulator } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  await liveUnheard(3);
  simulator.faults.add({ kind: 'server_error', status: 404, path: '/v1/customers/cus_' });
  await copyAgain(ctx, source.id);
  await syncAll(ctx, source.id);
  expect(await countDeleted(ctx)).toBe(0);
  simulator.faults.clear();
  await copyAgain(ctx, source.id);
  await syncAll(ctx, source.id);
  expect(await countDeleted(ctx)).toBe(3);
  await expectWhole(source.id);
});

test('half of the account vanished: stopped in the middle it goes on where it was', async () => {
  account = await openAccount({ customers: 460, months: 1 });
  const { ctx, simulator } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  await liveUnheard(230);
  await copyAgain(ctx, source.id);
  const stop = new AbortController();
  const watching = (async () => {
    while ((await countDeleted(ctx)) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
  })();
  await continueSyncs(ctx, stop.signal).catch(() => 0);
  await watching;
  expect((await getSyncProgress(ctx, source.id)).state).toBe('running');
  const before = reads(/^\/v1\/customers\/cus_/);
  expect(before).toBeGreaterThanOrEqual(200);
  await continueSyncs(ctx, signal);
  expect((await getSyncProgress(ctx, source.id)).state).toBe('complete');
  await expectWhole(source.id);
  expect(await countDeleted(ctx)).toBeGreaterThanOrEqual(230);
  // What was decided before the stop was not asked again.
  expect(reads(/^\/v1\/customers\/cus_/)).toBeLessThan(before + 230 - 200 + 20);
  expect(simulator.requests.length).toBeLessThan(2_000);
}, 120_000);

test('connected again after months, what was deleted meanwhile is gone here too', async () => {
  account = await openAccount({ customers: 10, months: 3 });
  const { ctx } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  await disconnectSource(ctx, source.id);
  await liveUnheard(3);
  const again = await connect(account);
  expect(again.id).toBe(source.id);
  await syncAll(ctx, source.id);
  await expectWhole(source.id);
  expect(await countDeleted(ctx)).toBe(3);
});
