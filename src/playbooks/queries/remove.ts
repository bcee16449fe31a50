import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Deletes the runs of these people, under way or over, with their traces. Answers how many. */
export async function removeRuns(tx: Context, person_ids: readonly number[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with gone as (delete from playbook_runs where person_id = any(${person_ids}::int[]) returning 1)
    select count(*) as n from gone`.execute(tx.db);
  return rows[0]!.n;
}

/** Ends what is under way for these people, and says why in each trace. Answers how many. */
export async function exitRunsOf(
  tx: Context,
  person_ids: readonly number[],
  reason: string,
): Promise<number> {
  const at = tx.clock.now();
  const { rows } = await sql`
    with ended as (
      update playbook_runs
         set state = 'exited', due_at = null, finished_at = ${at}, exit_reason = ${reason}, seq = seq + 1
       where person_id = any(${person_ids}::int[]) and due_at is not null
      returning id, seq, node)
    insert into playbook_steps (run_id, seq, at, node, what, detail)
    select id, seq, ${at}, node, 'exited', jsonb_build_object('reason', ${reason}::text) from ended
    returning run_id`.execute(tx.db);
  return rows.length;
}
