import { sql } from '../../platform/index.ts';
import type { RawBuilder } from '../../platform/index.ts';
import type { Definition } from '../definition.ts';
import { dependsOnClock, listLeaves, normalize } from '../normalize.ts';
import type { Leaf, Normal } from '../normalize.ts';
import { compileCount } from './count.ts';
import { compileField } from './field.ts';
import { compileOccurrence } from './occurrence.ts';
import { newPlan, table } from './plan.ts';
import type { CompileOptions, CompiledLeaf, Plan } from './plan.ts';
import { compileSum } from './sum.ts';

type Sql = RawBuilder<unknown>;

export interface Answer {
  person_id: number;
  matches: boolean;
  /** When the answer may next change by the clock alone; null when it will not. */
  next_change_at: Date | null;
}

/**
 * The people who match, as a query of one column `person_id`. Every value of the definition is a
 * parameter. People who were merged into another are nobody.
 */
export function compileMembers(
  definition: Definition,
  options: Omit<CompileOptions, 'instants'>,
): RawBuilder<{ person_id: number }> {
  const plan = newPlan({ ...options, instants: false });
  const { condition } = compileTree(normalize(definition), plan);
  return sql<{
    person_id: number;
  }>`${head(plan)}select p.person_id ${body(plan)} and ${condition}`;
}

/**
 * Answers with the instant at which each may next change. Asked about given people, there is a row
 * for each; asked about everybody, only for those who match or have an instant.
 */
export function compileAnswers(
  definition: Definition,
  options: Omit<CompileOptions, 'instants'>,
): RawBuilder<Answer> {
  const normal = normalize(definition);
  if (options.people === 'everybody' && !dependsOnClock(normal)) {
    const members = compileMembers(definition, options);
    return sql<Answer>`select m.person_id, true as matches, null::timestamptz as next_change_at from (${members}) m`;
  }
  const plan = newPlan({ ...options, instants: true });
  const { condition, instants } = compileTree(normal, plan);
  const rows = sql<Answer>`${head(plan)}select p.person_id, (${condition}) is true as matches, ${soonest(instants)}::timestamptz as next_change_at ${body(plan)}`;
  return options.people === 'everybody'
    ? sql<Answer>`select * from (${rows}) r where r.matches or r.next_change_at is not null`
    : rows;
}

/**
 * Answers of given people to many definitions in one pass over them. Position n of both arrays
 * belongs to the n-th definition.
 */
export function compileManyAnswers(
  definitions: readonly Definition[],
  options: { now: Date; people: readonly number[] },
): RawBuilder<{ person_id: number; matches: boolean[]; next_change_at: (Date | null)[] }> {
  const plan = newPlan({ ...options, instants: true });
  const trees = definitions.map((definition) => compileTree(normalize(definition), plan));
  const matches = trees.map(({ condition }) => sql`(${condition}) is true`);
  const next = trees.map(({ instants }) => soonest(instants));
  return sql`select p.person_id, array[${sql.join(matches)}]::boolean[] as matches, array[${sql.join(next)}]::timestamptz[] as next_change_at ${body(plan)}`;
}

/** Everything an answer depends on, for one line of a page: the leaves with what they compile to. */
export function compileLeaf(leaf: Leaf, plan: Plan): CompiledLeaf {
  switch (leaf.kind) {
    case 'field':
      return compileField(leaf, plan);
    case 'occurrence':
      return compileOccurrence(leaf, plan);
    case 'count':
      return compileCount(leaf, plan);
    case 'sum':
      return compileSum(leaf, plan);
  }
}

function compileTree(normal: Normal, plan: Plan): { condition: Sql; instants: Sql[] } {
  const compiled = new Map<Leaf, CompiledLeaf>();
  for (const leaf of listLeaves(normal)) compiled.set(leaf, compileLeaf(leaf, plan));
  const instants = [...compiled.values()].flatMap((leaf) => leaf.next_change_at ?? []);
  return { condition: combine(normal, compiled), instants };
}

function soonest(instants: Sql[]): Sql {
  return instants.length === 0 ? sql`null` : sql`least(${sql.join(instants)})`;
}

function combine(normal: Normal, compiled: Map<Leaf, CompiledLeaf>): Sql {
  if (!('of' in normal)) {
    const { condition } = compiled.get(normal)!;
    // Null is "no", so its opposite must be "yes".
    return normal.negated ? sql`(${condition}) is not true` : condition;
  }
  if (normal.of.length === 0) return normal.kind === 'all' ? sql`true` : sql`false`;
  const parts = normal.of.map((part) => combine(part, compiled));
  return sql`(${sql.join(parts, normal.kind === 'all' ? sql` and ` : sql` or `)})`;
}

function head(plan: Plan): Sql {
  if (plan.leafTables.length === 0) return sql``;
  const tables = plan.leafTables.map(({ name, query }) => sql`${name} as materialized (${query})`);
  return sql`with ${sql.join(tables)} `;
}

function body(plan: Plan): Sql {
  const state = plan.needsState
    ? sql` left join ${table(plan, 'person_state')} s on s.person_id = p.person_id`
    : sql``;
  const leaves = plan.leafTables.map(
    ({ name }) => sql` left join ${name} on ${name}.person_id = p.person_id`,
  );
  const { people } = plan.options;
  const asked = people === 'everybody' ? sql`` : sql` and p.person_id = any(${people}::int[])`;
  return sql`from ${table(plan, 'people')} p${state}${sql.join(leaves, sql``)} where p.merged_into is null${asked}`;
}
