import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** What a light comparison with Stripe found. */
export interface SourceCheck {
  id: number;
  at: Date;
  /** Requests it cost. */
  reads: number;
  /** Objects compared. */
  compared: number;
  /** In Stripe, not here. */
  missing: number;
  /** Here, no longer in Stripe. */
  extra: number;
  /** In both, with other content. */
  different: number;
  repaired: number;
  sentence: string;
}

const KEPT = 30;

/** Keeps a check and forgets all but the newest 30 of its source. */
export async function insertCheck(
  tx: Context,
  source_id: number,
  check: Omit<SourceCheck, 'id'>,
): Promise<SourceCheck> {
  const { rows } = await sql<SourceCheck>`
    insert into source_checks
           (source_id, at, reads, compared, missing, extra, different, repaired, sentence)
    values (${source_id}, ${check.at}, ${check.reads}, ${check.compared}, ${check.missing},
            ${check.extra}, ${check.different}, ${check.repaired}, ${check.sentence})
    returning id, at, reads, compared, missing, extra, different, repaired, sentence`.execute(
    tx.db,
  );
  await sql`
    delete from source_checks where source_id = ${source_id} and id <= (
      select id from source_checks where source_id = ${source_id}
       order by id desc offset ${KEPT} limit 1)`.execute(tx.db);
  return rows[0]!;
}

/** Requests that comparing has cost in the last 30 days. */
export async function sumReads(ctx: Context, source_id: number): Promise<number> {
  const since = new Date(ctx.clock.now().getTime() - 30 * 86_400_000);
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(reads), 0)::bigint as n from source_checks
     where source_id = ${source_id} and at > ${since}`.execute(ctx.db);
  return rows[0]!.n;
}

/** Newest first. */
export async function listChecks(
  ctx: Context,
  source_id: number,
  limit: number,
): Promise<SourceCheck[]> {
  const { rows } = await sql<SourceCheck>`
    select id, at, reads, compared, missing, extra, different, repaired, sentence
      from source_checks where source_id = ${source_id} order by id desc limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}
