import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { saveObjects } from './index.ts';
import type { Json, Saved } from './index.ts';

let ctx: TestContext;
beforeEach(async () => {
  ctx = await createTestContext();
});
afterEach(async () => await ctx.close());

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const invoice = (
  id: string,
  more: Json = {},
  lines: Json[] = [{ id: `il_${id}`, amount: 5 }],
): Json => ({
  id,
  object: 'invoice',
  created: 1_767_225_600,
  customer: 'cus_1',
  status: 'open',
  lines: { object: 'list', data: lines, has_more: false },
  ...more,
});

/** Saves a page as the backfill does: its objects, and the bytes they came in. */
async function savePage(objects: Json[], second: number, json?: Buffer): Promise<Saved> {
  const bytes = json ?? Buffer.from(JSON.stringify({ object: 'list', data: objects }));
  return await inTransaction(
    ctx,
    async (tx) =>
      await saveObjects(tx, {
        source_id: 1,
        resource: 'invoices',
        objects: objects.map((object) => ({ object, version_at: at(second), kind: 'fetch' })),
        version: { at: at(second), kind: 'fetch' },
        origin: 'history',
        pages: [{ json: bytes, at: at(second) }],
      }),
  );
}

async function listRows(table: string) {
  const { rows } = await sql<{ id: string; raw: Json; version_at: Date; customer: string }>`
    select id, raw, version_at, customer from ${sql.table(`stripe.${table}`)} order by id`.execute(
    ctx.db,
  );
  return rows;
}

test('new objects are written as they came, with their lines, each as a change from nothing', async () => {
  const objects = [invoice('in_2', { note: 'ä 漢 😀' }), invoice('in_1')];
  const { changes, ties } = await savePage(objects, 5);
  expect(ties).toEqual([]);
  expect(changes.map(({ id, before, after }) => [id, before, after])).toEqual(
    expect.arrayContaining([
      ['in_1', null, objects[1]],
      ['in_2', null, objects[0]],
    ]),
  );
  const rows = await listRows('invoices');
  expect(rows.map((row) => [row.raw, row.version_at])).toEqual([
    [objects[1], at(5)],
    [objects[0], at(5)],
  ]);
  const lines = await listRows('invoice_line_items');
  expect(lines.map((row) => [row.id, row.customer])).toEqual([
    ['il_in_1', 'cus_1'],
    ['il_in_2', 'cus_1'],
  ]);
});

test('what is known already goes through the version guard', async () => {
  await savePage([invoice('in_1', { status: 'paid' }), invoice('in_2')], 9);
  const { changes } = await savePage(
    [invoice('in_1'), invoice('in_2', { status: 'void' }), invoice('in_3')],
    5,
  );
  expect(changes.map(({ id }) => id)).toEqual(['in_3']);
  expect((await listRows('invoices')).map((row) => row.raw.status)).toEqual([
    'paid',
    'open',
    'open',
  ]);
  const later = await savePage([invoice('in_1', { status: 'void' }), invoice('in_4')], 20);
  expect(
    later.changes
      .map(({ id, before }) => `${id} was ${before ? JSON.stringify(before.status) : 'unknown'}`)
      .toSorted(),
  ).toEqual(['in_1 was "paid"', 'in_4 was unknown']);
  expect((await listRows('invoices')).map((row) => row.raw.status)).toEqual([
    'void',
    'open',
    'open',
    'open',
  ]);
});

test('a line that was known before its invoice is brought up to what the invoice says', async () => {
  await savePage([invoice('in_1', {}, [{ id: 'il_shared', amount: 1 }])], 1);
  await savePage(
    [
      invoice('in_2', {}, [
        { id: 'il_shared', amount: 2 },
        { id: 'il_own', amount: 3 },
      ]),
    ],
    2,
  );
  expect((await listRows('invoice_line_items')).map((row) => [row.id, row.raw.amount])).toEqual([
    ['il_own', 3],
    ['il_shared', 2],
  ]);
});

test('an object twice on a page, and text that Postgres refuses, are stored all the same', async () => {
  await savePage([invoice('in_1'), invoice('in_1')], 1);
  await savePage([invoice('in_2', { note: 'a\u0000b\uD800c' }), invoice('in_3')], 2);
  const cut = Buffer.from(JSON.stringify({ data: [invoice('in_4', { note: 'é' })] }), 'latin1');
  await savePage([invoice('in_4', { note: '\uFFFD' })], 3, cut);
  const rows = await listRows('invoices');
  expect(rows.map((row) => [row.id, row.raw.note])).toEqual([
    ['in_1', undefined],
    ['in_2', 'a\uFFFDb\uFFFDc'],
    ['in_3', undefined],
    ['in_4', '\uFFFD'],
  ]);
});
