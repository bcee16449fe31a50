import { afterEach, describe, expect, test } from 'vitest';
import { READ_ONLY_GRANTS } from '../../simulator/index.ts';
import { recordEvents } from '../objects/index.ts';
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
import { describeState } from './describe-state.ts';
import { SOURCE_STATES } from './definition.ts';
import {
  applyEvents,
  connectSource,
  continueSyncs,
  disconnectSource,
  editSource,
  getSource,
  getSyncProgress,
  listSourceEvents,
  pauseSource,
  pollEvents,
  replaceKey,
  resumeSource,
  retrySource,
} from './index.ts';

let account: Account;
let open = false;
afterEach(async () => {
  if (open) await account.close();
  open = false;
});

const { signal } = new AbortController();
const DAY_MS = 86_400_000;

async function openSynced(options: Parameters<typeof openAccount>[0] = {}) {
  account = await openAccount({ customers: 8, months: 2, ...options });
  open = true;
  const key = account.simulator.keys.create();
  const source = await connect(account, key);
  await syncAll(account.ctx, source.id);
  await pollEvents(account.ctx, signal);
  return { ...source, key };
}

/** Things happen of which no delivery arrives. */
async function liveUnheard(days: number): Promise<void> {
  const { ctx, simulator } = account;
  simulator.webhook_faults.drop_ratio = 1;
  const [first, second] = [...simulator.world.state.customers].filter(({ deleted }) => !deleted);
  simulator.world.deleteCustomer(first!.id);
  simulator.world.updateCustomer(second!.id, { name: 'Changed Unheard' });
  simulator.world.createCustomer({ email: 'new@example.com' });
  await simulator.advance({ days });
  ctx.clock.advance(days * DAY_MS);
  simulator.webhook_faults.drop_ratio = 0;
}

async function catchUp(source_id: number): Promise<void> {
  await pollEvents(account.ctx, signal);
  for (let round = 0; round < 5; round += 1) await continueSyncs(account.ctx, signal);
  await applyAll(account.ctx);
  const kept = await listKept(account.ctx, source_id);
  const there = await listAccount(account.simulator);
  for (const resource of ['customers', 'subscriptions', 'invoices', 'charges'] as const) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: there[resource] });
  }
}

describe('a gap is filled', () => {
  test.each([10, 45])('after a pause of %i days', async (days) => {
    const { id } = await openSynced();
    await pauseSource(account.ctx, id);
    await liveUnheard(days);
    await resumeSource(account.ctx, id);
    await catchUp(id);
    expect((await getSource(account.ctx, id)).state).toBe('live');
  });

  test('after a pause of 45 days in the middle of the first sync', async () => {
    account = await openAccount({ customers: 8, months: 2 });
    open = true;
    const { ctx } = account;
    const { id } = await connect(account);
    const stop = new AbortController();
    const syncing = continueSyncs(ctx, stop.signal).catch(() => 0);
    while (
      (await getSyncProgress(ctx, id)).resources.find((row) => row.resource === 'products')
        ?.state !== 'done'
    )
      await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await syncing;
    await pauseSource(ctx, id);
    await liveUnheard(45);
    await resumeSource(ctx, id);
    await catchUp(id);
    expect((await getSource(ctx, id)).state).toBe('live');
  });

  test.each([10, 45])('after %i days disconnected', async (days) => {
    const { id } = await openSynced();
    await disconnectSource(account.ctx, id);
    await liveUnheard(days);
    const again = await connectSource(account.ctx, { key: account.simulator.keys.create() });
    expect(again).toMatchObject({ ok: true, source: { id } });
    await catchUp(id);
    const { rows } = await sql<{ n: number }>`
      select count(*) n from sync_runs where lane = 'main'`.execute(account.ctx.db);
    // Connecting again reads all lists once, not once more for the gap.
    expect(rows[0]!.n).toBe(2);
  });

  test('after the key was revoked and another one was given, and after it was narrowed', async () => {
    const { id, key } = await openSynced();
    const { ctx, simulator } = account;
    simulator.keys.revoke(key);
    await liveUnheard(5);
    await pollEvents(ctx, signal);
    expect((await getSource(ctx, id)).state).toBe('key_revoked');
    const next = simulator.keys.create();
    expect((await replaceKey(ctx, id, next)).state).toBe('live');
    await catchUp(id);
    simulator.keys.withdraw(next, 'rak_event_read');
    await liveUnheard(5);
    await pollEvents(ctx, signal);
    const narrowed = await getSource(ctx, id);
    expect(narrowed.state).toBe('permission_missing');
    expect(narrowed.sentence).toContain('Events → Read');
    const weak = simulator.keys.create({
      grants: READ_ONLY_GRANTS.filter((grant) => grant !== 'rak_charge_read'),
    });
    await expect(replaceKey(ctx, id, weak)).rejects.toMatchObject({ code: 'permission_missing' });
    simulator.keys.grant(next, 'rak_event_read');
    expect((await resumeSource(ctx, id)).state).toBe('live');
    await catchUp(id);
  });
});

test('retrying lets what failed and what was given up be applied at once', async () => {
  const { id } = await openSynced();
  const { ctx } = account;
  const created = Math.floor(ctx.clock.now().getTime() / 1000);
  const event = (name: string, amount: unknown) => ({
    id: `evt_${name}`,
    object: 'event',
    type: 'charge.succeeded',
    created,
    api_version: '2026-10-28.endive',
    data: { object: { id: `ch_${name}`, object: 'charge', amount, created } },
  });
  const events = [event('bad', 'a lot'), event('worse', 'too much')];
  await recordEvents(ctx, { source_id: id, origin: 'webhook', events });
  await applyEvents(ctx);
  const failing = await listSourceEvents(ctx, { source_id: id, state: 'failing' });
  expect(failing.rows.map((row) => [row.id, row.state])).toEqual([
    ['evt_worse', 'failing'],
    ['evt_bad', 'failing'],
  ]);
  for (let tries = 0; tries < 6; tries += 1) await applyEvents(ctx);
  const given = await listSourceEvents(ctx, { source_id: id, state: 'set_aside' });
  expect(given.rows).toHaveLength(2);
  expect(given.rows[0]).toMatchObject({ object_id: 'ch_worse', attempts: 5 });
  expect(given.rows[0]!.error).toContain('too much');
  // What was wrong is put right, and it is asked to try again.
  await sql`update stripe.events set raw = jsonb_set(raw, '{data,object,amount}', '100')
             where error is not null`.execute(ctx.db);
  await retrySource(ctx, id);
  await applyAll(ctx);
  expect((await getSource(ctx, id)).webhook).toMatchObject({
    events_waiting: 0,
    events_set_aside: 0,
  });
  expect(Object.keys((await listKept(ctx, id)).charges!)).toEqual(
    expect.arrayContaining(['ch_bad', 'ch_worse']),
  );
});

test('what its owner may choose is kept, and nonsense is refused with a sentence', async () => {
  const { id } = await openSynced({ customers: 1 });
  const { ctx } = account;
  const edited = await editSource(ctx, id, {
    name: ' Shop ',
    time_zone: 'Asia/Tokyo',
    rate_share: 0.5,
  });
  expect(edited).toMatchObject({
    name: 'Shop',
    time_zone: 'Asia/Tokyo',
    settings: { rate_share: 0.5, include_test_clocks: false },
  });
  await expect(editSource(ctx, id, { time_zone: 'Mars/Base' })).rejects.toMatchObject({
    code: 'bad_time_zone',
  });
  await expect(editSource(ctx, id, { name: ' ' })).rejects.toMatchObject({ code: 'bad_name' });
  expect((await editSource(ctx, id, { include_test_clocks: true })).state).toBe('syncing');
});

test('with a key that is dead, disconnecting says that our endpoint stays in Stripe', async () => {
  const { id, key } = await openSynced({ customers: 1 });
  account.simulator.keys.revoke(key);
  const gone = await disconnectSource(account.ctx, id);
  expect(gone.state).toBe('disconnected');
  expect(gone.sentence).toContain('could not be removed from Stripe');
  expect(gone.next_step).toContain('Developers → Webhooks');
});

test('every state has its sentence', () => {
  for (const state of SOURCE_STATES) {
    const { sentence, next_step } = describeState({ state, detail: {}, mode: 'live' });
    expect(sentence).toMatch(/\.$/);
    expect(next_step === null || next_step.endsWith('.')).toBe(true);
    expect(`${sentence} ${next_step ?? ''}`).not.toContain('undefined');
  }
});
