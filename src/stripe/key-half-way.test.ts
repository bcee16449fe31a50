import { afterEach, beforeEach, expect, test } from 'vitest';
import { READ_ONLY_GRANTS } from '../../simulator/index.ts';
import { sql } from '../platform/index.ts';
import {
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import {
  applyEvents,
  continueSyncs,
  getSource,
  getSyncProgress,
  pollEvents,
  replaceKey,
} from './index.ts';

let account: Account;
let key: string;
let source_id: number;
beforeEach(async () => {
  account = await openAccount({
    bulk: { customers: 300, invoices: 900 },
    months: 12,
  });
  key = account.simulator.keys.create({ grants: READ_ONLY_GRANTS });
  source_id = (await connect(account, key)).id;
});
afterEach(async () => await account.close());

const { signal } = new AbortController();
const asked = (path: string): number =>
  account.simulator.requests.filter((one) => one.path === path).length;

async function expectWhole(): Promise<void> {
  const kept = await listKept(account.ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(account.simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

/** Works on the sync while something happens to the key after the first two pages of a list. */
async function syncUntil(path: string, happen: () => void): Promise<void> {
  const { faults } = account.simulator;
  const before = asked(path);
  faults.add({ kind: 'hold', path, after: 2 });
  const working = continueSyncs(account.ctx, signal);
  while (asked(path) - before < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  happen();
  faults.clear();
  await working;
}

test('revoked in the middle of a list: the state says so, what is there stays, another key goes on from there', async () => {
  const { ctx, simulator } = account;
  await syncUntil('/v1/invoices', () => simulator.keys.revoke(key));
  const revoked = await getSource(ctx, source_id);
  expect(revoked.state).toBe('key_revoked');
  expect(revoked.sentence).toContain('Invalid API Key');
  expect(revoked.next_step).toContain('new restricted key');
  const progress = await getSyncProgress(ctx, source_id);
  expect(progress.state).toBe('waiting');
  const done = progress.resources.find(({ resource }) => resource === 'invoices')!.done;
  expect(done).toBeGreaterThan(0);
  // It is tried again by itself, and stays as it is as long as Stripe says no.
  ctx.clock.advance(61_000);
  await continueSyncs(ctx, signal);
  expect((await getSource(ctx, source_id)).state).toBe('key_revoked');
  expect((await replaceKey(ctx, source_id, simulator.keys.create())).state).toBe('syncing');
  await syncAll(ctx, source_id);
  await expectWhole();
  expect((await getSource(ctx, source_id)).state).toBe('live');
});

test('narrowed in the middle of a list: the permission is named, and once granted it goes on by itself', async () => {
  const { ctx, simulator } = account;
  await syncUntil('/v1/charges', () => simulator.keys.withdraw(key, 'rak_charge_read'));
  const narrowed = await getSource(ctx, source_id);
  expect(narrowed.state).toBe('permission_missing');
  expect(narrowed.sentence).toContain('Charges → Read');
  const pages = async () =>
    (
      await sql<{ n: number }>`
        select sum(pages)::int n from sync_ranges where resource = 'charges'`.execute(ctx.db)
    ).rows[0]!.n;
  expect(await pages()).toBeGreaterThan(0);
  simulator.keys.grant(key, 'rak_charge_read');
  await continueSyncs(ctx, signal);
  // Not yet: a key in trouble is asked for once a minute.
  expect((await getSource(ctx, source_id)).state).toBe('permission_missing');
  ctx.clock.advance(61_000);
  await syncAll(ctx, source_id);
  await expectWhole();
  expect((await getSource(ctx, source_id)).state).toBe('live');
});

test('revoked while events are followed: what can be applied is, the rest waits for a key that works', async () => {
  const { ctx, simulator } = account;
  await syncAll(ctx, source_id);
  await applyAll(ctx);
  simulator.keys.revoke(key);
  const { world } = simulator;
  const [customer] = [...world.state.customers].filter((one) => !one.deleted);
  await simulator.advance({ minutes: 1 });
  world.updateCustomer(customer!.id, { name: 'Heard Of' });
  // The order of these can only be told by asking.
  await simulator.advance({ minutes: 1 });
  const other = world.createCustomer({ email: 'tied@example.com' });
  for (const name of ['A', 'B', 'A', 'C']) world.updateCustomer(other.id, { name });
  await simulator.settled();
  await applyEvents(ctx);
  await applyEvents(ctx);
  ctx.clock.advance(3_600_000);
  await pollEvents(ctx, signal);
  const revoked = await getSource(ctx, source_id);
  expect(revoked.state).toBe('key_revoked');
  expect(revoked.webhook.events_set_aside).toBe(0);
  const heard = async (id: string) =>
    (
      await sql<{ name: string }>`
        select raw ->> 'name' as name from stripe.customers where id = ${id}`.execute(ctx.db)
    ).rows[0]?.name;
  expect(await heard(customer!.id)).toBe('Heard Of');

  const found = await replaceKey(ctx, source_id, simulator.keys.create());
  expect(found.state).toBe('live');
  await pollEvents(ctx, signal);
  await applyAll(ctx);
  await expectWhole();
});
