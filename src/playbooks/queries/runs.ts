import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { ActivityFacts } from '../../messages/index.ts';
import type { RunState } from '../definition.ts';
import type { Run, TraceLine } from '../run.ts';

/** What a run remembers about how it came to be. */
export interface RunContext {
  entry: ActivityFacts & { activity_id: number };
}

export interface RunRow extends Run {
  playbook_id: number;
  version: number;
  person_id: number;
  entered_at: Date;
  /** Lines of trace written so far. */
  seq: number;
  context: RunContext;
}

/** Lines the machine does not write itself. */
export type ShellLine =
  | { node: null; what: 'entered'; detail: { activity: string; occurred_at: string } }
  | { node: string | null; what: 'person_merged'; detail: { from: number; into: number } };

export type StoredLine = (TraceLine | ShellLine) & { run_id: string; seq: number; at: Date };

/** Playbooks in which something may be due; those that are off or paused hold their people. */
export async function listLivePlaybooks(ctx: Context): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from playbooks where state = 'live' and archived_at is null order by id`.execute(
    ctx.db,
  );
  return rows.map((row) => row.id);
}

/** Locks runs that are due; those another worker holds are passed over. */
export async function claimDueRuns(
  tx: Context,
  playbook_id: number,
  now: Date,
  limit: number,
): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select * from playbook_runs
    where playbook_id = ${playbook_id} and due_at <= ${now}
      and exists (select from playbooks where id = ${playbook_id} and state = 'live')
    order by due_at
    limit ${limit}
    for update skip locked`.execute(tx.db);
  return rows;
}

export async function saveRuns(tx: Context, runs: RunRow[]): Promise<void> {
  const values = runs.map(
    ({ id, person_id, state, node, due_at, finished_at, exit_reason, seq }) => ({
      id,
      person_id,
      state,
      node,
      due_at,
      finished_at,
      exit_reason,
      seq,
    }),
  );
  await sql`
    update playbook_runs r
    set person_id = n.person_id, state = n.state, node = n.node, due_at = n.due_at,
        finished_at = n.finished_at, exit_reason = n.exit_reason, seq = n.seq
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as n (
      id text, person_id int, state text, node text, due_at timestamptz,
      finished_at timestamptz, exit_reason text, seq int)
    where r.id = n.id`.execute(tx.db);
}

export async function insertLines(tx: Context, lines: StoredLine[]): Promise<void> {
  await sql`
    insert into playbook_steps (run_id, seq, at, node, what, detail)
    select run_id, seq, at, node, what, detail
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as l (
      run_id text, seq int, at timestamptz, node text, what text, detail jsonb)`.execute(tx.db);
}

export interface RunListRow {
  id: string;
  playbook_id: number;
  playbook_name: string;
  version: number;
  person_id: number;
  person_name: string | null;
  person_email: string | null;
  state: RunState;
  node: string | null;
  due_at: Date | null;
  entered_at: Date;
  finished_at: Date | null;
  exit_reason: string | null;
}

export interface RunFilter {
  playbook_id?: number;
  person_id?: number;
  id?: string;
  states?: RunState[];
  /** Only people who stand at this step. */
  node?: string;
  before?: { entered_at: Date; id: string };
  limit?: number;
}

/** Newest first. */
export async function selectRuns(ctx: Context, filter: RunFilter): Promise<RunListRow[]> {
  const { before } = filter;
  const { rows } = await sql<RunListRow>`
    select r.id, r.playbook_id, b.name as playbook_name, r.version, r.person_id,
           p.name as person_name, p.email as person_email, r.state, r.node, r.due_at,
           r.entered_at, r.finished_at, r.exit_reason
    from playbook_runs r
    join playbooks b on b.id = r.playbook_id
    left join people p on p.person_id = r.person_id
    where (${filter.playbook_id ?? null}::int is null or r.playbook_id = ${filter.playbook_id ?? null})
      and (${filter.person_id ?? null}::int is null or r.person_id = ${filter.person_id ?? null})
      and (${filter.id ?? null}::text is null or r.id = ${filter.id ?? null})
      and (${filter.states ?? null}::text[] is null or r.state = any(${filter.states ?? null}))
      and (${filter.node ?? null}::text is null or (r.node = ${filter.node ?? null} and r.due_at is not null))
      and (${before?.entered_at ?? null}::timestamptz is null
           or (r.entered_at, r.id) < (${before?.entered_at ?? null}, ${before?.id ?? null}))
    order by r.entered_at desc, r.id desc
    limit ${filter.limit ?? 50}`.execute(ctx.db);
  return rows;
}

export async function selectLines(ctx: Context, run_id: string): Promise<StoredLine[]> {
  const { rows } = await sql<StoredLine>`
    select run_id, seq, at, node, what, detail
    from playbook_steps where run_id = ${run_id} order by seq`.execute(ctx.db);
  return rows;
}

/** Ends everyone who is under way in a playbook, and says so in each trace. Answers how many. */
export async function exitAllRuns(
  tx: Context,
  playbook_id: number,
  reason: string,
  at: Date,
): Promise<number> {
  const { rows } = await sql`
    with ended as (
      update playbook_runs
      set state = 'exited', due_at = null, finished_at = ${at}, exit_reason = ${reason}, seq = seq + 1
      where playbook_id = ${playbook_id} and due_at is not null
      returning id, seq, node)
    insert into playbook_steps (run_id, seq, at, node, what, detail)
    select id, seq, ${at}, node, 'exited', jsonb_build_object('reason', ${reason}::text) from ended
    returning run_id`.execute(tx.db);
  return rows.length;
}
