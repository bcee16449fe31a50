import type { Resource } from '../../objects/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { KeptRow } from '../light-check/compare-page.ts';

const table = (resource: Resource) => sql.table(`stripe.${resource}`);

/** Rows of a window: a page has 100, and some may be new to us. */
const OURS = 85;
const SAMPLED = 2_000;

/** A random stretch of time that holds about a page of our rows; null when there are none. */
export async function pickWindow(
  ctx: Context,
  source_id: number,
  resource: Resource,
  rows: number,
): Promise<{ from: Date; until: Date } | null> {
  const percent = Math.min(100, (100 * SAMPLED) / Math.max(1, rows));
  const { rows: found } = await sql<{ from: Date | null; until: Date | null }>`
    with pivot as (
      select created_at from ${table(resource)} tablesample system (${percent})
       where source_id = ${source_id} and deleted_at is null and created_at is not null
       order by random() limit 1),
    ours as (
      select t.created_at from ${table(resource)} t, pivot
       where t.source_id = ${source_id} and t.deleted_at is null
         and t.created_at <= pivot.created_at
       order by t.created_at desc limit ${OURS})
    select min(created_at) as from, max(created_at) + interval '1 second' as until from ours
  `.execute(ctx.db);
  const { from, until } = found[0]!;
  return from && until ? { from, until } : null;
}

/** More rows than this in one stretch cannot be a page: they are not compared. */
const MOST = 2_000;

/** Our rows of a stretch of time, and those with given ids wherever they are, living or deleted. */
export async function listKeptRows(
  ctx: Context,
  source_id: number,
  resource: Resource,
  stretch: { from: Date | null; until: Date | null; ids: readonly string[] },
): Promise<KeptRow[]> {
  const { from, until, ids } = stretch;
  const { rows } = await sql<KeptRow>`
    select id, raw, version_at, deleted_at is not null as deleted from ${table(resource)}
     where source_id = ${source_id}
       and (id = any(${ids}) or (deleted_at is null
            and (${from}::timestamptz is null or created_at >= ${from})
            and (${until}::timestamptz is null or created_at < ${until})))
     limit ${MOST + 1}`.execute(ctx.db);
  return rows.length > MOST ? rows.filter((row) => ids.includes(row.id)) : rows;
}

/** Those of these objects that an event waiting to be applied is about. */
export async function listAwaited(
  ctx: Context,
  source_id: number,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ object_id: string }>`
    select distinct object_id from stripe.events
     where source_id = ${source_id} and processed_at is null and object_id = any(${ids})`.execute(
    ctx.db,
  );
  return new Set(rows.map((row) => row.object_id));
}

/** Created of our oldest object that may still change without an event; null when there is none. An empty value means none is set. */
export async function findOldestUnsettled(
  ctx: Context,
  source_id: number,
  resource: Resource,
  unsettled: { field: string; value: string },
): Promise<Date | null> {
  const { rows } = await sql<{ oldest: Date | null }>`
    select min(created_at) as oldest from ${table(resource)}
     where source_id = ${source_id} and deleted_at is null
       and coalesce(raw ->> ${unsettled.field}, '') = ${unsettled.value}`.execute(ctx.db);
  return rows[0]!.oldest;
}

const DAY_MS = 86_400_000;

/** Charges of the last 30 days, which is what Stripe's allowance of reads goes by. */
export async function countTransactions(ctx: Context, source_id: number): Promise<number> {
  const since = new Date(ctx.clock.now().getTime() - 30 * DAY_MS);
  const { rows } = await sql<{ n: number }>`
    select count(*) n from stripe.events
     where source_id = ${source_id} and created_at > ${since} and type = 'charge.succeeded'
  `.execute(ctx.db);
  return rows[0]?.n ?? 0;
}
