import { sql } from '../../platform/index.ts';
import type { RawBuilder } from '../../platform/index.ts';
import type { SumLeaf } from '../normalize.ts';
import {
  SAME_PERSON_ACTIVITY,
  SAME_PERSON_TOTAL,
  activityRows,
  totalRows,
} from './activity-rows.ts';
import { addLeafTable, interval } from './plan.ts';
import type { CompiledLeaf, Plan } from './plan.ts';

type Sql = RawBuilder<unknown>;

/**
 * Amounts of one currency add up to more than a threshold. Lifetime sums are kept per person.
 * Reaching back N days, the sum may change whenever the oldest amount leaves the window; amounts
 * may be negative, so that is looked at even where the threshold was not reached.
 */
export function compileSum(leaf: SumLeaf, plan: Plan): CompiledLeaf {
  const { span, currency } = leaf;
  if (span.kind === 'ever') {
    const totals = totalRows(plan, leaf.type);
    // One row a currency, so nothing needs adding up.
    return {
      condition: sql`exists (select from ${totals.from} where ${SAME_PERSON_TOTAL} and ${totals.where} and t.currency = ${currency}::text and ${reaches(sql`t.total_minor`, leaf)})`,
    };
  }
  const { from, where } = activityRows(plan, leaf.type, span);
  const amounts = sql`${where} and a.currency = ${currency}::text`;
  const changesAt = span.kind === 'last' ? sql`min(a.occurred_at) + ${interval(span.days)}` : null;
  if (plan.setBased) {
    const name = addLeafTable(
      plan,
      sql`select a.person_id, sum(a.amount_minor) as sum_minor${changesAt ? sql`, ${changesAt} as changes_at` : sql``} from ${from} where ${amounts} group by a.person_id`,
    );
    const condition = reaches(sql`${name}.sum_minor`, leaf);
    return changesAt ? { condition, next_change_at: sql`${name}.changes_at` } : { condition };
  }
  const rows = sql`from ${from} where ${SAME_PERSON_ACTIVITY} and ${amounts}`;
  const condition = reaches(sql`(select sum(a.amount_minor) ${rows})`, leaf);
  return changesAt
    ? { condition, next_change_at: sql`(select ${changesAt} ${rows})` }
    : { condition };
}

function reaches(sum: Sql, leaf: SumLeaf): Sql {
  return sql`${sum} ${sql.raw(leaf.sign)} ${leaf.amount_minor}::bigint`;
}
