import { ACTIVITY_TYPES } from '../activities/index.ts';
import { formatMoney } from '../platform/index.ts';
import { OPERATORS, findField } from './definition.ts';
import type {
  ActivityCondition,
  Condition,
  Definition,
  Field,
  FieldCondition,
  Window,
} from './definition.ts';

/** A definition in plain English: `People whose plan is “Pro” and who had “Charge” at least 3 times.` */
export function describeDefinition(definition: Definition): string {
  if ('all' in definition && definition.all.length === 0) return 'Everybody.';
  return `People ${describePart(definition, false)}.`;
}

/** One condition, as it stands inside the sentence: `whose plan is “Pro”`. */
export function describeCondition(condition: Condition): string {
  return 'field' in condition ? describeField(condition) : describeActivity(condition);
}

function describePart(part: Definition, inner: boolean): string {
  if ('not' in part) return `not (${describePart(part.not, false)})`;
  if ('all' in part) return describeGroup(part.all, ' and ', inner);
  if ('any' in part) return describeGroup(part.any, ' or ', inner);
  return describeCondition(part);
}

function describeGroup(parts: Definition[], word: string, inner: boolean): string {
  if (parts.length === 0) return word === ' and ' ? 'of any kind' : 'of no kind';
  if (parts.length === 1) return describePart(parts[0]!, inner);
  const text = parts.map((part) => describePart(part, true)).join(word);
  return inner ? `(${text})` : text;
}

function describeField(condition: FieldCondition): string {
  const field = findField(condition.field)!;
  return `whose ${field.noun} ${OPERATORS[condition.operator].label}${complement(condition, field)}`;
}

function complement(condition: FieldCondition, field: Field): string {
  switch (condition.operator) {
    case 'has_value':
    case 'has_no_value':
      return '';
    case 'within_next':
    case 'within_last':
    case 'over_days_ahead':
    case 'over_days_ago':
      return ` ${plural(condition.days, 'day')}`;
    case 'one_of':
    case 'none_of':
      return ` ${condition.values.map((value) => describeValue(value, field)).join(', ')}`;
    case 'is':
    case 'is_not':
    case 'contains':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'before':
    case 'after':
      return ` ${describeValue(condition.value, field, condition.currency)}`;
  }
}

/** A value of a field for reading: money with its currency, times in UTC, text in quotes. */
export function describeValue(
  value: string | number | null,
  field: Field,
  currency?: string | null,
): string {
  if (value === null || (value === '' && field.type !== 'time')) return 'not known';
  switch (field.type) {
    case 'text':
      return `“${value}”`;
    case 'choice':
      return String(value).replaceAll('_', ' ');
    case 'time':
      return describeInstant(new Date(value));
    case 'number':
      return String(value);
    case 'money':
      return currency ? formatMoney(Number(value), currency) : String(value);
  }
}

function describeActivity(condition: ActivityCondition): string {
  const label = `“${ACTIVITY_TYPES.find((one) => one.name === condition.activity)?.label ?? condition.activity}”`;
  const span = describeWindow(condition.within);
  switch (condition.operator) {
    case 'did':
      return `who had ${label}${span}`;
    case 'did_not':
      return `who never had ${label}${span}`;
    case 'at_least':
      return `who had ${label} at least ${plural(condition.times, 'time')}${span}`;
    case 'at_most':
      return `who had ${label} at most ${plural(condition.times, 'time')}${span}`;
    case 'sum_over':
    case 'sum_under': {
      const than = condition.operator === 'sum_over' ? 'more' : 'less';
      return `whose ${label} adds up to ${than} than ${formatMoney(condition.amount_minor, condition.currency)}${span}`;
    }
  }
}

function describeWindow(window: Window | undefined): string {
  if (!window) return '';
  if ('last_days' in window) return ` in the last ${plural(window.last_days, 'day')}`;
  return ` from ${describeInstant(new Date(window.from))} until ${describeInstant(new Date(window.until))}`;
}

/** `1 Mar 2026`, with the time of day (UTC) unless it is midnight. */
export function describeInstant(at: Date): string {
  const day = at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const time = at.toISOString().slice(11, 16);
  return time === '00:00' ? day : `${day}, ${time} UTC`;
}

export function plural(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
