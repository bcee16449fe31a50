import { describe, expect, test } from 'vitest';
import { ACTIVITY_TYPES } from '../activities/index.ts';
import { STANDINGS } from '../people/definition.ts';
import { checkDefinition } from './check-tree.ts';
import { SUBSCRIPTION_STATUSES } from './definition.ts';
import type { Definition } from './definition.ts';
import { dependsOnClock, normalize } from './normalize.ts';
import { describeDefinition } from './sentence.ts';

const charge = ACTIVITY_TYPES.find((type) => type.name === 'charge')!;

function complaints(input: unknown): string[] {
  const checked = checkDefinition(input);
  return checked.ok ? [] : checked.problems.map((one) => `${one.path}: ${one.sentence}`);
}

test('the statuses offered are those a person can have', () => {
  expect(SUBSCRIPTION_STATUSES.toSorted()).toEqual(STANDINGS.toSorted());
});

describe('checking', () => {
  test('everybody, and every kind of condition, passes', () => {
    const good: Definition[] = [
      { all: [] },
      { field: 'plan', operator: 'one_of', values: ['Pro'] },
      { field: 'mrr_minor', operator: 'gt', value: 0 },
      { field: 'mrr_minor', operator: 'gte', value: 5_000, currency: 'usd' },
      { field: 'created_at', operator: 'before', value: '2026-01-01' },
      { activity: 'charge', operator: 'at_most', times: 2, within: { last_days: 30 } },
    ];
    for (const definition of good) expect(complaints(definition)).toEqual([]);
  });

  test.each([
    [null, ': A condition or a group is expected here.'],
    [{ any: [] }, ': This group is empty. Add a condition.'],
    [{ all: [{ not: { all: [] } }] }, 'all/0/not: This group is empty. Add a condition.'],
    [{ field: 'mood', operator: 'is', value: 'x' }, ': There is no field called “mood”.'],
    [{ field: 'plan', operator: 'gt', value: 1 }, ': Plan cannot be asked with “gt”.'],
    [{ field: 'plan', operator: 'is', value: 7 }, ': Plan needs a text.'],
    [
      { field: 'plan', operator: 'is', value: 'a\u0000b' },
      ': Plan is compared with a text that holds an unreadable character.',
    ],
    [
      { field: 'subscription_status', operator: 'is', value: 'happy' },
      ': Subscription status is never “happy”. Choose one of none, trialing, active, past_due, unpaid, paused, canceled, incomplete.',
    ],
    [
      { field: 'mrr_minor', operator: 'gt', value: 50 },
      ': MRR needs a currency beside the amount.',
    ],
    [
      { field: 'mrr_minor', operator: 'gt', value: 0.5, currency: 'usd' },
      ': MRR needs a whole number.',
    ],
    [
      { field: 'trial_ends_at', operator: 'within_next', days: 0 },
      ': Trial end needs a number of days from 1 to 36500.',
    ],
    [
      { field: 'trial_ends_at', operator: 'before', value: 'soon' },
      ': Trial end needs a date such as 2026-03-01T00:00:00Z.',
    ],
    [{ activity: 'dance', operator: 'did' }, ': There is no activity called “dance”.'],
    [
      { activity: 'new_trial', operator: 'sum_over', amount_minor: 5, currency: 'usd' },
      /has no amount to add up/,
    ],
    [
      { activity: 'charge', operator: 'sum_under', amount_minor: 0, currency: 'usd' },
      ': A sum below 0 never happens. Choose an amount above 0.',
    ],
    [
      {
        activity: 'charge',
        operator: 'did',
        within: { from: '2026-02-01', until: '2026-01-01' },
      },
      /ends before it begins/,
    ],
    [
      { field: 'plan', operator: 'has_value', sql: '1=1' },
      ': A condition has parts that do not belong to it.',
    ],
  ])('%j is refused', (input, sentence) => {
    const found = complaints(input);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  test('a tree too deep or too large is refused', () => {
    let deep: Definition = { field: 'plan', operator: 'has_value' };
    for (let level = 0; level < 9; level += 1) deep = { not: deep };
    expect(complaints(deep)[0]).toMatch(/nested deeper than 8/);
    const wide = {
      any: Array.from({ length: 101 }, () => ({ field: 'plan', operator: 'has_value' })),
    };
    expect(complaints(wide)).toEqual([': There are 101 conditions; at most 100 are allowed.']);
  });
});

describe('in plain English', () => {
  test.each<[Definition, string]>([
    [{ all: [] }, 'Everybody.'],
    [
      { field: 'trialing_subscriptions', operator: 'gt', value: 0 },
      'People whose number of subscriptions on trial is more than 0.',
    ],
    [
      {
        all: [
          { field: 'mrr_minor', operator: 'gte', value: 5_000, currency: 'usd' },
          {
            any: [
              { field: 'plan', operator: 'one_of', values: ['Pro', 'Team'] },
              { not: { field: 'trial_ends_at', operator: 'within_next', days: 1 } },
            ],
          },
        ],
      },
      'People whose MRR is at least $50.00 and (whose plan is one of “Pro”, “Team” or not (whose trial end is within the next 1 day)).',
    ],
    [
      { activity: 'charge', operator: 'at_least', times: 3, within: { last_days: 30 } },
      `People who had “${charge.label}” at least 3 times in the last 30 days.`,
    ],
    [
      {
        activity: 'charge',
        operator: 'sum_under',
        amount_minor: 100,
        currency: 'jpy',
        within: { from: '2026-01-01T00:00:00Z', until: '2026-02-01T06:30:00Z' },
      },
      `People whose “${charge.label}” adds up to less than ¥100 from 1 Jan 2026 until 1 Feb 2026, 06:30 UTC.`,
    ],
  ])('%j', (definition, sentence) => {
    expect(describeDefinition(definition)).toBe(sentence);
  });
});

describe('normal form', () => {
  test('negation moves to the leaves and twins become one', () => {
    const a: Definition = { field: 'plan', operator: 'has_value' };
    const b: Definition = { activity: 'charge', operator: 'at_most', times: 0 };
    expect(normalize({ not: { all: [a, { not: b }] } })).toMatchObject({
      kind: 'any',
      of: [
        { kind: 'field', negated: true },
        { kind: 'occurrence', negated: true },
      ],
    });
    expect(normalize({ activity: 'charge', operator: 'did_not' })).toEqual(normalize(b));
  });

  test('only relative times depend on the clock', () => {
    const at = (definition: Definition): boolean => dependsOnClock(normalize(definition));
    expect(at({ field: 'trial_ends_at', operator: 'before', value: '2026-01-01' })).toBe(false);
    expect(at({ not: { field: 'trial_ends_at', operator: 'over_days_ago', days: 2 } })).toBe(true);
    expect(at({ activity: 'charge', operator: 'did' })).toBe(false);
    expect(at({ activity: 'charge', operator: 'did', within: { last_days: 3 } })).toBe(true);
  });
});
