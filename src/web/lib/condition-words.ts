import { ACTIVITY_TYPES } from '../../activities/definition.ts';
import { ACTIVITY_OPERATORS, findField, OPERATORS } from '../../audiences/definition.ts';
import type {
  ActivityCondition,
  Definition,
  FieldCondition,
  Window,
} from '../../audiences/definition.ts';
import { formatCount, formatDate, formatDay, humanise } from './format.ts';
import { formatMoney } from './money.ts';

/** A definition as one sentence, as the reader would say it: `People whose plan is Team and who …`. */
export function describeDefinition(definition: Definition): string {
  if ('all' in definition && definition.all.length === 0) return 'Everybody';
  if ('any' in definition && definition.any.length === 0) return 'Nobody';
  return `People ${say(definition, false)}`;
}

function say(definition: Definition, nested: boolean): string {
  if ('all' in definition) return join(definition.all, 'and', nested);
  if ('any' in definition) return join(definition.any, 'or', nested);
  if ('not' in definition)
    return `for whom it is not so that they are people ${say(definition.not, true)}`;
  return 'field' in definition ? describeField(definition) : describeActivity(definition);
}

function join(parts: Definition[], word: 'and' | 'or', nested: boolean): string {
  if (parts.length === 0) return word === 'and' ? 'of any kind' : 'of no kind';
  const text = parts.map((part) => say(part, true)).join(` ${word} `);
  return nested && parts.length > 1 ? `(${text})` : text;
}

export function describeField(condition: FieldCondition): string {
  const field = findField(condition.field);
  const start = `whose ${field?.noun ?? condition.field} ${OPERATORS[condition.operator].label}`;
  if ('values' in condition) return `${start} ${condition.values.map(humanise).join(', ')}`;
  if ('days' in condition) return `${start} ${days(condition.days)}`;
  if (!('value' in condition)) return start;
  const { value, currency } = condition;
  if (field?.type === 'money') return `${start} ${formatMoney(Number(value), currency ?? null)}`;
  if (field?.type === 'time') return `${start} ${formatDay(String(value))}`;
  if (field?.type === 'choice') return `${start} ${humanise(String(value)).toLowerCase()}`;
  return `${start} ${typeof value === 'number' ? formatCount(value) : `“${value}”`}`;
}

export function describeActivity(condition: ActivityCondition): string {
  const what = activityLabel(condition.activity);
  const when = describeWindow(condition.within);
  if ('times' in condition) {
    const verb = condition.operator === 'at_least' ? 'at least' : 'at most';
    return `with “${what}” ${verb} ${times(condition.times)}${when}`;
  }
  if ('amount_minor' in condition) {
    const amount = formatMoney(condition.amount_minor, condition.currency);
    return `whose “${what}” ${ACTIVITY_OPERATORS[condition.operator]} ${amount}${when}`;
  }
  return condition.operator === 'did' ? `with “${what}”${when}` : `without “${what}”${when}`;
}

export function activityLabel(name: string): string {
  return ACTIVITY_TYPES.find((type) => type.name === name)?.label ?? humanise(name);
}

function describeWindow(window: Window | undefined): string {
  if (!window) return '';
  if ('last_days' in window) return ` in the last ${days(window.last_days)}`;
  return ` from ${formatDate(window.from)} until ${formatDate(window.until)}`;
}

const days = (n: number): string => (n === 1 ? '1 day' : `${formatCount(n)} days`);
const times = (n: number): string => (n === 1 ? 'once' : `${formatCount(n)} times`);
