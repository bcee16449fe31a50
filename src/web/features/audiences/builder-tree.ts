import type {
  ActivityCondition,
  Condition,
  Definition,
  FieldCondition,
  FieldOperator,
} from '../../../audiences/definition.ts';
import { findField, OPERATORS, OPERATORS_BY_TYPE } from '../../../audiences/definition.ts';

/** A definition while it is edited: groups that match all, any or none of what is in them. */
export interface Group {
  kind: 'group';
  key: string;
  match: 'all' | 'any' | 'none';
  items: Item[];
}
export interface Leaf {
  kind: 'leaf';
  key: string;
  condition: Condition;
}
export type Item = Group | Leaf;

// Not randomUUID, which browsers keep from pages served over plain http.
const newKey = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-');

/** Any definition as a tree whose root is a group. */
export function toTree(definition: Definition): Group {
  const item = toItem(definition);
  return item.kind === 'group'
    ? item
    : { kind: 'group', key: newKey(), match: 'all', items: [item] };
}

function toItem(definition: Definition): Item {
  const key = newKey();
  if ('all' in definition)
    return { kind: 'group', key, match: 'all', items: definition.all.map(toItem) };
  if ('any' in definition)
    return { kind: 'group', key, match: 'any', items: definition.any.map(toItem) };
  if ('not' in definition) {
    const inner = definition.not;
    const items = 'any' in inner ? inner.any.map(toItem) : [toItem(inner)];
    return { kind: 'group', key, match: 'none', items };
  }
  return { kind: 'leaf', key, condition: definition };
}

export function toDefinition(item: Item): Definition {
  if (item.kind === 'leaf') return item.condition;
  const parts = item.items.map(toDefinition);
  if (item.match === 'all') return { all: parts };
  return item.match === 'any' ? { any: parts } : { not: { any: parts } };
}

export function newFieldLeaf(): Leaf {
  return {
    kind: 'leaf',
    key: newKey(),
    condition: { field: 'subscription_status', operator: 'is', value: 'active' },
  };
}

export function newActivityLeaf(): Leaf {
  return {
    kind: 'leaf',
    key: newKey(),
    condition: { activity: 'payment_failed', operator: 'did', within: { last_days: 30 } },
  };
}

export function newGroup(): Group {
  return { kind: 'group', key: newKey(), match: 'any', items: [newFieldLeaf()] };
}

/** A complete condition for a newly chosen field or operator, keeping what still fits. */
export function fieldCondition(
  name: FieldCondition['field'],
  wanted: FieldOperator,
  old?: FieldCondition,
): FieldCondition {
  const field = findField(name);
  const type = field?.type ?? 'text';
  const operators = OPERATORS_BY_TYPE[type];
  const operator = operators.includes(wanted) ? wanted : operators[0]!;
  const same = old?.field === name;
  const needs = OPERATORS[operator].needs;
  if (needs === 'nothing') return { field: name, operator } as FieldCondition;
  if (needs === 'days') {
    const days = same && old && 'days' in old ? old.days : 7;
    return { field: name, operator, days } as FieldCondition;
  }
  if (needs === 'values') {
    const values = same && old && 'values' in old ? old.values : [field?.options?.[0] ?? ''];
    return { field: name, operator, values } as FieldCondition;
  }
  const kept = same && old && 'value' in old ? old : null;
  const value = kept?.value ?? firstValue(type, field?.options);
  const currency = type === 'money' ? { currency: kept?.currency ?? 'usd' } : {};
  return { field: name, operator, value, ...currency } as FieldCondition;
}

function firstValue(type: string, options: readonly string[] | undefined): string | number {
  if (type === 'choice') return options?.[0] ?? '';
  if (type === 'time') return new Date().toISOString().slice(0, 10) + 'T00:00:00.000Z';
  return type === 'text' ? '' : 0;
}

/** The same for a newly chosen operator of an activity. */
export function activityCondition(
  activity: ActivityCondition['activity'],
  operator: ActivityCondition['operator'],
  old: ActivityCondition,
): ActivityCondition {
  const base = { activity, ...(old.within ? { within: old.within } : {}) };
  if (operator === 'at_least' || operator === 'at_most') {
    return { ...base, operator, times: 'times' in old ? old.times : 2 };
  }
  if (operator === 'sum_over' || operator === 'sum_under') {
    const amount = 'amount_minor' in old ? old : { amount_minor: 10_000, currency: 'usd' };
    return { ...base, operator, amount_minor: amount.amount_minor, currency: amount.currency };
  }
  return { ...base, operator };
}

/** False while something still has to be typed. */
export function isComplete(item: Item): boolean {
  if (item.kind === 'group') return item.items.every(isComplete);
  const condition = item.condition;
  if ('value' in condition) return condition.value !== '';
  if ('values' in condition) return condition.values.some((value) => value !== '');
  return true;
}
