import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findObject, recordEvents } from '../objects/index.ts';
import type { Json, Resource } from '../objects/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { applyAll, connect, openAccount, syncAll } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { ingest } from './ingest.ts';

let account: Account;
let source_id: number;
beforeAll(async () => {
  account = await openAccount();
  source_id = (await connect(account)).id;
  await syncAll(account.ctx, source_id);
});
afterAll(async () => await account.close());

const START = Date.UTC(2026, 2, 1, 12) / 1000;
let made = 0;

/** Events as they arrive: each applied before the next one comes. */
async function receive(...events: { type: string; at: number; object: Json; previous?: Json }[]) {
  for (const { type, at, object, previous } of events) {
    made += 1;
    const event = {
      id: `evt_deleted_${made}`,
      object: 'event',
      type,
      created: START + at,
      api_version: '2026-10-28.endive',
      livemode: false,
      data: { object, ...(previous ? { previous_attributes: previous } : {}) },
    };
    await recordEvents(account.ctx, { source_id, events: [event], origin: 'webhook' });
    await applyAll(account.ctx);
  }
}

/** As a page of a list that was asked for at this second shows it. */
async function list(resource: Resource, at: number, object: Json): Promise<void> {
  await inTransaction(account.ctx, async (tx) => {
    const version = { at: new Date((START + at) * 1000), kind: 'fetch' as const };
    await ingest(tx, source_id, [{ resource, objects: [object], version, origin: 'history' }]);
  });
}

const living = async (resource: Resource, id: string) =>
  await findObject(account.ctx, source_id, resource, id);

const KINDS: { resource: Resource; type: string; object: Json }[] = [
  { resource: 'customers', type: 'customer', object: { object: 'customer', email: 'x@y.example' } },
  { resource: 'products', type: 'product', object: { object: 'product', name: 'Team' } },
  { resource: 'prices', type: 'price', object: { object: 'price', unit_amount: 100 } },
  { resource: 'coupons', type: 'coupon', object: { object: 'coupon', percent_off: 10 } },
  {
    resource: 'invoices',
    type: 'invoice',
    object: { object: 'invoice', status: 'draft', lines: { data: [], has_more: false } },
  },
];

describe.each(KINDS)('$resource', ({ resource, type, object }) => {
  const seen = (id: string, more: Json = {}): Json => ({ id, created: START, ...object, ...more });

  test('an update that comes after the deletion it preceded changes nothing', async () => {
    const id = `${type}_late`;
    await receive(
      { type: `${type}.created`, at: 1, object: seen(id) },
      { type: `${type}.deleted`, at: 20, object: seen(id) },
      { type: `${type}.updated`, at: 10, object: seen(id, { metadata: { n: '1' } }) },
      { type: `${type}.created`, at: 1, object: seen(id) },
    );
    expect(await living(resource, id)).toBeNull();
  });

  test('a deletion that comes first of all is remembered', async () => {
    const id = `${type}_first`;
    await receive(
      { type: `${type}.deleted`, at: 20, object: seen(id) },
      { type: `${type}.created`, at: 1, object: seen(id) },
      { type: `${type}.updated`, at: 10, object: seen(id, { metadata: { n: '1' } }) },
    );
    expect(await living(resource, id)).toBeNull();
  });

  test('an update of the second of the deletion changes nothing, in either order', async () => {
    const [one, other] = [`${type}_same_a`, `${type}_same_b`];
    const update = (id: string) => ({
      type: `${type}.updated`,
      at: 20,
      object: seen(id, { metadata: { n: '2' } }),
    });
    const deletion = (id: string) => ({ type: `${type}.deleted`, at: 20, object: seen(id) });
    await receive(update(one), deletion(one), deletion(other), update(other));
    expect(await living(resource, one)).toBeNull();
    expect(await living(resource, other)).toBeNull();
  });

  test('a page made before the deletion, and stored after it, changes nothing', async () => {
    const id = `${type}_page`;
    await receive(
      { type: `${type}.created`, at: 1, object: seen(id) },
      { type: `${type}.deleted`, at: 20, object: seen(id) },
    );
    await list(resource, 15, seen(id));
    expect(await living(resource, id)).toBeNull();
  });
});

describe.each(KINDS.filter(({ resource }) => ['products', 'coupons'].includes(resource)))(
  '$resource, whose ids their owner chooses',
  ({ resource, type, object }) => {
    const seen = (id: string, n: number): Json => ({
      id,
      created: START,
      ...object,
      metadata: { n: String(n) },
    });

    test.each([
      ['in order', [0, 1, 2, 3]],
      ['backwards', [3, 2, 1, 0]],
      ['the deletion last', [0, 2, 3, 1]],
    ])('made again, it lives: %s', async (name, order) => {
      const id = `${type}_again_${name.replaceAll(' ', '_')}`;
      const events = [
        { type: `${type}.created`, at: 1, object: seen(id, 1) },
        { type: `${type}.deleted`, at: 20, object: seen(id, 1) },
        { type: `${type}.created`, at: 30, object: seen(id, 2) },
        { type: `${type}.updated`, at: 40, object: seen(id, 3) },
      ];
      await receive(...order.map((index) => events[index]!));
      expect(await living(resource, id)).toMatchObject({ metadata: { n: '3' } });
    });
  },
);

test('an item taken off a subscription stays off, whatever is heard later', async () => {
  const item = (id: string): Json => ({
    id,
    object: 'subscription_item',
    subscription: 'sub_items',
    price: { id: 'price_x', object: 'price' },
    quantity: 1,
  });
  const subscription = (...ids: string[]): Json => ({
    id: 'sub_items',
    object: 'subscription',
    customer: 'cus_items',
    status: 'active',
    created: START,
    items: { object: 'list', data: ids.map(item), has_more: false },
  });
  await receive(
    { type: 'customer.subscription.created', at: 1, object: subscription('si_1', 'si_2') },
    { type: 'customer.subscription.updated', at: 20, object: subscription('si_1') },
    { type: 'customer.subscription.updated', at: 10, object: subscription('si_1', 'si_2', 'si_3') },
  );
  await list('subscriptions', 15, subscription('si_1', 'si_2'));
  const { rows } = await sql<{ id: string }>`
    select id from stripe.subscription_items
     where subscription = 'sub_items' and deleted_at is null`.execute(account.ctx.db);
  expect(rows).toEqual([{ id: 'si_1' }]);
});
