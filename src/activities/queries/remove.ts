import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Deletes all that these people ever did. Answers how many activities that were. */
export async function deleteActivitiesOfPeople(
  tx: Context,
  person_ids: readonly number[],
): Promise<number> {
  const ids = sql`any(${person_ids}::int[])`;
  await sql`delete from activity_payloads where person_id = ${ids}`.execute(tx.db);
  await sql`delete from activity_instants where person_id = ${ids}`.execute(tx.db);
  await sql`delete from person_activity_totals where person_id = ${ids}`.execute(tx.db);
  const { rows } = await sql<{ n: number }>`
    with gone as (delete from activities where person_id = ${ids} returning 1)
    select count(*) as n from gone`.execute(tx.db);
  return rows[0]!.n;
}

/** Deletes what these people did in one account; the rest stays. Answers how many activities that were. */
export async function deleteActivitiesOfSource(
  tx: Context,
  source_id: number,
  person_ids: readonly number[],
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with gone as (
      delete from activity_payloads
       where person_id = any(${person_ids}::int[]) and source_id = ${source_id}
      returning person_id, id),
    rest as (
      delete from activities a using gone
       where a.person_id = gone.person_id and a.id = gone.id and a.person_id = any(${person_ids}::int[])
      returning 1)
    select count(*) as n from rest`.execute(tx.db);
  return rows[0]!.n;
}
