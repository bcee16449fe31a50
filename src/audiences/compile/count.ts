import { sql } from '../../platform/index.ts';
import type { CountLeaf } from '../normalize.ts';
import {
  SAME_PERSON_ACTIVITY,
  SAME_PERSON_TOTAL,
  activityRows,
  totalRows,
} from './activity-rows.ts';
import { addLeafTable, interval } from './plan.ts';
import type { CompiledLeaf, Plan } from './plan.ts';

/**
 * Did it at least k times. Lifetime counts are kept per person. Reaching back N days, the answer
 * turns when the k-th newest time leaves the window: N days after it.
 */
export function compileCount(leaf: CountLeaf, plan: Plan): CompiledLeaf {
  return plan.setBased ? setBased(leaf, plan) : correlated(leaf, plan);
}

function setBased(leaf: CountLeaf, plan: Plan): CompiledLeaf {
  const { span, at_least: k } = leaf;
  if (span.kind === 'ever') {
    const totals = totalRows(plan, leaf.type);
    const name = addLeafTable(
      plan,
      sql`select t.person_id from ${totals.from} where ${totals.where} group by t.person_id having sum(t.n) >= ${k}::int`,
    );
    return { condition: sql`${name}.person_id is not null` };
  }
  const rows = activityRows(plan, leaf.type, span);
  const changes =
    span.kind === 'last' && plan.options.instants
      ? sql`, (array_agg(a.occurred_at order by a.occurred_at desc))[${k}::int] + ${interval(span.days)} as changes_at`
      : sql``;
  const name = addLeafTable(
    plan,
    sql`select a.person_id${changes} from ${rows.from} where ${rows.where} group by a.person_id having count(*) >= ${k}::int`,
  );
  const condition = sql`${name}.person_id is not null`;
  return span.kind === 'last'
    ? { condition, next_change_at: sql`${name}.changes_at` }
    : { condition };
}

function correlated(leaf: CountLeaf, plan: Plan): CompiledLeaf {
  const { span, at_least: k } = leaf;
  const rows = activityRows(plan, leaf.type, span);
  switch (span.kind) {
    case 'ever': {
      const totals = totalRows(plan, leaf.type);
      return {
        condition: sql`(select sum(t.n) from ${totals.from} where ${SAME_PERSON_TOTAL} and ${totals.where}) >= ${k}::int`,
      };
    }
    case 'between':
      return {
        condition: sql`(select count(*) from ${rows.from} where ${SAME_PERSON_ACTIVITY} and ${rows.where}) >= ${k}::int`,
      };
    case 'last': {
      const newest = sql`(select a.occurred_at from ${rows.from} where ${SAME_PERSON_ACTIVITY} and ${rows.where} order by a.occurred_at desc offset ${k - 1}::int limit 1)`;
      return {
        condition: sql`${newest} is not null`,
        next_change_at: sql`${newest} + ${interval(span.days)}`,
      };
    }
  }
}
