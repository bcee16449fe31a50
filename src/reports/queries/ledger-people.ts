import type { Bucket } from '../../metrics/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';

/** Who had MRR at the end of a day: (person_id, amount_minor), times a factor. */
export function peopleWithMrr(
  on_date: string,
  currency: string | null,
  times: number,
): RawBuilder<unknown> {
  return sql`
    select person_id, amount_minor from (
      select distinct on (person_id) person_id, mrr_after_minor * ${times}::int as amount_minor
        from mrr_movements where on_date <= ${on_date}::date and currency = ${currency}
       order by person_id, on_date desc) as latest
     where amount_minor > 0`;
}

/** Who moved within a span, with their net movement of these kinds. */
export function peopleWhoMoved(
  span: Bucket,
  kinds: readonly string[],
  currency: string | null,
): RawBuilder<unknown> {
  return sql`
    select person_id, sum(amount_minor) as amount_minor from mrr_movements
     where on_date between ${span.from}::date and ${span.to}::date
       and kind = any(${kinds}) and currency = ${currency}
     group by person_id`;
}

/** Who is on a trial now. */
export function peopleOnTrial(): RawBuilder<unknown> {
  return sql`
    select person_id, null::numeric as amount_minor from person_state
     where trialing_subscriptions > 0`;
}

/** Whose largest plan is this one; of any plan with null. */
export function peopleOnPlan(plan: string | null, currency: string | null): RawBuilder<unknown> {
  return sql`
    select person_id, mrr_minor::numeric as amount_minor from person_state
     where mrr_minor > 0 and currency = ${currency}
       and (${plan}::text is null or coalesce(plan, '') = ${plan})`;
}

export async function selectPlans(
  ctx: Context,
  currency: string | null,
): Promise<{ plan: string; mrr_minor: number }[]> {
  const { rows } = await sql<{ plan: string; mrr_minor: number }>`
    select coalesce(plan, '') as plan, sum(mrr_minor)::bigint as mrr_minor from person_state
     where mrr_minor > 0 and currency = ${currency}
     group by 1 order by 2 desc, 1 limit 20`.execute(ctx.db);
  return rows;
}

export interface Behind {
  person_id: number;
  amount_minor: number | null;
}

/** A page of (person_id, amount_minor), the largest amounts first. */
export async function selectBehind(
  ctx: Context,
  people: RawBuilder<unknown>,
  limit: number,
): Promise<Behind[]> {
  const { rows } = await sql<Behind>`
    select person_id, round(amount_minor)::bigint as amount_minor from (${people}) as behind
     order by abs(amount_minor) desc nulls last, person_id limit ${limit}`.execute(ctx.db);
  return rows;
}

export async function countBehind(ctx: Context, people: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (${people}) as behind`.execute(ctx.db);
  return rows[0]!.n;
}

/** The currency with the most MRR, else the one most was paid in; null while there is neither. */
export async function findMainCurrency(ctx: Context): Promise<string | null> {
  const { rows } = await sql<{ currency: string }>`
    select currency from (
      (select currency, 1 as rank, sum(amount_minor) as size from mrr_days group by currency)
      union all
      (select currency, 2, sum(lifetime_paid_minor) from person_state where currency is not null group by currency)
    ) as known order by rank, size desc, currency limit 1`.execute(ctx.db);
  return rows[0]?.currency ?? null;
}
