import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';
import type { Json } from '../../objects/index.ts';

export interface StoredActivity {
  id: number;
  person_id: number;
  person_name: string | null;
  person_email: string | null;
  type_id: number;
  occurred_at: Date;
  amount_minor: number | null;
  currency: string | null;
  source_id: number | null;
  object_id: string | null;
  attributes: Json;
}

export interface ActivityFilter {
  person_id: number | null;
  source_id: number | null;
  type_ids: readonly number[] | null;
  before: { occurred_at: Date; id: number } | null;
}

/** Newest first. Products have names now; those are put beside their ids. */
export async function selectActivities(
  ctx: Context,
  filter: ActivityFilter,
  limit: number,
): Promise<StoredActivity[]> {
  const { rows } = await sql<StoredActivity>`
    with page as materialized (
      select a.id, a.person_id, a.type, a.occurred_at, a.amount_minor, a.currency
        from activities a where ${matches(filter)}
       order by a.occurred_at desc, a.id desc limit ${limit})
    select a.id, a.person_id, p.name as person_name, p.email as person_email, a.type as type_id,
           a.occurred_at, a.amount_minor, a.currency, y.source_id, y.object_id,
           y.attributes
             || case when now.name is null then '{}' else jsonb_build_object('plan', now.name) end
             || case when was.name is null then '{}' else jsonb_build_object('previous_plan', was.name) end
             as attributes
      from page a
      join activity_payloads y on y.person_id = a.person_id and y.id = a.id
      left join people p on p.person_id = a.person_id
      left join stripe.products now
        on now.source_id = y.source_id and now.id = y.attributes ->> 'product_id'
      left join stripe.products was
        on was.source_id = y.source_id and was.id = y.attributes ->> 'previous_product_id'
     order by a.occurred_at desc, a.id desc`.execute(ctx.db);
  return rows;
}

function matches(filter: ActivityFilter): RawBuilder<unknown> {
  const parts = [sql`true`];
  if (filter.person_id !== null) parts.push(sql`a.person_id = ${filter.person_id}`);
  // Asked row by row, newest first, because nearly every row is of the source that is asked for.
  if (filter.source_id !== null)
    parts.push(sql`(select y.source_id from activity_payloads y
                     where y.person_id = a.person_id and y.id = a.id) = ${filter.source_id}`);
  if (filter.type_ids !== null) parts.push(sql`a.type = any(${filter.type_ids}::smallint[])`);
  if (filter.before !== null)
    parts.push(
      sql`(a.occurred_at, a.id) < (${filter.before.occurred_at}::timestamptz, ${filter.before.id}::bigint)
          and a.occurred_at <= ${filter.before.occurred_at}`,
    );
  return sql.join(parts, sql` and `);
}

/** How many activities each day of the time zone saw, days without any included, oldest first. */
export async function selectDays(
  ctx: Context,
  span: { from: Date; to: Date; source_id: number | null; time_zone: string },
): Promise<{ on_date: string; count: number }[]> {
  const { from, to, source_id, time_zone } = span;
  const source =
    source_id === null
      ? sql``
      : sql`join activity_payloads y on y.person_id = a.person_id and y.id = a.id
             and y.source_id = ${source_id}`;
  const { rows } = await sql<{ on_date: string; count: number }>`
    with counted as (
      select (a.occurred_at at time zone ${time_zone}::text)::date as on_date, count(*) as n
        from activities a ${source}
       where a.occurred_at >= ${from} and a.occurred_at < ${to} group by 1)
    select day::date as on_date, coalesce(n, 0) as count
      from generate_series((${from}::timestamptz at time zone ${time_zone}::text)::date,
             ((${to}::timestamptz - interval '1 microsecond') at time zone ${time_zone}::text)::date,
             interval '1 day') as day
      left join counted on counted.on_date = day::date
     order by day`.execute(ctx.db);
  return rows;
}

/** How many activities are kept, of all sources and our own or of one source. */
export async function countActivities(
  ctx: Context,
  options: { source_id?: number } = {},
): Promise<number> {
  const { rows } =
    options.source_id === undefined
      ? await sql<{ n: number }>`select coalesce(sum(n), 0)::bigint as n from person_activity_totals
        `.execute(ctx.db)
      : await sql<{ n: number }>`
          select count(*) as n from activity_payloads where source_id = ${options.source_id}
        `.execute(ctx.db);
  return rows[0]!.n;
}
