import { sql } from '../../platform/index.ts';
import type { OccurrenceLeaf } from '../normalize.ts';
import {
  SAME_PERSON_ACTIVITY,
  SAME_PERSON_TOTAL,
  activityRows,
  totalRows,
} from './activity-rows.ts';
import { addLeafTable, daysBack, instant, interval } from './plan.ts';
import type { CompiledLeaf, Plan } from './plan.ts';

/**
 * Did it at all. The last time is kept per person, so only a closed window reads raw rows. Reaching
 * back N days, the answer turns N days after the last time.
 */
export function compileOccurrence(leaf: OccurrenceLeaf, plan: Plan): CompiledLeaf {
  const totals = totalRows(plan, leaf.type);
  switch (leaf.span.kind) {
    case 'ever':
      return {
        condition: sql`exists (select from ${totals.from} where ${SAME_PERSON_TOTAL} and ${totals.where})`,
      };
    case 'between': {
      const rows = activityRows(plan, leaf.type, leaf.span);
      return {
        condition: sql`exists (select from ${rows.from} where ${SAME_PERSON_ACTIVITY} and ${rows.where})`,
      };
    }
    case 'last':
      return lastDays(leaf.span.days, totals, plan);
  }
}

function lastDays(days: number, totals: ReturnType<typeof totalRows>, plan: Plan): CompiledLeaf {
  const cutoff = instant(daysBack(plan.options.now, days));
  const recent = sql`${totals.where} and t.last_at > ${cutoff}`;
  if (plan.setBased && plan.options.instants) {
    const name = addLeafTable(
      plan,
      sql`select t.person_id, max(t.last_at) + ${interval(days)} as changes_at from ${totals.from} where ${recent} group by t.person_id`,
    );
    return {
      condition: sql`${name}.person_id is not null`,
      next_change_at: sql`${name}.changes_at`,
    };
  }
  return {
    condition: sql`exists (select from ${totals.from} where ${SAME_PERSON_TOTAL} and ${recent})`,
    next_change_at: sql`(select max(t.last_at) + ${interval(days)} from ${totals.from} where ${SAME_PERSON_TOTAL} and ${recent})`,
  };
}
