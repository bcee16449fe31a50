import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { signPayload } from '../../simulator/index.ts';
import { recordEvents } from '../objects/index.ts';
import type { Json } from '../objects/index.ts';
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
  getSource,
  pauseSource,
  pollEvents,
  receiveWebhook,
  resumeSource,
} from './index.ts';
import { decidePollRest, readAllowance } from './poll-schedule.ts';
import { verifySignature } from './webhook/verify-signature.ts';

let account: Account;
let opened: Account | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});
const open = async (options?: Parameters<typeof openAccount>[0]): Promise<Account> =>
  (opened = await openAccount(options));

const { signal } = new AbortController();

async function expectEqual(source_id: number): Promise<void> {
  const kept = await listKept(account.ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(account.simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

/** Some weeks in the life of a small account: every kind of thing happens. */
async function live(days = 53): Promise<void> {
  const { world } = account.simulator;
  const product = world.createProduct({ name: 'Team' });
  const price = world.createPrice({ product: product.id, unit_amount: 2000, interval: 'month' });
  const pro = world.createPrice({ product: product.id, unit_amount: 5000, interval: 'month' });
  const people = ['ada', 'bob', 'cyd', 'dan'].map((name) =>
    world.createCustomer({ email: `${name}@example.com`, name }),
  );
  const subscriptions = people.map((person, index) =>
    world.subscribe({
      customer: person.id,
      items: [{ price: price.id, quantity: index + 1 }],
      ...(index % 2 ? { trial_days: 7 } : {}),
    }),
  );
  await move({ days: 3 });
  world.changeSubscription(subscriptions[0]!.id, {
    items: [{ price: pro.id, quantity: 1 }],
  } as never);
  world.updateCustomer(people[1]!.id, { name: 'Robert' });
  world.setPaymentOutcome(people[3]!.id, 'declines');
  await move({ days: 10 });
  world.cancel(subscriptions[2]!.id, { at_period_end: true });
  world.deleteCustomer(people[1]!.id);
  await move({ days: days - 13 });
}

async function move(by: { days: number }): Promise<void> {
  await account.simulator.advance(by);
  account.ctx.clock.advance(by.days * 86_400_000);
}

describe('webhooks', () => {
  test('whatever their order and however often they come, the end is what Stripe has', async () => {
    account = await open({
      webhook_faults: { duplicate_ratio: 0.3, shuffle_window_ms: 150 },
      webhook_concurrency: 8,
    });
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await live();
    await simulator.settled();
    expect(account.received).toContain('duplicate');
    await applyAll(ctx);
    await expectEqual(source.id);
    expect((await getSource(ctx, source.id)).webhook).toMatchObject({
      events_waiting: 0,
      events_set_aside: 0,
    });
  });

  test('applied one at a time as they trickle in, it is the same', async () => {
    account = await open({
      webhook_faults: { duplicate_ratio: 0.2, shuffle_window_ms: 40 },
      webhook_concurrency: 4,
    });
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    let ended = false;
    const applying = (async () => {
      while (!ended) await applyEvents(ctx);
    })();
    await live();
    await simulator.settled();
    ended = true;
    await applying;
    await applyAll(ctx);
    await expectEqual(source.id);
  });

  test('forged, stale, foreign and broken deliveries are told apart and nothing of them is kept', async () => {
    account = await open();
    const { ctx, simulator } = account;
    const source = await connect(account);
    const [endpoint] = [...simulator.world.state.webhookEndpoints];
    const path = source.webhook.url.split('/').at(-1)!;
    const received_at = new Date();
    const now = Math.floor(received_at.getTime() / 1000);
    const send = async (
      event: unknown,
      more: { secret?: string; at?: number; path?: string } = {},
    ) => {
      const body = typeof event === 'string' ? event : JSON.stringify(event);
      const { code } = await receiveWebhook(ctx, {
        webhook_path: more.path ?? path,
        raw_body: Buffer.from(body),
        signature: signPayload(body, more.secret ?? endpoint!.secret, more.at ?? now),
        received_at,
      });
      return code;
    };
    const event = {
      id: 'evt_x',
      object: 'event',
      type: 'x.y',
      created: now,
      livemode: false,
      data: {},
    };
    expect(await send(event, { secret: 'whsec_other' })).toBe('bad_signature');
    expect(await send(event, { at: now - 301 })).toBe('bad_signature');
    expect(await send(event, { path: 'wh_unknown' })).toBe('unknown_source');
    expect(await send({ ...event, livemode: true })).toBe('other_account');
    expect(await send({ ...event, account: 'acct_other' })).toBe('other_account');
    expect(await send('not json')).toBe('malformed');
    expect(await send({ id: 'evt_y' })).toBe('malformed');
    expect(await send({ object: 'v2.core.event', id: 'evt_thin' })).toBe('ignored');
    const { rows } = await sql<{ n: number }>`select count(*) n from stripe.events`.execute(ctx.db);
    expect(rows[0]!.n).toBe(0);
    expect(await send(event)).toBe('stored');
    expect(await send(event)).toBe('duplicate');
    expect(await applyAll(ctx)).toBe(1);
  });

  test('a burst of deliveries is kept whole, each event once', async () => {
    account = await open();
    const { ctx, simulator } = account;
    const source = await connect(account);
    const [endpoint] = [...simulator.world.state.webhookEndpoints];
    const received_at = new Date();
    const created = Math.floor(received_at.getTime() / 1000);
    const codes = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const id = `evt_${index % 200}`;
        const event = { id, object: 'event', type: 'x.y', created, livemode: false, data: {} };
        const body = JSON.stringify(event);
        const { code } = await receiveWebhook(ctx, {
          webhook_path: source.webhook.url.split('/').at(-1)!,
          raw_body: Buffer.from(body),
          signature: signPayload(body, endpoint!.secret, created),
          received_at,
        });
        return code;
      }),
    );
    expect(codes.filter((code) => code === 'stored')).toHaveLength(200);
    expect(codes.filter((code) => code === 'duplicate')).toHaveLength(100);
    expect(await applyAll(ctx)).toBe(200);
  });

  test('a poison event is set aside after five tries and stops no other', async () => {
    account = await open();
    const { ctx } = account;
    const source = await connect(account);
    const created = Math.floor(ctx.clock.now().getTime() / 1000);
    const event = (id: string, object: Json) => ({
      id,
      object: 'event',
      type: 'charge.succeeded',
      created,
      api_version: '2026-10-28.endive',
      data: { object },
    });
    await recordEvents(ctx, {
      source_id: source.id,
      origin: 'webhook',
      events: [
        event('evt_poison', { id: 'ch_bad', object: 'charge', amount: 'a lot', created }),
        event('evt_fine', { id: 'ch_good', object: 'charge', amount: 100, created }),
        event('evt_upcoming', { object: 'invoice', created }),
      ],
    });
    for (let tries = 0; tries < 6; tries += 1) await applyEvents(ctx);
    const kept = await listKept(ctx, source.id);
    expect(Object.keys(kept.charges!)).toEqual(['ch_good']);
    const { webhook } = await getSource(ctx, source.id);
    expect(webhook).toMatchObject({ events_waiting: 0, events_set_aside: 1 });
  });

  test('an event in the shape of another version is a pointer: the object is fetched', async () => {
    account = await open({ customers: 3, months: 2 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    const [customer] = Object.values((await listAccount(simulator)).customers!);
    await recordEvents(ctx, {
      source_id: source.id,
      origin: 'poll',
      events: [
        {
          id: 'evt_old_shape',
          object: 'event',
          type: 'customer.updated',
          created: Math.floor(ctx.clock.now().getTime() / 1000) + 5,
          api_version: '2023-10-16',
          data: { object: { id: customer!.id, object: 'customer', name: 'old shape' } },
        },
      ],
    });
    await applyAll(ctx);
    await expectEqual(source.id);
  });
});

describe('polling', () => {
  test('finds what the webhook missed, says that it is silent, and believes it again when it speaks', async () => {
    account = await open();
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await pollEvents(ctx, signal);
    simulator.webhook_faults.drop_ratio = 1;
    await live(20);
    expect(await pollEvents(ctx, signal)).toBeGreaterThan(50);
    // That poll came weeks late: it was we who were away, which says nothing about the webhook.
    expect((await getSource(ctx, source.id)).state).toBe('live');
    simulator.world.createCustomer({ email: 'missed@example.com' });
    await simulator.advance({ minutes: 10 });
    ctx.clock.advance(600_000);
    expect(await pollEvents(ctx, signal)).toBe(1);
    const silent = await getSource(ctx, source.id);
    expect(silent).toMatchObject({
      state: 'degraded',
      state_detail: { webhook: { status: 'silent' } },
    });
    await applyAll(ctx);
    await expectEqual(source.id);
    simulator.webhook_faults.drop_ratio = 0;
    simulator.world.createCustomer({ email: 'speaks@example.com' });
    await simulator.settled();
    await applyAll(ctx);
    expect((await getSource(ctx, source.id)).state).toBe('live');
  });

  test('an endpoint that somebody deleted is noticed', async () => {
    account = await open();
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await pollEvents(ctx, signal);
    simulator.world.state.webhookEndpoints.remove(source.webhook_endpoint_id!);
    simulator.world.createCustomer({ email: 'missed@example.com' });
    await simulator.advance({ minutes: 10 });
    ctx.clock.advance(600_000);
    await pollEvents(ctx, signal);
    expect((await getSource(ctx, source.id)).sentence).toContain('was removed in Stripe');
  });

  test('a pause is filled when it ends', async () => {
    account = await open();
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await pauseSource(ctx, source.id);
    simulator.webhook_faults.drop_ratio = 0.5;
    await live(20);
    await simulator.settled();
    expect(await applyEvents(ctx)).toBe(0);
    expect(await pollEvents(ctx, signal)).toBe(0);
    expect((await resumeSource(ctx, source.id)).state).toBe('live');
    expect(await pollEvents(ctx, signal)).toBeGreaterThan(0);
    await applyAll(ctx);
    await expectEqual(source.id);
  });

  test('a gap longer than Stripe remembers is closed by copying all lists again', async () => {
    account = await open({ customers: 4, months: 3 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await pollEvents(ctx, signal);
    simulator.webhook_faults.drop_ratio = 1;
    await live();
    await pollEvents(ctx, signal);
    expect((await getSource(ctx, source.id)).state).toBe('syncing');
    await syncAll(ctx, source.id);
    await applyAll(ctx);
    const kept = await listKept(ctx, source.id);
    const there = await listAccount(simulator);
    for (const resource of ['subscriptions', 'invoices', 'charges', 'invoice_line_items']) {
      expect({ [resource]: kept[resource] }).toEqual({ [resource]: there[resource] });
    }
  });

  test('it is quick at first, slower the longer nothing happens, and keeps to the allowance', () => {
    const rest = (idle_polls: number, reads = 0, following: 'webhook' | 'polling' = 'polling') =>
      decidePollRest({ following, idle_polls, reads, allowance: readAllowance(0) }) / 1000;
    expect([0, 19, 20, 44, 84, 500].map((idle) => rest(idle))).toEqual([3, 3, 10, 30, 60, 300]);
    expect(rest(0, 5_001)).toBe(600);
    expect(rest(0, 0, 'webhook')).toBe(600);
    expect(readAllowance(100)).toBe(50_000);
    // A month of looking after a healthy webhook stays under half of the smallest allowance.
    expect((30 * 86_400) / rest(0, 0, 'webhook')).toBeLessThan(5_000);
  });
});

describe('signatures', () => {
  const body = Buffer.from('{"id":"evt_1"}');
  const at = new Date('2026-03-01T12:00:00Z');
  const t = at.getTime() / 1000;
  const mac = (secret: string, time = t) =>
    createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');

  test.each([
    [`t=${t},v1=${mac('s')}`, 'valid'],
    [`t=${t},v0=zz,v1=${'0'.repeat(64)},v1=${mac('s')}`, 'valid'],
    [`t=${t},v1=${mac('other')}`, 'wrong'],
    [`t=${t + 1},v1=${mac('s')}`, 'wrong'],
    [`t=${t - 301},v1=${mac('s', t - 301)}`, 'too_old'],
    [`t=${t - 299},v1=${mac('s', t - 299)}`, 'valid'],
    [`t=${t},v0=${mac('s')}`, 'malformed'],
    [`v1=${mac('s')}`, 'malformed'],
    [`t=,v1=${mac('s')}`, 'malformed'],
    [`t=${t},v1=`, 'wrong'],
    ['', 'malformed'],
    [undefined, 'malformed'],
  ])('%s is %s', (header, outcome) => {
    expect(verifySignature(body, header, 's', at)).toBe(outcome);
  });
});
