import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { sql } from '../platform/index.ts';
import { copySimulator } from './fixtures/copy-simulator.ts';
import {
  getMrrHistory,
  listCustomers,
  listMovementPeople,
  listMovements,
  listMrr,
  listPeopleByMrr,
  rebuildLedger,
} from './index.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
let ctx: TestContext;
let simulator: Simulator;
let people: number[];

beforeAll(async () => {
  ctx = await createTestContext({ now: NOW });
  simulator = await startSimulator({ customers: 150, months: 14, now: NOW, speed: 0, seed: 7 });
  people = await copySimulator(ctx, simulator);
  await rebuildLedger(ctx, people);
});
afterAll(async () => {
  await simulator.close();
  await ctx.close();
});

/** Every row of the ledger, as text. */
async function dump(): Promise<string> {
  const tables = ['mrr_versions', 'mrr_movements', 'mrr_days'];
  const parts: string[] = [];
  for (const table of tables) {
    const { rows } = await sql<{ text: string }>`
      select coalesce(string_agg(t::text, E'\n' order by t::text), '') as text
        from ${sql.table(table)} t`.execute(ctx.db);
    parts.push(rows[0]!.text);
  }
  return parts.join('\n\n');
}

/** Which stored row versions there are: an update moves a row, even when it writes the same. */
async function places(): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    select string_agg(tableoid || ctid::text, ',' order by tableoid, ctid) as text from (
      select tableoid, ctid from mrr_versions union all select tableoid, ctid from mrr_movements
      union all select tableoid, ctid from mrr_days) t`.execute(ctx.db);
  return rows[0]!.text;
}

describe('the ledger of a simulated account', () => {
  test('has something of everything', async () => {
    const { rows } = await sql<{ kind: string; n: number }>`
      select kind, count(*) n from mrr_movements group by kind`.execute(ctx.db);
    expect(rows.map((row) => row.kind).toSorted()).toEqual([
      'churn',
      'contraction',
      'expansion',
      'new',
      'reactivation',
    ]);
    expect(people.length).toBeGreaterThan(100);
  });

  test('doing it twice changes nothing, not even a stored row', async () => {
    const before = [await dump(), await places()];
    await rebuildLedger(ctx, people);
    expect([await dump(), await places()]).toEqual(before);
  });

  test('person by person gives the same rows as all at once, from scratch or from a wrong state', async () => {
    const before = await dump();
    await sql`delete from mrr_versions`.execute(ctx.db);
    await sql`delete from mrr_movements where person_id % 2 = 0`.execute(ctx.db);
    // The days must say what the movements say before deltas can keep them so.
    await sql`delete from mrr_days`.execute(ctx.db);
    await sql`
      insert into mrr_days select on_date, currency, kind, sum(amount_minor), count(*)
        from mrr_movements group by 1, 2, 3`.execute(ctx.db);
    for (const person of people.toReversed()) await rebuildLedger(ctx, [person]);
    expect(await dump()).toBe(before);
  });

  test('the days are the sum of the movements, the movements the steps of the versions', async () => {
    const { rows: wrong } = await sql`
      (select on_date, currency, kind, amount_minor, people from mrr_days
       except select on_date, currency, kind, sum(amount_minor), count(*)::int from mrr_movements group by 1, 2, 3)
      union all
      (select on_date, currency, kind, sum(amount_minor), count(*)::int from mrr_movements group by 1, 2, 3
       except select on_date, currency, kind, amount_minor, people from mrr_days)`.execute(ctx.db);
    expect(wrong).toEqual([]);
    const { rows: apart } = await sql`
      with days as (select distinct on_date from mrr_days),
      by_version as (
        select d.on_date, coalesce(sum(v.mrr_minor), 0) as total from days d left join mrr_versions v
            on v.from_at < d.on_date + 1 and (v.until_at is null or v.until_at >= d.on_date + 1)
         group by 1),
      by_movement as (
        select d.on_date, sum(m.amount_minor) as total from days d join mrr_movements m on m.on_date <= d.on_date
         group by 1)
      select * from by_version join by_movement m using (on_date) where by_version.total <> m.total`.execute(
      ctx.db,
    );
    expect(apart).toEqual([]);
  });

  test('no two versions of an item overlap, and each says why', async () => {
    const { rows } = await sql`
      select a.item_id from mrr_versions a join mrr_versions b using (person_id, source_id, item_id)
       where b.seq > a.seq and (a.until_at is null or a.until_at > b.from_at)`.execute(ctx.db);
    expect(rows).toEqual([]);
    const { rows: silent } = await sql`
      select 1 from mrr_versions where sentence = '' or evidence = '{}'`.execute(ctx.db);
    expect(silent).toEqual([]);
  });

  test('what a living subscription is worth now is what its own object says', async () => {
    const { rows } = await sql<{ id: string; ledger: string; object: string }>`
      with live as (
        select s.id, sum((i->'price'->>'unit_amount')::numeric * (i->>'quantity')::numeric
                 / (i->'price'->'recurring'->>'interval_count')::numeric
                 / case i->'price'->'recurring'->>'interval' when 'year' then 12 else 1 end) as object
          from stripe.subscriptions s, jsonb_array_elements(s.raw->'items'->'data') i
         where s.status in ('active', 'past_due') and jsonb_array_length(s.raw->'discounts') = 0
           and s.raw->'pause_collection' = 'null' and s.created_at < ${NOW}::timestamptz - interval '2 months'
           and not exists (select from jsonb_array_elements(s.raw->'items'->'data') t
                            where t->'price'->>'billing_scheme' = 'tiered')
         group by s.id)
      select live.id, round(live.object, 6)::text as object,
             coalesce(round(sum(v.mrr_minor), 6), 0)::text as ledger
        from live left join mrr_versions v on v.subscription_id = live.id and v.until_at is null
       group by live.id, live.object
      having abs(round(live.object, 6) - coalesce(sum(v.mrr_minor), 0)) > 0.00001`.execute(ctx.db);
    expect(rows).toEqual([]);
  });
});

describe('series and the people behind them', () => {
  const range = { from: '2026-05-10', to: '2026-12-31' } as const;

  test('days add up to months, and MRR ends where movements lead', async () => {
    const [days, months] = [
      await listMrr(ctx, { ...range, interval: 'day' }),
      await listMrr(ctx, { ...range, interval: 'month' }),
    ];
    expect(days[0]!.date).toBe('2026-05-10');
    expect(days.at(-1)!.date).toBe('2026-11-01');
    expect(months.map((point) => point.date)).toEqual([
      '2026-05-31',
      '2026-06-30',
      '2026-07-31',
      '2026-08-31',
      '2026-09-30',
      '2026-10-31',
      '2026-11-01',
    ]);
    for (const month of months)
      expect(days).toContainEqual({
        date: month.date,
        currency: 'usd',
        mrr_minor: month.mrr_minor,
      });
    const moved = await listMovements(ctx, { ...range, interval: 'month' });
    const net = moved.reduce((sum, point) => sum + point.amount_minor, 0);
    const opening = await listMrr(ctx, { from: '2026-05-09', to: '2026-05-09', interval: 'day' });
    // Each part is rounded for display, so they may be off by half a minor unit apiece.
    const gap = months.at(-1)!.mrr_minor - (opening[0]!.mrr_minor + net);
    expect(Math.abs(gap)).toBeLessThanOrEqual(moved.length / 2);
  });

  test('the list of people explains the number, page by page', async () => {
    const on_date = '2026-10-31';
    const [point] = await listMrr(ctx, { from: on_date, to: on_date, interval: 'day' });
    const [count] = await listCustomers(ctx, { from: on_date, to: on_date, interval: 'day' });
    const rows = [];
    let cursor: string | null = null;
    do {
      const page = await listPeopleByMrr(ctx, { on_date, limit: 17, cursor });
      expect(page.total).toBe(count!.people);
      rows.push(...page.rows);
      cursor = page.next_cursor;
    } while (cursor);
    expect(new Set(rows.map((row) => row.person_id)).size).toBe(count!.people);
    const sum = rows.reduce((total, row) => total + row.mrr_minor, 0);
    expect(Math.abs(sum - point!.mrr_minor)).toBeLessThanOrEqual(rows.length / 2);
  });

  test('so does the list of movements', async () => {
    const moved = await listMovements(ctx, { ...range, interval: 'month' });
    const churn = moved.find((point) => point.kind === 'churn' && point.people > 3)!;
    const query = { from: churn.from, to: churn.date, kind: 'churn' } as const;
    const first = await listMovementPeople(ctx, { ...query, limit: 2 });
    const rest = await listMovementPeople(ctx, { ...query, cursor: first.next_cursor });
    expect(first.total).toBe(churn.people);
    const rows = [...first.rows, ...rest.rows];
    expect(rows).toHaveLength(churn.people);
    expect(new Set(rows.map((row) => `${row.person_id} ${row.on_date}`)).size).toBe(churn.people);
  });

  test('a person has a history that ends at the MRR on their profile', async () => {
    const { rows } = await listPeopleByMrr(ctx, { on_date: '2026-11-01', limit: 3 });
    for (const { person_id, mrr_minor } of rows) {
      const history = await getMrrHistory(ctx, person_id);
      expect(history.points.at(-1)!.mrr_minor).toBe(mrr_minor);
      expect(history.movements.at(-1)!.kind).toBe('new');
      expect(history.versions[0]!.sentence).toMatch(/a month/);
      const { rows: state } = await sql<{ mrr_minor: number; plan: string }>`
        select mrr_minor, plan from person_state where person_id = ${person_id}`.execute(ctx.db);
      expect(state[0]).toMatchObject({ mrr_minor });
      expect(state[0]!.plan).toBeTruthy();
    }
  });

  test('bad ranges are refused with a sentence', async () => {
    const ask = async (from: string, to: string) =>
      await listMrr(ctx, { from, to, interval: 'day' });
    await expect(ask('2026-05-02', '2026-05-01')).rejects.toThrow('is after');
    await expect(ask('1926-01-01', '2026-01-01')).rejects.toThrow('too long');
    await expect(ask('2026-02-30', '2026-05-01')).rejects.toThrow('not a day');
  });
});
