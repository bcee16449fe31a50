import { Value } from 'typebox/value';
import { ACTIVITY_TYPES } from '../activities/index.ts';
import { DefinitionSchema, LIMITS, OPERATORS, OPERATORS_BY_TYPE, findField } from './definition.ts';
import type { Definition, Field, FieldOperator } from './definition.ts';

export interface Problem {
  /** Where in the tree: `all/1/not`. Empty for the tree as a whole. */
  path: string;
  sentence: string;
}

export type CheckedDefinition =
  | { ok: true; definition: Definition }
  | { ok: false; problems: Problem[] };

type Loose = Record<string, unknown>;

/**
 * Checks anything that claims to be a definition and says in plain sentences what is wrong and
 * where. What passes can be stored, compiled and rendered without a further look.
 */
export function checkDefinition(input: unknown): CheckedDefinition {
  const found: Problem[] = [];
  const counted = { conditions: 0 };
  checkNode(input, [], found, counted);
  if (counted.conditions > LIMITS.conditions) {
    found.push({
      path: '',
      sentence: `There are ${counted.conditions} conditions; at most ${LIMITS.conditions} are allowed.`,
    });
  }
  if (found.length > 0) return { ok: false, problems: found };
  if (!Value.Check(DefinitionSchema, input)) {
    return {
      ok: false,
      problems: [{ path: '', sentence: 'A condition has parts that do not belong to it.' }],
    };
  }
  return { ok: true, definition: input };
}

function checkNode(
  node: unknown,
  path: (string | number)[],
  found: Problem[],
  counted: { conditions: number },
): void {
  const report = (sentence: string): void => {
    found.push({ path: path.join('/'), sentence });
  };
  if (!isObject(node)) return report('A condition or a group is expected here.');
  if (path.filter((part) => typeof part === 'string').length > LIMITS.depth) {
    return report(`Groups are nested deeper than ${LIMITS.depth}. Split the audience in two.`);
  }
  for (const kind of ['all', 'any'] as const) {
    if (!(kind in node)) continue;
    const parts = node[kind];
    if (!Array.isArray(parts)) return report('A group needs a list of conditions.');
    const everybody = kind === 'all' && path.length === 0;
    if (parts.length === 0 && !everybody) return report('This group is empty. Add a condition.');
    parts.forEach((part, index) => checkNode(part, [...path, kind, index], found, counted));
    return;
  }
  if ('not' in node) return checkNode(node.not, [...path, 'not'], found, counted);
  counted.conditions += 1;
  if ('field' in node) return checkField(node, report);
  if ('activity' in node) return checkActivity(node, report);
  report('A condition needs a field or an activity.');
}

type Report = (sentence: string) => void;

function checkField(node: Loose, report: Report): void {
  const field = findField(String(node.field));
  if (!field) return report(`There is no field called ${quote(node.field)}.`);
  const operator = node.operator as FieldOperator;
  if (!OPERATORS_BY_TYPE[field.type].includes(operator)) {
    return report(`${field.label} cannot be asked with ${quote(node.operator)}.`);
  }
  switch (OPERATORS[operator].needs) {
    case 'nothing':
      return;
    case 'days':
      return checkDays(node.days, field.label, report);
    case 'values':
      return checkValues(node.values, field, report);
    case 'value':
      return checkValue(node, field, report);
  }
}

function checkValue(node: Loose, field: Field, report: Report): void {
  const { value, currency } = node;
  switch (field.type) {
    case 'text':
    case 'choice':
      return checkText(value, field, report);
    case 'time':
      if (!isInstant(value)) report(`${field.label} needs a date such as 2026-03-01T00:00:00Z.`);
      return;
    case 'number':
    case 'money':
      if (!Number.isSafeInteger(value)) return report(`${field.label} needs a whole number.`);
      if (field.type === 'number' && currency !== undefined)
        return report(`${field.label} is not an amount of money, so it has no currency.`);
      if (currency !== undefined && !isCurrency(currency))
        return report(`${quote(currency)} is not a currency code such as usd.`);
      if (field.type === 'money' && value !== 0 && currency === undefined)
        report(`${field.label} needs a currency beside the amount.`);
  }
}

function checkValues(values: unknown, field: Field, report: Report): void {
  if (!Array.isArray(values) || values.length === 0)
    return report(`${field.label} needs at least one value.`);
  if (values.length > LIMITS.values)
    return report(`${field.label} has more than ${LIMITS.values} values.`);
  for (const value of values) checkText(value, field, report);
}

function checkText(value: unknown, field: Field, report: Report): void {
  if (typeof value !== 'string' || value === '') return report(`${field.label} needs a text.`);
  if (value.length > LIMITS.text)
    return report(`${field.label} is compared with a text longer than ${LIMITS.text} characters.`);
  // Postgres stores neither; both come from broken copies, never from a keyboard.
  if (value.includes('\u0000') || !value.isWellFormed())
    return report(`${field.label} is compared with a text that holds an unreadable character.`);
  if (field.options && !field.options.includes(value))
    report(`${field.label} is never ${quote(value)}. Choose one of ${field.options.join(', ')}.`);
}

function checkActivity(node: Loose, report: Report): void {
  const type = ACTIVITY_TYPES.find((one) => one.name === node.activity);
  if (!type) return report(`There is no activity called ${quote(node.activity)}.`);
  switch (node.operator) {
    case 'did':
    case 'did_not':
      break;
    case 'at_least':
    case 'at_most':
      if (!isCount(node.times))
        report(`“${type.label}” needs a number of times from 0 to 100,000.`);
      break;
    case 'sum_over':
    case 'sum_under':
      if (!type.has_amount) report(`“${type.label}” has no amount to add up.`);
      if (!isCurrency(node.currency))
        report(`The sum of “${type.label}” needs a currency such as usd.`);
      if (!Number.isSafeInteger(node.amount_minor) || Number(node.amount_minor) < 0)
        report(`The sum of “${type.label}” needs an amount of 0 or more.`);
      else if (node.operator === 'sum_under' && node.amount_minor === 0)
        report(`A sum below 0 never happens. Choose an amount above 0.`);
      break;
    default:
      report(`“${type.label}” cannot be asked with ${quote(node.operator)}.`);
  }
  if (node.within !== undefined) checkWindow(node.within, type.label, report);
}

function checkWindow(window: unknown, label: string, report: Report): void {
  if (!isObject(window)) return report(`The time span of “${label}” is not readable.`);
  if ('last_days' in window) return checkDays(window.last_days, `“${label}”`, report);
  const { from, until } = window;
  if (!isInstant(from) || !isInstant(until))
    return report(`“${label}” needs a first and a last date such as 2026-03-01T00:00:00Z.`);
  if (new Date(String(from)) >= new Date(String(until)))
    report(`The time span of “${label}” ends before it begins.`);
}

function checkDays(days: unknown, label: string, report: Report): void {
  const good = Number.isInteger(days) && Number(days) >= 1 && Number(days) <= LIMITS.days;
  if (!good) report(`${label} needs a number of days from 1 to ${LIMITS.days}.`);
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100_000;
}

function isCurrency(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z]{3}$/.test(value);
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

function quote(value: unknown): string {
  return `“${typeof value === 'string' ? value.slice(0, 60) : String(value)}”`;
}
