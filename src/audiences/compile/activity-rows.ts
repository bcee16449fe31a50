import { sql } from '../../platform/index.ts';
import type { RawBuilder } from '../../platform/index.ts';
import type { Span } from '../normalize.ts';
import { daysBack, instant, table } from './plan.ts';
import type { Plan } from './plan.ts';

type Sql = RawBuilder<unknown>;

/**
 * Which rows of `activities a` a leaf is about. Reaching back from now has no upper end: Stripe's
 * clock may run a moment ahead of ours, and what it reports has happened.
 */
export function activityRows(plan: Plan, type: number, span: Span): { from: Sql; where: Sql } {
  const from = sql`${table(plan, 'activities')} a`;
  const ofType = sql`a.type = ${type}::smallint`;
  switch (span.kind) {
    case 'ever':
      return { from, where: ofType };
    case 'last': {
      const cutoff = instant(daysBack(plan.options.now, span.days));
      return { from, where: sql`${ofType} and a.occurred_at > ${cutoff}` };
    }
    case 'between':
      return {
        from,
        where: sql`${ofType} and a.occurred_at >= ${instant(span.from)} and a.occurred_at < ${instant(span.until)}`,
      };
  }
}

/** Which rows of `person_activity_totals t` a leaf is about: one a currency. */
export function totalRows(plan: Plan, type: number): { from: Sql; where: Sql } {
  return {
    from: sql`${table(plan, 'person_activity_totals')} t`,
    where: sql`t.type = ${type}::smallint`,
  };
}

export const SAME_PERSON_ACTIVITY = sql`a.person_id = p.person_id`;
export const SAME_PERSON_TOTAL = sql`t.person_id = p.person_id`;
