import { sql } from '../../platform/index.ts';
import type { RawBuilder } from '../../platform/index.ts';

type Sql = RawBuilder<unknown>;

/**
 * Who is asked, which decides the form of the SQL: `everybody` is answered by sets (aggregates
 * computed once in a CTE), a list of ids by correlated look-ups, one person after the other.
 */
export type People = 'everybody' | readonly number[];

export interface CompileOptions {
  now: Date;
  people: People;
  /** Also say when each person's answer next changes. */
  instants: boolean;
  /** Read only this hash partition (0 to 15) of every table keyed by a person: a sample of the people. */
  partition?: number;
}

/** What a leaf compiles to. `condition` is true, false or null (which counts as false). */
export interface CompiledLeaf {
  condition: Sql;
  /** An instant after now at which the leaf may change, null when it will not; absent when time does not matter. */
  next_change_at?: Sql;
}

/**
 * The query under construction: leaves add the tables they need. `p` is the person, `s` the hot
 * facts; a set-based leaf adds a materialized CTE with at most one row a person and joins it.
 * Materialized, because as a subquery each parallel worker would compute the whole aggregate again.
 */
export interface Plan {
  options: CompileOptions;
  setBased: boolean;
  needsState: boolean;
  leafTables: { name: Sql; query: Sql }[];
}

export function newPlan(options: CompileOptions): Plan {
  return {
    options,
    setBased: options.people === 'everybody',
    needsState: false,
    leafTables: [],
  };
}

type PersonTable = 'people' | 'person_state' | 'activities' | 'person_activity_totals';

/** A table keyed by a person, or the partition of it that is being sampled. */
export function table(plan: Plan, name: PersonTable): Sql {
  const { partition } = plan.options;
  return sql.table(partition === undefined ? name : `${name}_${partition}`);
}

/** Adds a CTE of one row a person and answers the alias under which it is joined. */
export function addLeafTable(plan: Plan, query: Sql): Sql {
  const name = sql.ref(`leaf_${plan.leafTables.length + 1}`);
  plan.leafTables.push({ name, query });
  return name;
}

/** A point in time as a parameter whose type is never in doubt. */
export function instant(at: Date): Sql {
  return sql`${at}::timestamptz`;
}

/** `days` × 24 hours before now. Sessions run in UTC, where that is the same as `days` days. */
export function daysBack(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}

export function interval(days: number): Sql {
  return sql`make_interval(days => ${days}::int)`;
}
