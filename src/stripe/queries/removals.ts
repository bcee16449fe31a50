import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** `everything`: all rows stay. `people`: people and activities stay. `nothing`: all of it goes. */
export type Keep = 'everything' | 'people' | 'nothing';

export interface SourceRemoval {
  source_id: number;
  keep: Keep;
  /** Where to go on. */
  step: string;
  /** Rows that are gone so far, by what they were. */
  removed: Record<string, number>;
  started_at: Date;
  finished_at: Date | null;
}

/** Begins a removal, or goes on with the one that is open. */
export async function insertRemoval(tx: Context, source_id: number, keep: Keep): Promise<void> {
  await sql`
    insert into source_removals as r (source_id, keep, step, started_at)
    values (${source_id}, ${keep}, 'begin', ${tx.clock.now()})
    on conflict (source_id) do update
       set keep = excluded.keep, step = excluded.step, removed = '{}',
           started_at = excluded.started_at, finished_at = null
     where r.finished_at is not null`.execute(tx.db);
}

export async function findRemoval(ctx: Context, source_id: number): Promise<SourceRemoval | null> {
  const { rows } = await sql<SourceRemoval>`
    select * from source_removals where source_id = ${source_id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Ids of the sources whose removal is not through. */
export async function listOpenRemovals(ctx: Context): Promise<number[]> {
  const { rows } = await sql<{ source_id: number }>`
    select source_id from source_removals where finished_at is null order by source_id`.execute(
    ctx.db,
  );
  return rows.map((row) => row.source_id);
}

/** Notes, in the transaction of the deed, what is gone and where to go on. */
export async function updateRemoval(tx: Context, removal: SourceRemoval): Promise<void> {
  await sql`
    update source_removals
       set step = ${removal.step}, removed = ${JSON.stringify(removal.removed)}::jsonb,
           finished_at = ${removal.finished_at}
     where source_id = ${removal.source_id}`.execute(tx.db);
}
