import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Keeps when the next activity of each of these people is due; null takes the instant away. */
export async function saveInstants(
  tx: Context,
  people: readonly { person_id: number; next_at: Date | null }[],
): Promise<void> {
  const none = people.filter(({ next_at }) => next_at === null).map(({ person_id }) => person_id);
  const some = people.filter(({ next_at }) => next_at !== null);
  await sql`
    with gone as (delete from activity_instants where person_id = any(${none}::int[]))
    insert into activity_instants as kept (person_id, due_at)
    select * from unnest(${some.map(({ person_id }) => person_id)}::int[],
                         ${some.map(({ next_at }) => next_at!.toISOString())}::timestamptz[])
    on conflict (person_id) do update set due_at = excluded.due_at
     where kept.due_at <> excluded.due_at`.execute(tx.db);
}

/** Takes away instants that are due and answers whose. Rows another process holds are left to it. */
export async function takeDueInstants(tx: Context, limit: number): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    delete from activity_instants where person_id = any(array(
      select person_id from activity_instants
       where due_at <= ${tx.clock.now()} order by due_at limit ${limit} for update skip locked))
    returning person_id`.execute(tx.db);
  return rows.map((row) => row.person_id);
}
