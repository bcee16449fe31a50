/**
 * What can be asked about a person: one catalogue for the builder page, the checker and the compiler.
 * A field's name is also its column in `table`. Browser-safe.
 */
export type FieldType = 'text' | 'choice' | 'number' | 'money' | 'time';

export interface Field {
  name: string;
  label: string;
  /** How the field is called inside a sentence: "whose <noun> is …". */
  noun: string;
  type: FieldType;
  table: 'people' | 'person_state';
  /** The closed list of values of a choice. */
  options?: readonly string[];
}

export const SUBSCRIPTION_STATUSES = [
  'none',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'canceled',
  'incomplete',
] as const;

export const FIELDS = [
  {
    name: 'subscription_status',
    label: 'Subscription status',
    noun: 'subscription status',
    type: 'choice',
    table: 'person_state',
    options: SUBSCRIPTION_STATUSES,
  },
  { name: 'plan', label: 'Plan', noun: 'plan', type: 'text', table: 'person_state' },
  { name: 'mrr_minor', label: 'MRR', noun: 'MRR', type: 'money', table: 'person_state' },
  { name: 'currency', label: 'Currency', noun: 'currency', type: 'text', table: 'person_state' },
  {
    name: 'lifetime_paid_minor',
    label: 'Lifetime paid',
    noun: 'lifetime paid amount',
    type: 'money',
    table: 'person_state',
  },
  {
    name: 'active_subscriptions',
    label: 'Active subscriptions',
    noun: 'number of active subscriptions',
    type: 'number',
    table: 'person_state',
  },
  {
    name: 'trialing_subscriptions',
    label: 'Subscriptions on trial',
    noun: 'number of subscriptions on trial',
    type: 'number',
    table: 'person_state',
  },
  {
    name: 'trial_ends_at',
    label: 'Trial end',
    noun: 'trial end',
    type: 'time',
    table: 'person_state',
  },
  {
    name: 'renews_at',
    label: 'Next renewal',
    noun: 'next renewal',
    type: 'time',
    table: 'person_state',
  },
  {
    name: 'first_paid_at',
    label: 'First payment',
    noun: 'first payment',
    type: 'time',
    table: 'person_state',
  },
  {
    name: 'last_paid_at',
    label: 'Last payment',
    noun: 'last payment',
    type: 'time',
    table: 'person_state',
  },
  {
    name: 'delinquent_since_at',
    label: 'Payment overdue since',
    noun: 'start of overdue payment',
    type: 'time',
    table: 'person_state',
  },
  { name: 'email', label: 'E-mail', noun: 'e-mail', type: 'text', table: 'people' },
  { name: 'name', label: 'Name', noun: 'name', type: 'text', table: 'people' },
  { name: 'country', label: 'Country', noun: 'country', type: 'text', table: 'people' },
  {
    name: 'created_at',
    label: 'Customer since',
    noun: 'first day as a customer',
    type: 'time',
    table: 'people',
  },
] as const satisfies readonly Field[];

export type FieldName = (typeof FIELDS)[number]['name'];

/** What each operator says, and what it needs beside the field. */
export const OPERATORS = {
  is: { label: 'is', needs: 'value' },
  is_not: { label: 'is not', needs: 'value' },
  one_of: { label: 'is one of', needs: 'values' },
  none_of: { label: 'is none of', needs: 'values' },
  contains: { label: 'contains', needs: 'value' },
  gt: { label: 'is more than', needs: 'value' },
  gte: { label: 'is at least', needs: 'value' },
  lt: { label: 'is less than', needs: 'value' },
  lte: { label: 'is at most', needs: 'value' },
  before: { label: 'is before', needs: 'value' },
  after: { label: 'is after', needs: 'value' },
  within_next: { label: 'is within the next', needs: 'days' },
  within_last: { label: 'was within the last', needs: 'days' },
  over_days_ahead: { label: 'is further away than', needs: 'days' },
  over_days_ago: { label: 'was longer ago than', needs: 'days' },
  has_value: { label: 'is known', needs: 'nothing' },
  has_no_value: { label: 'is not known', needs: 'nothing' },
} as const;

export type FieldOperator = keyof typeof OPERATORS;

const NUMERIC = ['is', 'is_not', 'gt', 'gte', 'lt', 'lte'] as const;
const PRESENCE = ['has_value', 'has_no_value'] as const;

export const OPERATORS_BY_TYPE: Record<FieldType, readonly FieldOperator[]> = {
  text: ['is', 'is_not', 'one_of', 'none_of', 'contains', ...PRESENCE],
  choice: ['is', 'is_not', 'one_of', 'none_of', ...PRESENCE],
  number: [...NUMERIC, ...PRESENCE],
  money: [...NUMERIC, ...PRESENCE],
  time: [
    'before',
    'after',
    'within_next',
    'within_last',
    'over_days_ahead',
    'over_days_ago',
    ...PRESENCE,
  ],
};

/** The field of this name, or null when there is none. */
export function findField(name: string): Field | null {
  return FIELDS.find((field) => field.name === name) ?? null;
}
