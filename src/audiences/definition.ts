import { Type } from 'typebox';
import type { ActivityName } from '../activities/definition.ts';
import { FIELDS } from './field-definition.ts';
import type { FieldName } from './field-definition.ts';

export {
  FIELDS,
  OPERATORS,
  OPERATORS_BY_TYPE,
  SUBSCRIPTION_STATUSES,
  findField,
} from './field-definition.ts';
export type { Field, FieldName, FieldOperator, FieldType } from './field-definition.ts';

/**
 * A question about a person that is answered yes or no: what an audience, a branch of a playbook or
 * the filter of a report is made of. Groups nest freely; `{all: []}` is everybody.
 */
export type Definition =
  | { all: Definition[] }
  | { any: Definition[] }
  | { not: Definition }
  | Condition;

export type Condition = FieldCondition | ActivityCondition;

/**
 * About a field of the catalogue. Text is compared without regard to case. An amount of money is in
 * minor units and names its currency; only a comparison with 0 may leave it out. `value` of a time
 * is an ISO instant.
 *
 * Relative times are half-open, so that each begins and ends at one exact instant: `within_next` N
 * days holds from N days before the time until the time itself, `within_last` from the time until N
 * days after it. A day is 24 hours.
 */
export type FieldCondition =
  | {
      field: FieldName;
      operator: 'is' | 'is_not' | 'contains' | 'gt' | 'gte' | 'lt' | 'lte' | 'before' | 'after';
      value: string | number;
      currency?: string;
    }
  | { field: FieldName; operator: 'one_of' | 'none_of'; values: string[] }
  | {
      field: FieldName;
      operator: 'within_next' | 'within_last' | 'over_days_ahead' | 'over_days_ago';
      days: number;
    }
  | { field: FieldName; operator: 'has_value' | 'has_no_value' };

/** Without a window: ever. `last_days` reaches back from now; `from` is inside, `until` is outside. */
export type Window = { last_days: number } | { from: string; until: string };

/** About what a person did. Sums add the amounts of one currency; having done nothing is a sum of 0. */
export type ActivityCondition =
  | { activity: ActivityName; operator: 'did' | 'did_not'; within?: Window }
  | { activity: ActivityName; operator: 'at_least' | 'at_most'; times: number; within?: Window }
  | {
      activity: ActivityName;
      operator: 'sum_over' | 'sum_under';
      amount_minor: number;
      currency: string;
      within?: Window;
    };

export const ACTIVITY_OPERATORS = {
  did: 'did',
  did_not: 'did not do',
  at_least: 'did at least',
  at_most: 'did at most',
  sum_over: 'adds up to more than',
  sum_under: 'adds up to less than',
} as const;

export const LIMITS = { depth: 8, conditions: 100, values: 500, text: 500, days: 36_500 } as const;

const exact = { additionalProperties: false };
const oneOf = <T extends string>(...names: T[]) =>
  Type.Unsafe<T>(Type.Unsafe({ type: 'string', enum: names }));
const fieldName = oneOf(...FIELDS.map((field) => field.name));
const days = Type.Integer({ minimum: 1, maximum: LIMITS.days });
const text = Type.String({ maxLength: LIMITS.text });
const currency = Type.String({ pattern: '^[a-z]{3}$' });
const activity = Type.String({ maxLength: 60 });
const within = Type.Optional(
  Type.Union([
    Type.Object({ last_days: days }, exact),
    Type.Object({ from: Type.String(), until: Type.String() }, exact),
  ]),
);

const conditions = [
  Type.Object(
    {
      field: fieldName,
      operator: oneOf('is', 'is_not', 'contains', 'gt', 'gte', 'lt', 'lte', 'before', 'after'),
      value: Type.Union([text, Type.Integer()]),
      currency: Type.Optional(currency),
    },
    exact,
  ),
  Type.Object(
    {
      field: fieldName,
      operator: oneOf('one_of', 'none_of'),
      values: Type.Array(text, { minItems: 1, maxItems: LIMITS.values }),
    },
    exact,
  ),
  Type.Object(
    {
      field: fieldName,
      operator: oneOf('within_next', 'within_last', 'over_days_ahead', 'over_days_ago'),
      days,
    },
    exact,
  ),
  Type.Object({ field: fieldName, operator: oneOf('has_value', 'has_no_value') }, exact),
  Type.Object({ activity, operator: oneOf('did', 'did_not'), within }, exact),
  Type.Object(
    {
      activity,
      operator: oneOf('at_least', 'at_most'),
      times: Type.Integer({ minimum: 0, maximum: 100_000 }),
      within,
    },
    exact,
  ),
  Type.Object(
    {
      activity,
      operator: oneOf('sum_over', 'sum_under'),
      amount_minor: Type.Integer({ minimum: 0 }),
      currency,
      within,
    },
    exact,
  ),
];

/** The tree as a JSON schema. What a schema cannot say (operator against field type) is in `checkDefinition`. */
export const DefinitionSchema = Type.Unsafe<Definition>(
  Type.Cyclic(
    {
      Definition: Type.Union([
        Type.Object({ all: Type.Array(Type.Ref('Definition')) }, exact),
        Type.Object({ any: Type.Array(Type.Ref('Definition')) }, exact),
        Type.Object({ not: Type.Ref('Definition') }, exact),
        ...conditions,
      ]),
    },
    'Definition',
  ),
);
