import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/**
 * Asks for these people to be looked at again once this transaction commits. Somebody who waits
 * already is not marked twice: the waiting mark is held until we commit, so that no worker takes it
 * before our change can be seen. A mark that a worker holds does not count, for that worker may have
 * read too early.
 */
export async function markPeople(tx: Context, person_ids: readonly number[]): Promise<void> {
  if (person_ids.length === 0) return;
  const now = tx.clock.now();
  await sql`
    with waiting as materialized (
      select person_id from person_marks where person_id = any(${person_ids}::int[])
      for key share skip locked)
    insert into person_marks (person_id, marked_at)
    select distinct given.id, ${now}::timestamptz from unnest(${person_ids}::int[]) as given(id)
     where not exists (select 1 from waiting where waiting.person_id = given.id)`.execute(tx.db);
}

/** Takes up to `limit` marks, oldest first, that no other worker holds; answers the people, each once. */
export async function takeMarks(tx: Context, limit: number): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    with taken as (
      delete from person_marks where id = any(array(
        select id from person_marks order by id limit ${limit} for update skip locked))
      returning person_id)
    select distinct person_id from taken order by person_id`.execute(tx.db);
  return rows.map((row) => row.person_id);
}

/** Asks for everybody to be looked at again, as when the days of the ledger begin at another hour. */
export async function markEverybody(tx: Context): Promise<void> {
  const now = tx.clock.now();
  await sql`
    insert into person_marks (person_id, marked_at)
    select person_id, ${now}::timestamptz from people where merged_into is null order by person_id`.execute(
    tx.db,
  );
}
