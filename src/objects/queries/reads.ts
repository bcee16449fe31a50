import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { RESOURCES } from '../definition.ts';
import type { CustomerResource, Json, Resource } from '../definition.ts';
import { tableOf } from './rows.ts';

/** Objects by id, in no order; unknown and deleted ones are left out. */
export async function findObjects(
  ctx: Context,
  source_id: number,
  resource: Resource,
  ids: readonly string[],
): Promise<Json[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ raw: Json }>`
    select raw from ${tableOf(resource)}
     where source_id = ${source_id} and id = any(${ids}) and deleted_at is null`.execute(ctx.db);
  return rows.map((row) => row.raw);
}

/** One object as Stripe sent it, or null when it is unknown or deleted. */
export async function findObject(
  ctx: Context,
  source_id: number,
  resource: Resource,
  id: string,
): Promise<Json | null> {
  return (await findObjects(ctx, source_id, resource, [id]))[0] ?? null;
}

export interface ObjectPage {
  rows: Json[];
  /** Give it back to get the next page; null at the end. */
  next_cursor: string | null;
}

/** A page of living objects, newest first; optionally of one customer. */
export async function listObjects(
  ctx: Context,
  query: { source_id: number; limit: number; cursor?: string | null } & (
    | { resource: Resource; customer?: undefined }
    | { resource: CustomerResource; customer: string }
  ),
): Promise<ObjectPage> {
  const [second, id] = (query.cursor ?? '').split('/');
  const after = id
    ? sql`and (coalesce(extract(epoch from created_at), 0), id) < (${Number(second)}, ${id})`
    : sql``;
  const owner = query.customer === undefined ? sql`` : sql`and customer = ${query.customer}`;
  const { rows } = await sql<{ raw: Json; second: string; id: string }>`
    select raw, id, coalesce(extract(epoch from created_at), 0)::bigint::text as second
      from ${tableOf(query.resource)}
     where source_id = ${query.source_id} and deleted_at is null ${owner} ${after}
     order by coalesce(extract(epoch from created_at), 0) desc, id desc
     limit ${query.limit + 1}`.execute(ctx.db);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => row.raw),
    next_cursor: rows.length > query.limit && last ? `${last.second}/${last.id}` : null,
  };
}

/** Living objects of many customers at once, for set-based reads. */
export async function listCustomerObjects(
  ctx: Context,
  resource: CustomerResource,
  customers: readonly { source_id: number; customer: string }[],
): Promise<{ source_id: number; customer: string; id: string; raw: Json }[]> {
  if (customers.length === 0) return [];
  const { rows } = await sql<{ source_id: number; customer: string; id: string; raw: Json }>`
    select t.source_id, t.customer, t.id, t.raw
      from unnest(${customers.map((pair) => pair.source_id)}::int[],
                  ${customers.map((pair) => pair.customer)}::text[]) as c (source_id, customer)
      join ${tableOf(resource)} t on t.source_id = c.source_id and t.customer = c.customer
     where t.deleted_at is null
     order by t.created_at, t.id`.execute(ctx.db);
  return rows;
}

/** Living objects of many customers at once, oldest first, with these fields of the object alone: the others are not sent. */
export async function listCustomerFields(
  ctx: Context,
  resource: CustomerResource,
  customers: readonly { source_id: number; customer: string }[],
  fields: readonly string[],
): Promise<{ source_id: number; customer: string; raw: Json }[]> {
  if (customers.length === 0) return [];
  const wanted = fields.map((name) => sql`${name}::text, t.raw -> ${name}::text`);
  const { rows } = await sql<{ source_id: number; customer: string; raw: Json }>`
    select t.source_id, t.customer, jsonb_build_object(${sql.join(wanted)}) as raw
      from unnest(${customers.map((pair) => pair.source_id)}::int[],
                  ${customers.map((pair) => pair.customer)}::text[]) as c (source_id, customer)
      join ${tableOf(resource)} t on t.source_id = c.source_id and t.customer = c.customer
     where t.deleted_at is null
     order by t.created_at, t.id`.execute(ctx.db);
  return rows;
}

/** Living objects of these customers that were last seen a second or more before an instant. */
export async function listOlderOf(
  ctx: Context,
  source_id: number,
  resource: Resource,
  customers: readonly string[],
  before: Date,
): Promise<Json[]> {
  if (customers.length === 0) return [];
  const { rows } = await sql<{ raw: Json }>`
    select raw from ${tableOf(resource)}
     where source_id = ${source_id} and customer = any(${customers}) and deleted_at is null
       and version_at < date_trunc('second', ${before}::timestamptz)`.execute(ctx.db);
  return rows.map((row) => row.raw);
}

/** How many living objects of each resource a source has. Counts rows: not for hot paths. */
export async function countObjects(
  ctx: Context,
  source_id: number,
): Promise<Record<Resource, number>> {
  const counts = RESOURCES.map(
    (resource) => sql`select ${resource}::text as resource, count(*) as n
      from ${tableOf(resource)} where source_id = ${source_id} and deleted_at is null`,
  );
  const { rows } = await sql<{ resource: Resource; n: number }>`
    ${sql.join(counts, sql` union all `)}`.execute(ctx.db);
  return Object.fromEntries(rows.map((row) => [row.resource, row.n])) as Record<Resource, number>;
}

/**
 * Lets the database look at how the tables have grown. Between its own looks, a first sync makes
 * empty tables large, and it would go on reading them in ways that only suit empty ones.
 */
export async function analyzeObjects(ctx: Context): Promise<void> {
  const tables = [...RESOURCES.map(tableOf), sql.table('stripe.events')];
  await sql`analyze ${sql.join(tables)}`.execute(ctx.db);
}
