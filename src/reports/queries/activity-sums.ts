import { findActivityType } from '../../activities/index.ts';
import type { ActivityName } from '../../activities/index.ts';
import type { Bucket } from '../../metrics/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';

export interface Scope {
  currency: string | null;
  time_zone: string;
}

/** Whose rows count over a span of days: (person_id, at, amount_minor). */
export type Source = (scope: Scope) => RawBuilder<unknown>;

/** Amounts of one kind of activity in one currency. */
export function amountsOf(activity: ActivityName): Source {
  return ({ currency }) => sql`
    select person_id, occurred_at as at, amount_minor from activities
     where type = ${findActivityType(activity)!.id} and currency = ${currency} and amount_minor is not null`;
}

/** People who did something; how often does not matter. */
export function peopleWho(activity: ActivityName): Source {
  return () => sql`
    select person_id, occurred_at as at, null::bigint as amount_minor from activities
     where type = ${findActivityType(activity)!.id}`;
}

export const FIRST_PAYMENTS: Source = () => sql`
  select person_id, first_paid_at as at, null::bigint as amount_minor from person_state
   where first_paid_at is not null`;

export const FIRST_SEEN: Source = () => sql`
  select person_id, created_at as at, null::bigint as amount_minor from people
   where merged_into is null`;

/** Sum of amounts and number of people for each span of days, in their order. */
export async function sumSpans(
  ctx: Context,
  source: Source,
  spans: readonly Bucket[],
  scope: Scope,
): Promise<{ amount_minor: number; people: number }[]> {
  const { rows } = await sql<{ amount_minor: number; people: number }>`
    select coalesce(sum(amount_minor), 0)::bigint as amount_minor, count(distinct person_id) as people
      from unnest(${spans.map((span) => span.from)}::date[], ${spans.map((span) => span.to)}::date[])
             with ordinality as span(from_on, to_on, position)
      left join (${source(scope)}) as found
        on found.at >= (from_on::timestamp at time zone ${scope.time_zone}::text)
       and found.at < ((to_on + 1)::timestamp at time zone ${scope.time_zone}::text)
     group by position order by position`.execute(ctx.db);
  return rows;
}

/** The people of one span, with the sum of their amounts: (person_id, amount_minor). */
export function peopleOf(source: Source, span: Bucket, scope: Scope): RawBuilder<unknown> {
  return sql`
    select person_id, sum(amount_minor) as amount_minor from (${source(scope)}) as found
     where found.at >= (${span.from}::date::timestamp at time zone ${scope.time_zone}::text)
       and found.at < ((${span.to}::date + 1)::timestamp at time zone ${scope.time_zone}::text)
     group by person_id`;
}
