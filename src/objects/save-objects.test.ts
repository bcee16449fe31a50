import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { inTransaction, sql } from '../platform/index.ts';
import {
  claimEvents,
  countObjects,
  deleteObjects,
  failEvent,
  findObject,
  findObjects,
  finishEvents,
  listCustomerObjects,
  listObjects,
  recordEvents,
  saveObjects,
} from './index.ts';
import type { Json, Resource, Saved, Sighting } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => await ctx.close());

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1) + second * 1000);

async function save(
  resource: Resource,
  second: number,
  objects: (Json | Sighting)[],
  kind: 'fetch' | 'event' = 'event',
): Promise<Saved> {
  return await inTransaction(
    ctx,
    async (tx) =>
      await saveObjects(tx, { source_id: 1, resource, objects, version: { at: at(second), kind } }),
  );
}

const customer = (id: string, more: Json = {}): Json => ({
  id,
  object: 'customer',
  created: 1_700_000_000,
  email: `${id}@example.com`,
  ...more,
});

const line = (id: string, invoice: string): Json => ({
  id,
  object: 'line_item',
  invoice,
  amount: 100,
  currency: 'eur',
  period: { start: 1_700_000_000, end: 1_700_000_100 },
});

const invoice = (id: string, lines: Json[], more: Json = {}): Json => ({
  id,
  object: 'invoice',
  customer: 'cus_lines',
  created: 1_700_000_000,
  status: 'open',
  lines: { object: 'list', data: lines, has_more: false },
  ...more,
});

describe('saving objects', () => {
  test('inserts, replaces and reports what was there before', async () => {
    const first = await save('customers', 10, [customer('cus_a'), customer('cus_b')]);
    expect(first.changes.map((change) => [change.id, change.before, change.origin])).toEqual([
      ['cus_a', null, 'live'],
      ['cus_b', null, 'live'],
    ]);
    const second = await save('customers', 11, [
      customer('cus_a', { name: 'Ada' }),
      customer('cus_b'),
    ]);
    expect(second.changes).toHaveLength(1);
    expect(second.changes[0]).toMatchObject({
      id: 'cus_a',
      before: { id: 'cus_a' },
      after: { name: 'Ada' },
      at: at(11),
    });
    expect(await findObject(ctx, 1, 'customers', 'cus_a')).toMatchObject({ name: 'Ada' });
  });

  test('an unchanged newer sighting still keeps older ones out', async () => {
    await save('customers', 10, [customer('cus_touch')]);
    expect((await save('customers', 30, [customer('cus_touch')])).changes).toEqual([]);
    await save('customers', 20, [customer('cus_touch', { name: 'stale' })]);
    expect(await findObject(ctx, 1, 'customers', 'cus_touch')).not.toHaveProperty('name');
  });

  test('a tie stores nothing of the object, and a settled fetch ends it', async () => {
    await save('invoices', 10, [invoice('in_tie', [])]);
    const paid = invoice('in_tie', [], { status: 'paid' });
    const tied = await save('invoices', 10, [paid]);
    expect(tied).toEqual({ changes: [], ties: [{ id: 'in_tie', at: at(10) }] });
    expect(await findObject(ctx, 1, 'invoices', 'in_tie')).toMatchObject({ status: 'open' });
    const settled = await save('invoices', 10, [
      { object: paid, version_at: at(10), kind: 'fetch', settles: true },
    ]);
    expect(settled.changes).toHaveLength(1);
    expect(await findObject(ctx, 1, 'invoices', 'in_tie')).toMatchObject({ status: 'paid' });
  });

  test('several sightings in one batch each give their change, in order', async () => {
    const { changes } = await save('customers', 0, [
      { object: customer('cus_chain', { name: 'c' }), version_at: at(12) },
      { object: customer('cus_chain', { name: 'a' }), version_at: at(10) },
      { object: customer('cus_chain', { name: 'b' }), version_at: at(11) },
    ]);
    expect(changes.map((change) => [change.before?.name ?? null, change.after?.name])).toEqual([
      [null, 'a'],
      ['a', 'b'],
      ['b', 'c'],
    ]);
  });

  test('deleted stays deleted against a late older update, and a missed deletion leaves a tombstone', async () => {
    await save('products', 10, [{ id: 'prod_x', object: 'product', created: 1 }]);
    const gone = await inTransaction(ctx, async (tx) =>
      deleteObjects(tx, {
        source_id: 1,
        resource: 'products',
        objects: [{ id: 'prod_x' }, { id: 'prod_unknown' }],
        version: { at: at(20), kind: 'event' },
      }),
    );
    expect(gone.changes.map((change) => [change.id, change.after])).toEqual([['prod_x', null]]);
    await save('products', 15, [{ id: 'prod_x', object: 'product', name: 'back?' }]);
    await save('products', 15, [{ id: 'prod_unknown', object: 'product' }]);
    expect(await findObjects(ctx, 1, 'products', ['prod_x', 'prod_unknown'])).toEqual([]);
  });

  test('lines follow their invoice; those that vanished are marked deleted', async () => {
    const lines = ['il_1', 'il_2'].map((id) => line(id, 'in_lines'));
    await save('invoices', 10, [invoice('in_lines', lines)]);
    const stored = await sql<{ id: string; customer: string; created_at: Date }>`
      select id, customer, created_at from stripe.invoice_line_items where invoice = 'in_lines' order by id
    `.execute(ctx.db);
    expect(stored.rows).toEqual(
      ['il_1', 'il_2'].map((id) => ({
        id,
        customer: 'cus_lines',
        created_at: new Date(1_700_000_000_000),
      })),
    );
    await save('invoices', 11, [invoice('in_lines', lines.slice(1))]);
    expect(await livingLines('in_lines')).toEqual(['il_2']);
    const partial = invoice('in_lines', [line('il_3', 'in_lines')]);
    (partial.lines as Json).has_more = true;
    await save('invoices', 12, [partial]);
    expect(await livingLines('in_lines')).toEqual(['il_2', 'il_3']);
    const nested = Array.from({ length: 25 }, (_, index) => line(`il_full${index}`, 'in_lines'));
    await save('invoices', 13, [{ object: partial, version_at: at(13), nested }]);
    expect(await livingLines('in_lines')).toHaveLength(25);
    await save('invoices', 12, [invoice('in_lines', [])]);
    expect(await livingLines('in_lines')).toHaveLength(25);
  });

  test('two transactions that insert the same object agree', async () => {
    const racers = Array.from({ length: 8 }, (_, index) =>
      save('customers', 100 + index, [customer('cus_race', { name: `n${index}` })]),
    );
    const changes = (await Promise.all(racers)).flatMap((saved) => saved.changes);
    expect(changes.filter((change) => change.before === null)).toHaveLength(1);
    expect(await findObject(ctx, 1, 'customers', 'cus_race')).toMatchObject({ name: 'n7' });
  });
});

async function livingLines(id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from stripe.invoice_line_items where invoice = ${id} and deleted_at is null order by id
  `.execute(ctx.db);
  return rows.map((row) => row.id);
}

test('lists page through everything once, and by customer', async () => {
  const charges = Array.from({ length: 7 }, (_, index) => ({
    id: `ch_${index}`,
    object: 'charge',
    customer: index % 2 ? 'cus_odd' : 'cus_even',
    created: 1_700_000_000 + Math.floor(index / 3),
  }));
  await save('charges', 10, charges);
  const seen: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page = await listObjects(ctx, { source_id: 1, resource: 'charges', limit: 2, cursor });
    seen.push(...page.rows.map((row) => row.id));
    cursor = page.next_cursor;
  } while (cursor);
  expect(seen).toEqual(['ch_6', 'ch_5', 'ch_4', 'ch_3', 'ch_2', 'ch_1', 'ch_0']);
  const odd = await listCustomerObjects(ctx, 'charges', [{ source_id: 1, customer: 'cus_odd' }]);
  expect(odd.map((row) => row.id)).toEqual(['ch_1', 'ch_3', 'ch_5']);
  expect((await countObjects(ctx, 1)).charges).toBe(7);
});

describe('the event log', () => {
  const event = (id: string, created: number): Json => ({
    id,
    type: 'customer.updated',
    created,
    data: { object: { id: 'cus_a' } },
  });

  test('records once, claims oldest first, and keeps what was processed', async () => {
    const record = async (events: Json[]) =>
      await recordEvents(ctx, { source_id: 1, events, origin: 'webhook' });
    expect(await record([event('evt_2', 20), event('evt_1', 10)])).toEqual(['evt_1', 'evt_2']);
    expect(await record([event('evt_2', 20)])).toEqual([]);
    const claimed = await inTransaction(ctx, async (tx) => {
      const first = await claimEvents(tx, { source_id: 1, limit: 10 });
      // Another process meanwhile finds nothing.
      expect(await claimEvents(ctx, { source_id: 1, limit: 10 })).toEqual([]);
      await finishEvents(tx, 1, ['evt_1']);
      return first;
    });
    expect(claimed.map((row) => row.id)).toEqual(['evt_1', 'evt_2']);
    expect((await claimEvents(ctx, { source_id: 1, limit: 10 })).map((row) => row.id)).toEqual([
      'evt_2',
    ]);
  });

  test('an event that fails again and again is set aside', async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const open = await claimEvents(ctx, { source_id: 1, limit: 1, only: ['evt_2'] });
      expect(open).toHaveLength(1);
      await failEvent(ctx, 1, 'evt_2', 'cannot be read');
    }
    expect(await claimEvents(ctx, { source_id: 1, limit: 1, only: ['evt_2'] })).toEqual([]);
  });
});
