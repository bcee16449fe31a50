import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Hands the runs of people who were merged into these over to them, the finished ones too. */
export async function moveMergedRuns(tx: Context, person_ids: number[]): Promise<void> {
  await sql`
    with recursive gone as (
      select person_id, merged_into as into_id from people where merged_into = any(${person_ids})
      union
      select p.person_id, gone.into_id from gone join people p on p.merged_into = gone.person_id)
    update playbook_runs r set person_id = gone.into_id
    from gone
    where r.person_id = gone.person_id`.execute(tx.db);
}

/** Who each of these people turned out to be; only those who were merged are in the answer. */
export async function findSurvivors(
  ctx: Context,
  person_ids: number[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ asked_id: number; person_id: number }>`
    with recursive trail as (
      select person_id as asked_id, person_id, merged_into
      from people where person_id = any(${person_ids}) and merged_into is not null
      union
      select t.asked_id, p.person_id, p.merged_into
      from trail t join people p on p.person_id = t.merged_into)
    select asked_id, person_id from trail where merged_into is null`.execute(ctx.db);
  return new Map(rows.map((row) => [row.asked_id, row.person_id]));
}
