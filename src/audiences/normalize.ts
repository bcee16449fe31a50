import { ACTIVITY_TYPES } from '../activities/index.ts';
import { findField } from './definition.ts';
import type {
  ActivityCondition,
  Condition,
  Definition,
  Field,
  FieldCondition,
  Window,
} from './definition.ts';

/**
 * The tree the compiler works on: negation pushed down to the leaves, twin operators folded into
 * one (`did_not` is "not at least once", `at_most 2` is "not at least 3"), names resolved.
 */
export type Normal = { kind: 'all' | 'any'; of: Normal[] } | Leaf;
export type Leaf = (FieldLeaf | OccurrenceLeaf | CountLeaf | SumLeaf) & { negated: boolean };

export interface FieldLeaf {
  kind: 'field';
  field: Field;
  test: FieldTest;
}
export type FieldTest =
  | { op: 'equals'; value: string | number; currency: string | null }
  | { op: 'one_of'; values: string[] }
  | { op: 'contains'; value: string }
  | { op: 'present' }
  | { op: 'compare'; sign: '>' | '>=' | '<' | '<='; value: number; currency: string | null }
  | { op: 'instant'; sign: '>' | '<'; at: Date }
  | { op: 'relative'; relation: Relation; days: number };
export type Relation = 'within_next' | 'within_last' | 'over_days_ahead' | 'over_days_ago';

/** Did it at all. Kept apart from counting, because existence is answered without counting. */
export interface OccurrenceLeaf {
  kind: 'occurrence';
  type: number;
  span: Span;
}
export interface CountLeaf {
  kind: 'count';
  type: number;
  span: Span;
  at_least: number;
}
export interface SumLeaf {
  kind: 'sum';
  type: number;
  span: Span;
  sign: '>' | '>=';
  amount_minor: number;
  currency: string;
}
export type Span =
  | { kind: 'ever' }
  | { kind: 'last'; days: number }
  | { kind: 'between'; from: Date; until: Date };

const EVERYBODY: Normal = { kind: 'all', of: [] };
const NOBODY: Normal = { kind: 'any', of: [] };

/** Turns a checked definition into its normal form. */
export function normalize(definition: Definition, negated = false): Normal {
  if ('not' in definition) return normalize(definition.not, !negated);
  if ('all' in definition) return group(negated ? 'any' : 'all', definition.all, negated);
  if ('any' in definition) return group(negated ? 'all' : 'any', definition.any, negated);
  return leaf(definition, negated);
}

/** Every leaf of a tree, in order. */
export function listLeaves(normal: Normal): Leaf[] {
  return 'of' in normal ? normal.of.flatMap(listLeaves) : [normal];
}

/** Whether the passing of time alone can change somebody's answer. */
export function dependsOnClock(normal: Normal): boolean {
  return listLeaves(normal).some((one) =>
    one.kind === 'field' ? one.test.op === 'relative' : one.span.kind === 'last',
  );
}

function group(kind: 'all' | 'any', parts: Definition[], negated: boolean): Normal {
  const of = parts
    .map((part) => normalize(part, negated))
    .flatMap((part) => (part.kind === kind && 'of' in part ? part.of : [part]));
  return of.length === 1 ? of[0]! : { kind, of };
}

function leaf(condition: Condition, negated: boolean): Normal {
  return 'field' in condition ? fieldLeaf(condition, negated) : activityLeaf(condition, negated);
}

function fieldLeaf(condition: FieldCondition, negated: boolean): Leaf {
  const field = findField(condition.field);
  if (!field) throw new Error(`unknown field ${condition.field}`);
  const make = (test: FieldTest, opposite = false): Leaf => ({
    kind: 'field',
    field,
    test,
    negated: negated !== opposite,
  });
  switch (condition.operator) {
    case 'is':
    case 'is_not':
      return make(
        { op: 'equals', value: condition.value, currency: condition.currency ?? null },
        condition.operator === 'is_not',
      );
    case 'contains':
      return make({ op: 'contains', value: String(condition.value) });
    case 'one_of':
    case 'none_of':
      return make({ op: 'one_of', values: condition.values }, condition.operator === 'none_of');
    case 'has_value':
    case 'has_no_value':
      return make({ op: 'present' }, condition.operator === 'has_no_value');
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return make({
        op: 'compare',
        sign: SIGNS[condition.operator],
        value: Number(condition.value),
        currency: condition.currency ?? null,
      });
    case 'before':
    case 'after':
      return make({
        op: 'instant',
        sign: condition.operator === 'after' ? '>' : '<',
        at: new Date(condition.value),
      });
    case 'within_next':
    case 'within_last':
    case 'over_days_ahead':
    case 'over_days_ago':
      return make({ op: 'relative', relation: condition.operator, days: condition.days });
  }
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function activityLeaf(condition: ActivityCondition, negated: boolean): Normal {
  const type = activityTypeId(condition.activity);
  const span = toSpan(condition.within);
  switch (condition.operator) {
    case 'did':
    case 'did_not':
      return atLeast(1, type, span, negated !== (condition.operator === 'did_not'));
    case 'at_least':
      return atLeast(condition.times, type, span, negated);
    case 'at_most':
      return atLeast(condition.times + 1, type, span, !negated);
    case 'sum_over':
    case 'sum_under': {
      const over = condition.operator === 'sum_over';
      const { amount_minor, currency } = condition;
      const sign = over ? '>' : '>=';
      return { kind: 'sum', type, span, sign, amount_minor, currency, negated: negated === over };
    }
  }
}

function atLeast(times: number, type: number, span: Span, negated: boolean): Normal {
  if (times <= 0) return negated ? NOBODY : EVERYBODY;
  if (times === 1) return { kind: 'occurrence', type, span, negated };
  return { kind: 'count', type, span, at_least: times, negated };
}

function activityTypeId(name: string): number {
  const type = ACTIVITY_TYPES.find((one) => one.name === name);
  if (!type) throw new Error(`unknown activity ${name}`);
  return type.id;
}

function toSpan(window: Window | undefined): Span {
  if (!window) return { kind: 'ever' };
  if ('last_days' in window) return { kind: 'last', days: window.last_days };
  return { kind: 'between', from: new Date(window.from), until: new Date(window.until) };
}
