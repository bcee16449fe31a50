import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { toJsonText } from '../../objects/index.ts';

export interface NewPerson {
  person_id: number;
  email: string | null;
  name: string | null;
  country: string | null;
  created_at: Date;
}

/** Ids for people to come. One that is not used leaves a gap, which means nothing. */
export async function reserveIds(ctx: Context, count: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select nextval('person_ids')::int as id from generate_series(1, ${count}::int)`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** New people, with an empty state so that every person has one. */
export async function insertPeople(tx: Context, people: readonly NewPerson[]): Promise<void> {
  const now = tx.clock.now();
  await sql`
    with given as (
      select * from jsonb_to_recordset(${toJsonText(people)}::jsonb)
          as given(person_id int, email text, name text, country text, created_at timestamptz)),
    made as (
      insert into people (person_id, email, name, country, created_at, updated_at)
      select person_id, email, name, country, created_at, ${now} from given)
    insert into person_state (person_id, subscription_status, updated_at)
    select person_id, 'none', ${now} from given`.execute(tx.db);
}

/**
 * Lets each `from` become its `into`: the keys move, the row stays and says where it went. Both must
 * be locked for a merge.
 */
export async function mergePeople(
  tx: Context,
  merges: readonly { from: number; into: number }[],
): Promise<void> {
  const now = tx.clock.now();
  const given = sql`jsonb_to_recordset(${JSON.stringify(merges)}::jsonb) as given("from" int, "into" int)`;
  await sql`
    update person_keys k set person_id = given."into" from ${given}
     where k.person_id = given."from"`.execute(tx.db);
  // Whoever became `from` before becomes `into` along with it.
  await sql`
    update people p set merged_into = given."into", updated_at = ${now} from ${given}
     where p.person_id = given."from" or p.merged_into = given."from"`.execute(tx.db);
  await sql`
    delete from person_state where person_id = any(${merges.map((merge) => merge.from)}::int[])
  `.execute(tx.db);
}
