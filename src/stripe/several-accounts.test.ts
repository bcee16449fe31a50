import { afterEach, expect, test } from 'vitest';
import { recordEvents } from '../objects/index.ts';
import type { Json } from '../objects/index.ts';
import { sql } from '../platform/index.ts';
import { applyAll, connect, listAccount, listKept, syncAll } from './fixtures/account.ts';
import { deliverAs } from './fixtures/deliver.ts';
import { openTwoAccounts } from './fixtures/two-accounts.ts';
import type { TwoAccounts } from './fixtures/two-accounts.ts';
import { clientOf } from './client/source-client.ts';
import { applyEvents, connectSource, listSources, pauseSource, pollEvents } from './index.ts';
import { readSource } from './queries/sources.ts';

let accounts: TwoAccounts;
afterEach(async () => await accounts.close());
const { signal } = new AbortController();

async function expectWhole(
  source_id: number,
  simulator: Parameters<typeof listAccount>[0],
): Promise<void> {
  const kept = await listKept(accounts.ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

test('both modes of one account stand side by side, each with its own limit, state and data', async () => {
  accounts = await openTwoAccounts(
    { customers: 12, months: 2 },
    { customers: 9, months: 2, seed: 7, mode: 'live' },
  );
  const { ctx, simulator, other, otherKey } = accounts;
  const test = await connect(accounts);
  const live = await connect(accounts, otherKey);
  expect([test.mode, live.mode, live.id === test.id]).toEqual(['test', 'live', false]);
  expect(live.account_id).toBe(test.account_id);
  // Connected is connected: the same account and mode a second time is refused, in both.
  for (const key of [simulator.keys.create(), otherKey]) {
    expect(await connectSource(ctx, { key })).toMatchObject({ code: 'already_connected' });
  }
  await syncAll(ctx, test.id);
  await syncAll(ctx, live.id);
  await expectWhole(test.id, simulator);
  await expectWhole(live.id, other);
  const limits = await Promise.all(
    [test.id, live.id].map(async (id) => clientOf(ctx, await readSource(ctx, id)).limiter),
  );
  expect(limits.map(({ limits: { global_per_s } }) => global_per_s)).toEqual([25, 100]);
  await pauseSource(ctx, test.id);
  expect((await listSources(ctx)).map(({ state }) => state)).toEqual(['paused', 'degraded']);
  other.world.createCustomer({ email: 'live@example.com' });
  simulator.world.createCustomer({ email: 'test@example.com' });
  await simulator.settled();
  await pollEvents(ctx, signal);
  await applyAll(ctx);
  await expectWhole(live.id, other);
  const { rows } = await sql<{ n: number }>`
    select count(*) n from stripe.customers
     where source_id = ${test.id} and email = 'test@example.com'`.execute(ctx.db);
  expect(rows[0]!.n).toBe(0);
});

test('an event of one account is not taken at the address of another', async () => {
  accounts = await openTwoAccounts(
    { customers: 1, months: 1 },
    { customers: 1, months: 1, seed: 7, account: { id: 'acct_other', name: 'Southwind' } },
  );
  const { simulator, other, otherKey } = accounts;
  const first = await connect(accounts);
  const second = await connect(accounts, otherKey);
  expect(second).toMatchObject({ name: 'Southwind', account_id: 'acct_other' });
  const [mine] = [...simulator.world.state.webhookEndpoints];
  const [theirs] = [...other.world.state.webhookEndpoints];
  expect(await deliverAs(accounts, first.id, mine!.secret)).toBe('stored');
  expect(await deliverAs(accounts, second.id, theirs!.secret)).toBe('stored');
  expect(await deliverAs(accounts, second.id, mine!.secret)).toBe('bad_signature');
  expect(await deliverAs(accounts, first.id, theirs!.secret)).toBe('bad_signature');
});

test('an account for which Stripe does not answer holds up no other', async () => {
  accounts = await openTwoAccounts(
    { customers: 2, months: 1 },
    { customers: 2, months: 1, seed: 7, account: { id: 'acct_other', name: 'Southwind' } },
  );
  const { ctx, simulator, other, otherKey } = accounts;
  const first = await connect(accounts);
  const second = await connect(accounts, otherKey);
  await syncAll(ctx, first.id);
  await syncAll(ctx, second.id);
  const [customer] = await findCustomers(first.id);
  // In a shape nobody knows, so the object has to be fetched, which fails.
  const event = {
    id: 'evt_unknown_shape',
    object: 'event',
    type: 'customer.updated',
    api_version: '2031-01-01.unknown',
    created: Math.floor(ctx.clock.now().getTime() / 1000) + 60,
    livemode: false,
    data: { object: { ...customer, name: 'Changed' } },
  };
  await recordEvents(ctx, { source_id: first.id, events: [event], origin: 'webhook' });
  simulator.faults.add({ kind: 'server_error', path: '/v1/customers/' });
  other.world.createCustomer({ email: 'beside@example.com' });
  await other.settled();
  await expect(applyEvents(ctx)).rejects.toThrow('unknown error');
  expect((await findCustomers(second.id)).map(({ email }) => email)).toContain(
    'beside@example.com',
  );
});

async function findCustomers(source_id: number): Promise<Json[]> {
  const { rows } = await sql<{ raw: Json }>`
    select raw from stripe.customers where source_id = ${source_id} order by id`.execute(
    accounts.ctx.db,
  );
  return rows.map((row) => row.raw);
}
