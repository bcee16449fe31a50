import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** A row this old is of a process that is gone: its share is back after that. */
const GONE_AFTER = sql`interval '3.5 seconds'`;

export interface SharedUse {
  /** Requests a second each process would send if it could, this one first. */
  demands: number[];
  /** The part of the limit that the source may use, as its owner set it. */
  rate_share: number;
}

/** Says that this process uses a source's limit, and learns who else does. By the database's clock, which all share. */
export async function announceUse(
  ctx: Context,
  source_id: number,
  mine: { process_id: string; demand: number },
): Promise<SharedUse> {
  await sql`
    insert into limiter_shares (source_id, process_id, demand, seen_at)
    values (${source_id}, ${mine.process_id}, ${mine.demand}, clock_timestamp())
    on conflict (source_id, process_id) do update
       set demand = excluded.demand, seen_at = excluded.seen_at`.execute(ctx.db);
  const { rows } = await sql<{ process_id: string; demand: number }>`
    select process_id, demand from limiter_shares
     where source_id = ${source_id} and seen_at > clock_timestamp() - ${GONE_AFTER}
     order by process_id <> ${mine.process_id}, process_id`.execute(ctx.db);
  const { rows: sources } = await sql<{ rate_share: number }>`
    select rate_share from sources where id = ${source_id}`.execute(ctx.db);
  return {
    demands: rows.map((row) => row.demand),
    rate_share: sources[0]?.rate_share ?? 1,
  };
}

/** Gives this process's share back, and clears away who is long gone. */
export async function endUse(ctx: Context, source_id: number, process_id: string): Promise<void> {
  await sql`
    delete from limiter_shares
     where source_id = ${source_id}
       and (process_id = ${process_id} or seen_at < clock_timestamp() - interval '1 minute')
  `.execute(ctx.db);
}
