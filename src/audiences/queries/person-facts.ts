import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { activityRows } from '../compile/activity-rows.ts';
import { newPlan } from '../compile/plan.ts';
import type { Span } from '../normalize.ts';

/** All fields of the catalogue for one person, times as ISO text; null for nobody or a merged person. */
export async function selectPersonFields(
  ctx: Context,
  personId: number,
): Promise<Record<string, string | number | null> | null> {
  const { rows } = await sql<{ fields: Record<string, string | number | null> }>`
    select coalesce(to_jsonb(s), '{}') || to_jsonb(p) as fields
      from people p left join person_state s on s.person_id = p.person_id
     where p.person_id = ${personId} and p.merged_into is null`.execute(ctx.db);
  return rows[0]?.fields ?? null;
}

export interface ActivityFacts {
  times: number;
  sum_minor: number;
  last_at: Date | null;
}

/** What a person did of one type within a span, from the raw rows. The sum is of one currency. */
export async function selectActivityFacts(
  ctx: Context,
  personId: number,
  asked: { type: number; span: Span; currency: string | null },
): Promise<ActivityFacts> {
  const plan = newPlan({ now: ctx.clock.now(), people: [personId], instants: false });
  const { from, where } = activityRows(plan, asked.type, asked.span);
  const { rows } = await sql<ActivityFacts>`
    select count(*)::int as times, max(a.occurred_at) as last_at,
           coalesce(sum(a.amount_minor) filter (where a.currency = ${asked.currency}::text), 0)::bigint as sum_minor
      from ${from} where a.person_id = ${personId} and ${where}`.execute(ctx.db);
  return rows[0]!;
}
