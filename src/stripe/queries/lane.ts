import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { SyncRange, SyncRun } from './runs.ts';

/**
 * Starts walking the payment methods of a source's customers, those with a subscription in force
 * first; a walk that is going on stays as it is.
 */
export async function startLane(tx: Context, source_id: number): Promise<void> {
  const { rows } = await sql<SyncRun>`
    insert into sync_runs (source_id, lane, state, started_at)
    select ${source_id}, 'payment_methods', 'running', ${tx.clock.now()}::timestamptz
     where not exists (select 1 from sync_runs where source_id = ${source_id}
                          and lane = 'payment_methods' and state = 'running')
    returning *`.execute(tx.db);
  if (!rows[0]) return;
  await sql`
    insert into sync_ranges (run_id, source_id, resource, phase)
    select ${rows[0].id}, ${source_id}, 'payment_methods', phase
      from unnest(array[1, 2]::smallint[]) as phase`.execute(tx.db);
}

/**
 * Who is walked in a phase: living customers that are on no test clock (with `clocks`, on one too).
 * A subscription that began after the walk did changes nobody's phase, and one that has ended never
 * comes back, so nobody falls between the two.
 */
function walked(run: Pick<SyncRun, 'source_id' | 'started_at'>, phase: number, clocks: boolean) {
  const live = sql`exists (
    select 1 from stripe.subscriptions s
     where s.source_id = c.source_id and s.customer = c.id and s.deleted_at is null
       and s.created_at <= ${run.started_at} and s.status not in ('canceled', 'incomplete_expired'))`;
  return sql`
      from stripe.customers c
     where c.source_id = ${run.source_id} and c.deleted_at is null
       and (${clocks} or c.test_clock is null)
       and ${phase === 1 ? live : sql`not ${live}`}`;
}

export async function listLaneCustomers(
  ctx: Context,
  run: Pick<SyncRun, 'source_id' | 'started_at'>,
  page: { phase: number; after: string; limit: number; clocks: boolean },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id ${walked(run, page.phase, page.clocks)} and c.id > ${page.after}
     order by c.id limit ${page.limit}`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** How many customers a walk still has before it. */
export async function countLaneCustomers(
  ctx: Context,
  run: Pick<SyncRun, 'source_id' | 'started_at'>,
  ranges: readonly SyncRange[],
  clocks: boolean,
): Promise<number> {
  const open = ranges.filter((range) => !range.done_at);
  const counts = await Promise.all(
    open.map(async ({ phase, cursor }) => {
      const { rows } = await sql<{ n: number }>`
        select count(*) as n ${walked(run, phase, clocks)} and c.id > ${cursor ?? ''}`.execute(
        ctx.db,
      );
      return rows[0]?.n ?? 0;
    }),
  );
  return counts.reduce((sum, n) => sum + n, 0);
}

/** What Stripe's allowance of reads goes by, and what walks have used of it, since an instant. */
export async function readLaneUse(
  ctx: Context,
  source_id: number,
  since: Date,
): Promise<{ transactions: number; reads: number }> {
  const { rows } = await sql<{ transactions: number; reads: number }>`
    select (select count(*) from stripe.charges
             where source_id = ${source_id} and created_at > ${since} and status = 'succeeded')
             as transactions,
           (select coalesce(sum(requests), 0)::bigint from sync_runs
             where source_id = ${source_id} and lane = 'payment_methods'
               and coalesce(finished_at, started_at) > ${since}) as reads`.execute(ctx.db);
  return rows[0]!;
}
