import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolveCustomers } from '../people/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import {
  ACTIVITY_TYPES,
  countActivities,
  countActivitiesByDay,
  listActivities,
  movePerson,
  rebuildTotals,
  recordActivities,
} from './index.ts';
import type { ActivityToRecord } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => await ctx.close());
// Emptying 16 partitions row by row is quicker than truncating them.
const TABLES = ['activities', 'activity_payloads', 'person_activity_totals', 'person_keys'];
beforeEach(async () => await empty(...TABLES, 'people', 'person_state', 'person_marks'));

async function empty(...tables: string[]): Promise<void> {
  for (const table of tables) await sql`delete from ${sql.table(table)}`.execute(ctx.db);
}

const row = (person_id: number, key: string, more: Partial<ActivityToRecord> = {}) => ({
  key,
  type: 'charge' as const,
  occurred_at: new Date('2026-02-01T10:00:00Z'),
  customer: 'cus_1',
  object_id: key,
  amount_minor: 100,
  currency: 'usd',
  attributes: {},
  person_id,
  source_id: 1,
  ...more,
});

async function record(...rows: ActivityToRecord[]): Promise<number> {
  return await inTransaction(ctx, async (tx) => await recordActivities(tx, rows));
}

async function totals() {
  const { rows } = await sql<Record<string, unknown>>`
    select * from person_activity_totals order by person_id, type, currency`.execute(ctx.db);
  return rows;
}

test('the table of types is the definition', async () => {
  const { rows } = await sql`select id, name from activity_types order by id`.execute(ctx.db);
  expect(rows).toEqual(
    ACTIVITY_TYPES.map(({ id, name }) => ({ id, name })).toSorted((a, b) => a.id - b.id),
  );
});

describe('recording', () => {
  test('says how many were new, and saying it again changes nothing', async () => {
    expect(await record(row(1, 'a'), row(1, 'b'), row(2, 'c'))).toBe(3);
    const before = await totals();
    expect(await record(row(1, 'a'), row(1, 'd'), row(1, 'd'))).toBe(1);
    expect(await record(row(1, 'a'), row(2, 'c'))).toBe(0);
    expect(before).toMatchObject([
      { person_id: 1, n: 2, total_minor: 200 },
      { person_id: 2, n: 1 },
    ]);
    expect(await totals()).toMatchObject([
      { n: 3, total_minor: 300 },
      { n: 1, total_minor: 100 },
    ]);
    expect(await countActivities(ctx)).toBe(4);
  });

  test('the same key of another source is another activity', async () => {
    expect(
      await record(row(1, 'a'), row(1, 'a', { source_id: 2 }), row(1, 'a', { source_id: null })),
    ).toBe(3);
    expect(await countActivities(ctx, { source_id: 2 })).toBe(1);
  });

  test('goes away with its transaction', async () => {
    const failing = inTransaction(ctx, async (tx) => {
      await recordActivities(tx, [row(1, 'a')]);
      throw new Error('power cut');
    });
    await expect(failing).rejects.toThrow('power cut');
    expect(await totals()).toEqual([]);
  });

  test('the same batches from many sides at once count each activity once', async () => {
    const batch = (shift: number) =>
      Array.from({ length: 60 }, (_, n) => row(1 + ((n + shift) % 7), `k${(n + shift) % 60}`, {}));
    // A key always belongs to one person.
    const fixed = (shift: number) =>
      batch(shift).map((one) => ({ ...one, person_id: 1 + (Number(one.key.slice(1)) % 7) }));
    const counts = await Promise.all(
      [0, 13, 29, 47].map(async (shift) => await record(...fixed(shift))),
    );
    expect(counts.reduce((a, b) => a + b, 0)).toBe(60);
    const sum = (await totals()).reduce((n, total) => n + Number(total.n), 0);
    expect(sum).toBe(60);
  });

  test('totals kept while recording equal totals rebuilt from the raw rows', async () => {
    const activity = fc.record({
      person_id: fc.integer({ min: 1, max: 3 }),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      type: fc.constantFrom(...ACTIVITY_TYPES.map((type) => type.name)),
      amount_minor: fc.option(fc.integer({ min: -500, max: 500 }), { nil: null }),
      currency: fc.constantFrom('usd', 'jpy', null),
      day: fc.nat(400),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(activity, { maxLength: 8 }), { maxLength: 5 }),
        async (batches) => {
          await empty(...TABLES);
          for (const batch of batches)
            await record(
              ...batch.map(({ day, person_id, key, ...one }) =>
                row(person_id, `${person_id}${key}`, {
                  ...one,
                  occurred_at: new Date(Date.UTC(2025, 0, day + 1)),
                }),
              ),
            );
          const kept = await totals();
          await inTransaction(ctx, async (tx) => await rebuildTotals(tx, [1, 2, 3]));
          expect(await totals()).toEqual(kept);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('merged people', () => {
  async function twoPeople(): Promise<[older: number, younger: number]> {
    return await inTransaction(ctx, async (tx) => {
      const { created: one } = await resolveCustomers(tx, 1, [{ id: 'cus_1' }]);
      const { created: two } = await resolveCustomers(tx, 1, [
        { id: 'cus_2', email: 'x@example.com' },
      ]);
      return [one[0]!, two[0]!];
    });
  }
  async function merge(): Promise<void> {
    await inTransaction(ctx, async (tx) => {
      const { merges } = await resolveCustomers(tx, 1, [{ id: 'cus_1', email: 'x@example.com' }]);
      expect(merges).toHaveLength(1);
      for (const { from, into } of merges) await movePerson(tx, from, into);
    });
  }

  test('bring their past along, and recording it again adds nothing', async () => {
    const [older, younger] = await twoPeople();
    await record(
      row(older, 'a'),
      row(younger, 'b'),
      row(younger, 'c', { type: 'refund', amount_minor: 30 }),
    );
    await merge();
    expect((await listActivities(ctx, { person_id: older })).rows).toHaveLength(3);
    expect((await listActivities(ctx, { person_id: younger })).rows).toEqual([]);
    expect(await totals()).toMatchObject([
      { person_id: older, type: 1, n: 2, total_minor: 200 },
      { person_id: older, type: 13, n: 1, total_minor: 30 },
    ]);
    expect(await record(row(older, 'b'))).toBe(0);
  });

  test('do what they do from now on as whom they became', async () => {
    const [older, younger] = await twoPeople();
    await merge();
    expect(await record(row(younger, 'late'))).toBe(1);
    expect((await listActivities(ctx, { person_id: older })).rows).toHaveLength(1);
  });

  test('a recording in hand is moved by the merge that waits for it', async () => {
    const [older, younger] = await twoPeople();
    let merging: Promise<void> = Promise.resolve();
    await inTransaction(ctx, async (tx) => {
      await recordActivities(tx, [row(younger, 'a')]);
      merging = merge();
      await new Promise((done) => setTimeout(done, 150));
      await recordActivities(tx, [row(younger, 'b')]);
    });
    await merging;
    expect((await listActivities(ctx, { person_id: older })).rows).toHaveLength(2);
    expect(await totals()).toMatchObject([{ person_id: older, n: 2 }]);
  });
});

describe('reading', () => {
  test('pages give everything once, newest first, also where times are equal', async () => {
    await record(
      ...Array.from({ length: 17 }, (_, n) =>
        row(1 + (n % 2), `k${n}`, { occurred_at: new Date(Date.UTC(2026, 0, 1 + (n % 3))) }),
      ),
    );
    const seen: number[] = [];
    const times: number[] = [];
    let before: { occurred_at: Date; id: number } | null = null;
    do {
      const page: Awaited<ReturnType<typeof listActivities>> = await listActivities(ctx, {
        before,
        limit: 4,
      });
      seen.push(...page.rows.map((one) => one.id));
      times.push(...page.rows.map((one) => one.occurred_at.getTime()));
      before = page.next;
    } while (before);
    expect(new Set(seen).size).toBe(17);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test('filters by type and source, and calls products by their present name', async () => {
    await sql`insert into stripe.products (source_id, id, raw, version_at, version_kind, synced_at)
      values (1, 'prod_1', ${JSON.stringify({ id: 'prod_1', name: 'Team' })}, now(), 'fetch', now())`.execute(
      ctx.db,
    );
    await record(
      row(1, 'a', {
        type: 'subscription_started',
        attributes: { product_id: 'prod_1', price_id: 'price_1' },
      }),
      row(1, 'b', { source_id: 2 }),
    );
    const { rows } = await listActivities(ctx, { types: ['subscription_started', 'no_such_type'] });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      type: 'subscription_started',
      label: 'Subscription started',
      source_id: 1,
      attributes: { product_id: 'prod_1', price_id: 'price_1', plan: 'Team' },
    });
    expect((await listActivities(ctx, { source_id: 2 })).rows).toHaveLength(1);
    expect((await listActivities(ctx, { types: [] })).rows).toEqual([]);
  });

  test('counts by day in a time zone, with the days on which nothing happened', async () => {
    await record(
      row(1, 'a', { occurred_at: new Date('2026-02-01T23:30:00Z') }),
      row(1, 'b', { occurred_at: new Date('2026-02-03T12:00:00Z'), source_id: 2 }),
      row(1, 'c', { occurred_at: new Date('2026-02-04T00:00:00Z') }),
    );
    const span = { from: new Date('2026-02-01T00:00:00Z'), to: new Date('2026-02-04T00:00:00Z') };
    const counts = async (more: { source_id?: number; time_zone?: string }) =>
      (await countActivitiesByDay(ctx, { ...span, ...more })).map((day) => day.count);
    expect(await countActivitiesByDay(ctx, span)).toEqual([
      { on_date: '2026-02-01', count: 1 },
      { on_date: '2026-02-02', count: 0 },
      { on_date: '2026-02-03', count: 1 },
    ]);
    expect(await counts({ source_id: 1 })).toEqual([1, 0, 0]);
    expect(await counts({ time_zone: 'Europe/Berlin' })).toEqual([0, 1, 1, 0]);
  });
});
