import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** People who own customers of a source: those who own nothing else, and those who stay for their other customers. */
export interface OwnersOfSource {
  /** With whoever was merged into them. */
  only_here: number[];
  elsewhere_too: number[];
  /** Where the next page begins; null when there is nobody. */
  last: number | null;
}

/** The next owners of customers of a source, after the given person, locked against merging until the transaction ends. */
export async function listOwnersOf(
  tx: Context,
  source_id: number,
  page: { after: number; limit: number },
): Promise<OwnersOfSource> {
  const { rows } = await sql<{ person_id: number; elsewhere: boolean }>`
    with page as (
      select distinct person_id from person_keys
       where source_id = ${source_id} and person_id > ${page.after}
       order by person_id limit ${page.limit}),
    held as (
      select p.person_id from people p join page using (person_id) order by p.person_id for update of p)
    select held.person_id, exists (
             select from person_keys k
              where k.person_id = held.person_id and k.source_id <> ${source_id}) as elsewhere
      from held order by held.person_id`.execute(tx.db);
  const alone = rows.filter((row) => !row.elsewhere).map((row) => row.person_id);
  const { rows: merged } = await sql<{ person_id: number }>`
    select person_id from people where merged_into = any(${alone}::int[])`.execute(tx.db);
  return {
    only_here: [...alone, ...merged.map((row) => row.person_id)],
    elsewhere_too: rows.filter((row) => row.elsewhere).map((row) => row.person_id),
    last: rows.at(-1)?.person_id ?? null,
  };
}

/** Lets these people forget the customers they own of a source. */
export async function deleteKeysOf(
  tx: Context,
  source_id: number,
  person_ids: readonly number[],
): Promise<void> {
  await sql`
    delete from person_keys
     where source_id = ${source_id} and person_id = any(${person_ids}::int[])`.execute(tx.db);
}

/** Deletes people for good, with their keys, facts and marks. Their other rows belong to other rooms. Answers how many. */
export async function deletePeople(tx: Context, person_ids: readonly number[]): Promise<number> {
  if (person_ids.length === 0) return 0;
  const ids = sql`any(${person_ids}::int[])`;
  await sql`delete from person_keys where person_id = ${ids}`.execute(tx.db);
  await sql`delete from person_marks where person_id = ${ids}`.execute(tx.db);
  await sql`delete from person_state where person_id = ${ids}`.execute(tx.db);
  const { rows } = await sql<{ n: number }>`
    with gone as (delete from people where person_id = ${ids} returning merged_into)
    select count(*) filter (where merged_into is null) as n from gone`.execute(tx.db);
  return rows[0]!.n;
}
