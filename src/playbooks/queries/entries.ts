import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { ActivityFacts } from '../../messages/index.ts';
import type { Entry, PlaybookDefinition } from '../definition.ts';
import type { RunContext } from './runs.ts';

export interface OpenPlaybook {
  id: number;
  version: number;
  live_since: Date;
  definition: PlaybookDefinition;
}

/** Playbooks that let people in, with the version newcomers follow. */
export async function listOpenPlaybooks(ctx: Context): Promise<OpenPlaybook[]> {
  const { rows } = await sql<OpenPlaybook>`
    select b.id, b.version, b.live_since, v.definition
    from playbooks b
    join playbook_versions v on v.playbook_id = b.id and v.version = b.version
    where b.state in ('live', 'paused') and b.live_since is not null and b.archived_at is null
    order by b.id`.execute(ctx.db);
  return rows;
}

export interface EntryRow extends ActivityFacts {
  activity_id: number;
  person_id: number;
}

/** The activities of these people that let them in: of the right type, since going live, and first if it must be. */
export async function findEntries(
  ctx: Context,
  entry: Entry,
  live_since: Date,
  person_ids: number[],
): Promise<EntryRow[]> {
  const filter = entry.filter ? JSON.stringify(entry.filter) : null;
  const { rows } = await sql<Omit<EntryRow, 'occurred_at'> & { occurred_at: Date }>`
    select a.id as activity_id, a.person_id, ${entry.activity}::text as name, a.occurred_at,
           a.amount_minor, a.currency, coalesce(p.attributes, '{}') as attributes
    from activities a
    left join activity_payloads p on p.person_id = a.person_id and p.id = a.id
    where a.type = (select id from activity_types where name = ${entry.activity})
      and a.person_id = any(${person_ids})
      and a.occurred_at >= ${live_since}
      and (${filter}::jsonb is null or p.attributes @> ${filter}::jsonb)
      and (not ${entry.first_only} or not exists (
        select from activities b
        where b.type = a.type and b.person_id = a.person_id
          and (b.occurred_at, b.id) < (a.occurred_at, a.id)))
    order by a.occurred_at, a.id`.execute(ctx.db);
  return rows.map((row) => ({ ...row, occurred_at: row.occurred_at.toISOString() }));
}

export interface NewRun {
  id: string;
  person_id: number;
  entered_at: Date;
  context: RunContext;
}

/**
 * Inserts runs that do not exist yet, each with its first line of trace, and answers how many are
 * new. With `once`, a person who has ever been in this playbook does not enter again.
 */
export async function insertRuns(
  tx: Context,
  playbook: { id: number; version: number; once: boolean },
  runs: NewRun[],
): Promise<number> {
  const { rows } = await sql`
    with made as (
      insert into playbook_runs (id, playbook_id, version, person_id, state, node, due_at, entered_at, seq, context)
      select n.id, ${playbook.id}::int, ${playbook.version}::int, n.person_id, 'entered', null, n.entered_at, n.entered_at, 1, n.context
      from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as n (
        id text, person_id int, entered_at timestamptz, context jsonb)
      where not ${playbook.once} or not exists (
        select from playbook_runs r where r.playbook_id = ${playbook.id} and r.person_id = n.person_id)
      on conflict (id) do nothing
      returning id, entered_at, context)
    insert into playbook_steps (run_id, seq, at, what, detail)
    select id, 1, entered_at, 'entered',
           jsonb_build_object('activity', context #>> '{entry,name}', 'occurred_at', context #>> '{entry,occurred_at}')
    from made
    returning run_id`.execute(tx.db);
  return rows.length;
}

/** Hands the runs of people who were merged into these over to them, the finished ones too. */
export async function moveMergedRuns(tx: Context, person_ids: number[]): Promise<void> {
  await sql`
    with gone as (
      select person_id, merged_into as into_id from people where merged_into = any(${person_ids}))
    update playbook_runs r set person_id = gone.into_id
    from gone
    where r.person_id = gone.person_id`.execute(tx.db);
}
