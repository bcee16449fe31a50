import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { ListResource, PlannedRange } from '../backfill/lists.ts';

/** A main run copies lists; payment methods are walked customer by customer beside it. */
export type Lane = 'main' | 'payment_methods';

export interface SyncRun {
  id: number;
  source_id: number;
  lane: Lane;
  state: 'running' | 'complete' | 'failed' | 'cancelled';
  started_at: Date;
  finished_at: Date | null;
  requests: number;
  rate_limited: number;
  busy_ms: number;
  /** How far the search for deleted objects is: the last id looked at of each resource, '' when it is done. */
  sweep: Record<string, string>;
}

export interface RangeError {
  code: string;
  message: string;
  request_id: string | null;
  at: string;
}

export interface SyncRange {
  id: number;
  run_id: number;
  source_id: number;
  resource: ListResource;
  phase: number;
  /** The test clock whose objects the range is about. */
  parent: string | null;
  /** The permission the key lacked, or `not_offered`; done without having read anything more. */
  skipped: string | null;
  from_at: Date | null;
  until_at: Date | null;
  cursor: string | null;
  reached_at: Date | null;
  pages: number;
  objects: number;
  done_at: Date | null;
  error: RangeError | null;
  attempts: number;
}

/** Starts a main run unless one is going on; answers the run that is then running. */
export async function startRun(
  tx: Context,
  source_id: number,
  ranges: PlannedRange[],
): Promise<SyncRun> {
  const running = await findRunning(tx, source_id);
  if (running) return running;
  const { rows } = await sql<SyncRun>`
    insert into sync_runs (source_id, state, started_at)
    values (${source_id}, 'running', ${tx.clock.now()}) returning *`.execute(tx.db);
  const run = rows[0]!;
  await addRanges(tx, run, ranges);
  return run;
}

/** Plans more pieces of a run. */
export async function addRanges(
  tx: Context,
  run: SyncRun,
  ranges: (PlannedRange & { parent?: string })[],
): Promise<void> {
  await sql`
    insert into sync_ranges (run_id, source_id, resource, phase, parent, from_at, until_at)
    select ${run.id}, ${run.source_id}, resource, phase, parent, from_at, until_at
      from jsonb_to_recordset(${JSON.stringify(ranges)}::jsonb)
        as r (resource text, phase smallint, parent text, from_at timestamptz, until_at timestamptz)
  `.execute(tx.db);
}

export async function findRunning(
  ctx: Context,
  source_id: number,
  lane: Lane = 'main',
): Promise<SyncRun | null> {
  const { rows } = await sql<SyncRun>`
    select * from sync_runs where source_id = ${source_id} and state = 'running' and lane = ${lane}
     order by id desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

export async function findLatestRun(
  ctx: Context,
  source_id: number,
  lane: Lane = 'main',
): Promise<SyncRun | null> {
  const { rows } = await sql<SyncRun>`
    select * from sync_runs where source_id = ${source_id} and lane = ${lane}
     order by id desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Whether a main run of this source was ever completed, and none is going on. */
export async function wasSynced(ctx: Context, source_id: number): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    select coalesce(bool_or(state = 'complete') and not bool_or(state = 'running'), false) as yes
      from sync_runs where source_id = ${source_id} and lane = 'main'`.execute(ctx.db);
  return rows[0]?.yes ?? false;
}

/** Ids of the sources with a run of this lane going on. */
export async function listRunning(ctx: Context, lane: Lane = 'main'): Promise<number[]> {
  const { rows } = await sql<{ source_id: number }>`
    select distinct source_id from sync_runs
     where state = 'running' and lane = ${lane}`.execute(ctx.db);
  return rows.map((row) => row.source_id);
}

/** Whether an account is being copied for the first time at this moment. */
export async function isCopying(ctx: Context): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    select exists (select 1 from sync_runs r join sources s on s.id = r.source_id
                    where r.state = 'running' and r.lane = 'main'
                      and s.state in ('syncing', 'webhook_full')
                      and not exists (select 1 from sync_runs e
                                       where e.source_id = s.id and e.lane = 'main'
                                         and e.state = 'complete')) as yes
  `.execute(ctx.db);
  return rows[0]!.yes;
}

export async function listOpenRanges(ctx: Context, run_id: number): Promise<SyncRange[]> {
  const { rows } = await sql<SyncRange>`
    select * from sync_ranges where run_id = ${run_id} and done_at is null and skipped is null
     order by phase, until_at desc nulls first, id`.execute(ctx.db);
  return rows;
}

export interface PassedPage {
  range_id: number;
  /** The cursor the page was asked for with. */
  after: string | null;
  cursor: string | null;
  reached_at: Date | null;
  objects: readonly unknown[];
  done: boolean;
}

/**
 * Moves ranges past pages that were stored in the same transaction, the pages of a range in their
 * order. Throws when a range does not stand where its first page begins: it would leave a gap.
 */
export async function advanceRanges(tx: Context, pages: readonly PassedPage[]): Promise<void> {
  const passed = new Map<number, object>();
  for (const page of pages) {
    const own = pages.filter((other) => other.range_id === page.range_id);
    passed.set(page.range_id, {
      id: page.range_id,
      after: own[0]!.after,
      cursor: page.cursor,
      reached_at: page.reached_at,
      pages: own.length,
      objects: own.reduce((sum, { objects }) => sum + objects.length, 0),
      done: page.done,
    });
  }
  if (passed.size === 0) return;
  const { rows } = await sql<{ id: number }>`
    update sync_ranges r
       set cursor = coalesce(given.cursor, r.cursor),
           reached_at = coalesce(given.reached_at, r.reached_at),
           pages = r.pages + given.pages, objects = r.objects + given.objects,
           error = null, attempts = 0,
           done_at = case when given.done then ${tx.clock.now()}::timestamptz end
      from jsonb_to_recordset(${JSON.stringify([...passed.values()])}::jsonb)
        as given (id bigint, "after" text, cursor text, reached_at timestamptz, pages int, objects int, done boolean)
     where r.id = given.id and r.cursor is not distinct from given."after"
    returning r.id`.execute(tx.db);
  if (rows.length < passed.size) throw new Error('a range does not stand where its page begins');
}

/** Gives the part of a range before an instant to a range of its own. */
export async function splitRange(tx: Context, range: SyncRange, at: Date): Promise<SyncRange> {
  await sql`update sync_ranges set from_at = ${at} where id = ${range.id}`.execute(tx.db);
  const { rows } = await sql<SyncRange>`
    insert into sync_ranges (run_id, source_id, resource, phase, parent, from_at, until_at)
    values (${range.run_id}, ${range.source_id}, ${range.resource}, ${range.phase},
            ${range.parent}, ${range.from_at}, ${at})
    returning *`.execute(tx.db);
  return rows[0]!;
}

/** Starts a range again from where it is known to be complete, after its cursor vanished. */
export async function restartRange(ctx: Context, id: number, until: Date | null): Promise<void> {
  await sql`
    update sync_ranges set cursor = null, until_at = coalesce(${until}::timestamptz, until_at)
     where id = ${id}`.execute(ctx.db);
}

export async function failRange(ctx: Context, id: number, error: RangeError): Promise<void> {
  await sql`
    update sync_ranges set error = ${JSON.stringify(error)}::jsonb, attempts = attempts + 1
     where id = ${id}`.execute(ctx.db);
}

/** Forgets the failures of the pieces that are still open, so that they are tried as if for the first time. */
export async function clearRangeErrors(tx: Context, source_id: number): Promise<void> {
  await sql`
    update sync_ranges set error = null, attempts = 0
     where source_id = ${source_id} and done_at is null and error is not null`.execute(tx.db);
}

/** Adds what was spent since the last call. */
export async function countWork(
  ctx: Context,
  run_id: number,
  work: { requests: number; rate_limited: number; busy_ms: number },
): Promise<void> {
  await sql`
    update sync_runs set requests = requests + ${work.requests},
           rate_limited = rate_limited + ${work.rate_limited}, busy_ms = busy_ms + ${work.busy_ms}
     where id = ${run_id}`.execute(ctx.db);
}

/** Completes a run if, and only if, each of its ranges is done or was skipped. */
export async function completeRun(tx: Context, run_id: number): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    update sync_runs set state = 'complete', finished_at = ${tx.clock.now()}
     where id = ${run_id} and state = 'running'
       and not exists (select 1 from sync_ranges where run_id = ${run_id} and done_at is null
                                                   and skipped is null)
    returning id`.execute(tx.db);
  return rows.length > 0;
}

export async function cancelRuns(tx: Context, source_id: number): Promise<void> {
  await sql`
    update sync_runs set state = 'cancelled', finished_at = ${tx.clock.now()}
     where source_id = ${source_id} and state = 'running'`.execute(tx.db);
}

/** Whether a run may find rows that an earlier one has left. */
export async function hasEarlierRun(ctx: Context, run: SyncRun): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    select exists (select 1 from sync_runs
                    where source_id = ${run.source_id} and id < ${run.id}) as yes`.execute(ctx.db);
  return rows[0]!.yes;
}

export async function saveSweep(
  tx: Context,
  run_id: number,
  resource: string,
  last: string,
): Promise<void> {
  await sql`
    update sync_runs set sweep = sweep || jsonb_build_object(${resource}::text, ${last}::text)
     where id = ${run_id}`.execute(tx.db);
}

/** Forgets that a source was ever copied, as when its objects are removed. */
export async function deleteRuns(tx: Context, source_id: number): Promise<void> {
  await sql`delete from sync_runs where source_id = ${source_id}`.execute(tx.db);
}

/** Sets what is left of a resource aside: the key may not read it, or there is no such list. */
export async function skipResource(
  ctx: Context,
  run_id: number,
  resource: string,
  skipped: string,
): Promise<void> {
  await sql`
    update sync_ranges set skipped = ${skipped}, error = null, attempts = 0
     where run_id = ${run_id} and resource = ${resource} and done_at is null`.execute(ctx.db);
}

/** Ends a range whose list is gone, with the test clock it hung on. */
export async function skipRange(ctx: Context, id: number): Promise<void> {
  await sql`
    update sync_ranges set done_at = ${ctx.clock.now()}, error = null where id = ${id}`.execute(
    ctx.db,
  );
}

/** What is left out at present, with the permission that is missing or `not_offered`. */
export async function listSkipped(
  ctx: Context,
  source_id: number,
): Promise<{ resource: ListResource | 'payment_methods'; skipped: string }[]> {
  const { rows } = await sql<{ resource: ListResource; skipped: string }>`
    select distinct g.resource, g.skipped from sync_ranges g
      join (select g.resource, max(g.run_id) as run_id from sync_ranges g
             where g.source_id = ${source_id} group by 1) newest using (resource, run_id)
     where g.skipped is not null order by 1`.execute(ctx.db);
  return rows;
}

/** Reads after all what a run had skipped. */
export async function resumeSkipped(
  tx: Context,
  run_id: number,
  resources: readonly string[],
): Promise<void> {
  await sql`
    update sync_ranges set skipped = null
     where run_id = ${run_id} and resource = any(${resources})`.execute(tx.db);
}

/** Of each resource, the ranges of the newest main run that read it: a few dozen rows. */
export async function listNewestRanges(ctx: Context, source_id: number): Promise<SyncRange[]> {
  const { rows } = await sql<SyncRange>`
    select g.* from sync_ranges g
      join (select g.resource, max(r.id) as run_id
              from sync_ranges g join sync_runs r on r.id = g.run_id
             where r.source_id = ${source_id} and r.lane = 'main' group by 1) newest
     using (resource, run_id)
     order by g.id`.execute(ctx.db);
  return rows;
}

/** All ranges of a run: a few dozen rows. */
export async function listRanges(ctx: Context, run_id: number): Promise<SyncRange[]> {
  const { rows } = await sql<SyncRange>`
    select * from sync_ranges where run_id = ${run_id} order by id`.execute(ctx.db);
  return rows;
}
