import { sql } from '../../platform/index.ts';
import type { RawBuilder } from '../../platform/index.ts';
import type { FieldLeaf, Relation } from '../normalize.ts';
import { daysBack, instant, interval } from './plan.ts';
import type { CompiledLeaf, Plan } from './plan.ts';

type Sql = RawBuilder<unknown>;

/** A condition on a column of the person or of their hot facts. */
export function compileField(leaf: FieldLeaf, plan: Plan): CompiledLeaf {
  if (leaf.field.table === 'person_state') plan.needsState = true;
  const column = fieldColumn(leaf.field);
  const { test } = leaf;
  switch (test.op) {
    case 'equals':
      return { condition: inCurrency(equals(leaf, column, test.value), test.currency, plan) };
    case 'one_of':
      return leaf.field.type === 'choice'
        ? { condition: sql`${column} = any(${test.values}::text[])` }
        : {
            condition: sql`lower(${column}) in (select lower(v) from unnest(${test.values}::text[]) v)`,
          };
    case 'contains':
      return { condition: sql`strpos(lower(${column}), lower(${test.value}::text)) > 0` };
    case 'present':
      // An empty text is no value, but 0 is one.
      return {
        condition:
          leaf.field.type === 'text' || leaf.field.type === 'choice'
            ? sql`${column} <> ''`
            : sql`${column} is not null`,
      };
    case 'compare': {
      const compared = sql`${column} ${sql.raw(test.sign)} ${test.value}::bigint`;
      return { condition: inCurrency(compared, test.currency, plan) };
    }
    case 'instant':
      return { condition: sql`${column} ${sql.raw(test.sign)} ${instant(test.at)}` };
    case 'relative':
      return relative(test.relation, column, test.days, plan.options.now);
  }
}

/** `p.email`, `s.plan`: the column behind a field of the catalogue. */
export function fieldColumn(field: FieldLeaf['field']): Sql {
  return sql.ref(`${field.table === 'people' ? 'p' : 's'}.${field.name}`);
}

function equals(leaf: FieldLeaf, column: Sql, value: string | number): Sql {
  switch (leaf.field.type) {
    case 'text':
      return sql`lower(${column}) = lower(${value}::text)`;
    case 'choice':
      return sql`${column} = ${value}::text`;
    case 'number':
    case 'money':
      return sql`${column} = ${value}::bigint`;
    case 'time':
      return sql`${column} = ${value}::timestamptz`;
  }
}

function inCurrency(condition: Sql, currency: string | null, plan: Plan): Sql {
  if (currency === null) return condition;
  plan.needsState = true;
  return sql`(${condition} and s.currency = ${currency}::text)`;
}

/**
 * A window around a time, open on one side so that it opens and closes at exact instants:
 *
 *   within_next N     [t - N, t)         within_last N     [t, t + N)
 *   over_days_ahead N (-∞, t - N)        over_days_ago N   [t + N, ∞)
 */
function relative(relation: Relation, column: Sql, days: number, now: Date): CompiledLeaf {
  const at = instant(now);
  const back = instant(daysBack(now, days));
  const ahead = instant(daysBack(now, -days));
  const opens = sql`${column} - ${interval(days)}`;
  const closes = sql`${column} + ${interval(days)}`;
  const whileFuture = (edge: Sql, bound: Sql): Sql =>
    sql`case when ${column} > ${bound} then ${edge} end`;
  switch (relation) {
    case 'within_next':
      return {
        condition: sql`(${column} > ${at} and ${column} <= ${ahead})`,
        next_change_at: sql`least(${whileFuture(opens, ahead)}, ${whileFuture(column, at)})`,
      };
    case 'within_last':
      return {
        condition: sql`(${column} <= ${at} and ${column} > ${back})`,
        next_change_at: sql`least(${whileFuture(column, at)}, ${whileFuture(closes, back)})`,
      };
    case 'over_days_ahead':
      return {
        condition: sql`${column} > ${ahead}`,
        next_change_at: whileFuture(opens, ahead),
      };
    case 'over_days_ago':
      return {
        condition: sql`${column} <= ${back}`,
        next_change_at: whileFuture(closes, back),
      };
  }
}
