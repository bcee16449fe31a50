import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { toJsonText } from '../../objects/index.ts';
import type { Json } from '../../objects/index.ts';

export interface NewActivity {
  id: number;
  person_id: number;
  type: number;
  occurred_at: Date;
  amount_minor: number | null;
  currency: string | null;
  source_id: number | null;
  object_id: string;
  attributes: Json;
}

/**
 * One statement: rows, their attributes, and totals of exactly the rows that were new. Everything is
 * written in the order of its key, so that two batches wait for each other instead of deadlocking.
 */
export async function insertActivities(
  tx: Context,
  activities: readonly NewActivity[],
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with given as (${givenActivities(activities)}),
    new as (
      insert into activities (occurred_at, id, person_id, type, amount_minor, currency, recorded_at)
      select occurred_at, id, person_id, type, amount_minor, currency, ${tx.clock.now()}
        from given order by person_id, id
      on conflict (person_id, id) do nothing
      returning person_id, id, type, occurred_at, amount_minor, currency),
    payloads as (
      insert into activity_payloads (person_id, id, source_id, object_id, attributes)
      select person_id, id, source_id, object_id, attributes
        from given join new using (person_id, id) order by person_id, id),
    totals as (
      insert into person_activity_totals as t (person_id, type, currency, n, total_minor, first_at, last_at)
      ${totalsOf(sql`new`)}
      on conflict (person_id, type, currency) do update set
        n = t.n + excluded.n,
        total_minor = t.total_minor + excluded.total_minor,
        first_at = least(t.first_at, excluded.first_at),
        last_at = greatest(t.last_at, excluded.last_at))
    select count(*) as n from new`.execute(tx.db);
  return rows[0]!.n;
}

/**
 * Activities as rows. One array a column is the form that Postgres reads fastest; attributes, which
 * several activities of one object share, travel once.
 */
function givenActivities(activities: readonly NewActivity[]) {
  const places = new Map<Json, number>();
  for (const { attributes } of activities)
    if (!places.has(attributes)) places.set(attributes, places.size + 1);
  const numbers = (read: (activity: NewActivity) => number | null | undefined): string =>
    `{${activities.map((one) => read(one) ?? 'null').join(',')}}`;
  return sql`
    select given.id, person_id, type, to_timestamp(at_ms / 1000.0) as occurred_at, amount_minor,
           currency, source_id, object_id, attributes
      from unnest(${numbers((one) => one.id)}::bigint[], ${numbers((one) => one.person_id)}::int[],
                  ${numbers((one) => one.type)}::smallint[], ${numbers((one) => one.occurred_at.getTime())}::bigint[],
                  ${numbers((one) => one.amount_minor)}::bigint[], ${numbers((one) => one.source_id)}::int[],
                  ${numbers((one) => places.get(one.attributes))}::int[],
                  ${activities.map((one) => one.currency)}::text[], ${activities.map((one) => one.object_id)}::text[])
        as given (id, person_id, type, at_ms, amount_minor, source_id, place, currency, object_id)
      join jsonb_array_elements(${toJsonText([...places.keys()])}::jsonb)
        with ordinality as shared (attributes, place) using (place)`;
}

/** What the totals of some activities are: by type and currency, '' for those without one. */
const totalsOf = (activities: ReturnType<typeof sql>) => sql`
  select person_id, type, coalesce(currency, ''), count(*), coalesce(sum(amount_minor), 0),
         min(occurred_at), max(occurred_at)
    from ${activities} group by person_id, type, coalesce(currency, '')
   order by person_id, type, coalesce(currency, '')`;

/** Computes the totals of these people afresh from the raw rows. */
export async function rebuildTotals(tx: Context, person_ids: readonly number[]): Promise<void> {
  await sql`delete from person_activity_totals where person_id = any(${person_ids}::int[])`.execute(
    tx.db,
  );
  await sql`
    insert into person_activity_totals (person_id, type, currency, n, total_minor, first_at, last_at)
    ${totalsOf(sql`(select * from activities where person_id = any(${person_ids}::int[])) as own`)}
  `.execute(tx.db);
}

/** Gives all activities of one person to another; one that both have is kept once. */
export async function moveRows(tx: Context, from: number, into: number): Promise<void> {
  await sql`
    with gone as (delete from activity_payloads where person_id = ${from} returning *)
    insert into activity_payloads (person_id, id, source_id, object_id, attributes)
    select ${into}::int, id, source_id, object_id, attributes from gone order by id
    on conflict (person_id, id) do nothing`.execute(tx.db);
  await sql`
    with gone as (delete from activities where person_id = ${from} returning *)
    insert into activities (occurred_at, id, person_id, type, amount_minor, currency, recorded_at)
    select occurred_at, id, ${into}::int, type, amount_minor, currency, recorded_at
      from gone order by id
    on conflict (person_id, id) do nothing`.execute(tx.db);
}
