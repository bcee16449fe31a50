import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

export interface PlaybookCounts {
  entered: number;
  /** People who are in it now. */
  under_way: number;
  finished: number;
  exited: number;
  failed: number;
  mails_sent: number;
  /** Kept in the outbox because no mail server is set. */
  mails_kept: number;
}

const NO_COUNTS: PlaybookCounts = {
  entered: 0,
  under_way: 0,
  finished: 0,
  exited: 0,
  failed: 0,
  mails_sent: 0,
  mails_kept: 0,
};

/** Counts by playbook id; a playbook nobody entered is given zeros by `countsOf`. */
export async function countRuns(ctx: Context, ids: number[]): Promise<Map<number, PlaybookCounts>> {
  const { rows } = await sql<PlaybookCounts & { playbook_id: number }>`
    with runs as (
      select playbook_id,
             count(*) as entered,
             count(*) filter (where state in ('entered', 'waiting', 'asking', 'acting')) as under_way,
             count(*) filter (where state = 'finished') as finished,
             count(*) filter (where state = 'exited') as exited,
             count(*) filter (where state = 'failed') as failed
      from playbook_runs
      where playbook_id = any(${ids})
      group by playbook_id),
    mail as (
      select r.playbook_id,
             count(*) filter (where o.state = 'sent') as sent,
             count(*) filter (where o.state = 'kept') as kept
      from outbox o
      join playbook_runs r on r.id = o.run_id
      where r.playbook_id = any(${ids})
      group by r.playbook_id)
    select runs.playbook_id, runs.entered, runs.under_way, runs.finished, runs.exited, runs.failed,
           coalesce(mail.sent, 0) as mails_sent, coalesce(mail.kept, 0) as mails_kept
    from runs
    left join mail on mail.playbook_id = runs.playbook_id`.execute(ctx.db);
  return new Map(rows.map(({ playbook_id, ...counts }) => [playbook_id, counts]));
}

export function countsOf(counts: Map<number, PlaybookCounts>, id: number): PlaybookCounts {
  return counts.get(id) ?? NO_COUNTS;
}

export interface NodeCounts {
  /** How many people stand at this step now. */
  here: number;
  /** How many have ever come to it. */
  reached: number;
}

/** Counts by step id; the key '' stands for people who entered and have not begun. */
export async function countNodes(ctx: Context, id: number): Promise<Map<string, NodeCounts>> {
  const { rows } = await sql<NodeCounts & { node: string }>`
    with here as (
      select coalesce(node, '') as node, count(*) as n
      from playbook_runs
      where playbook_id = ${id} and due_at is not null
      group by 1),
    reached as (
      select s.node, count(*) as n
      from playbook_steps s
      join playbook_runs r on r.id = s.run_id
      where r.playbook_id = ${id} and s.what in ('waiting', 'answered', 'email_queued')
      group by 1)
    select node, coalesce(here.n, 0) as here, coalesce(reached.n, 0) as reached
    from here full join reached using (node)
    where node is not null`.execute(ctx.db);
  return new Map(rows.map(({ node, ...counts }) => [node, counts]));
}
