import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../audiences/definition.ts';
import { fieldCondition, isComplete, toDefinition, toTree } from './builder-tree.ts';

const leaf = fc.constantFrom<Definition>(
  { field: 'country', operator: 'is', value: 'DE' },
  { field: 'trial_ends_at', operator: 'within_next', days: 3 },
  { activity: 'payment_failed', operator: 'at_least', times: 2, within: { last_days: 30 } },
);
const { definition } = fc.letrec<{ definition: Definition }>((tie) => ({
  definition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('definition'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('definition'), { maxLength: 3 }).map((any) => ({ any })),
    fc.array(tie('definition'), { maxLength: 3 }).map((any) => ({ not: { any } })),
  ),
}));

describe('the tree of the builder', () => {
  test('a definition that was opened and not touched is saved as it was', () => {
    fc.assert(
      fc.property(definition, (given) => {
        // The builder always begins with a group.
        const expected =
          'all' in given || 'any' in given || 'not' in given ? given : { all: [given] };
        expect(toDefinition(toTree(given))).toEqual(expected);
      }),
    );
  });

  test('a plain "not" becomes a group of which none may hold, with the same meaning', () => {
    const not: Definition = { not: { field: 'plan', operator: 'is', value: 'Team' } };
    expect(toDefinition(toTree(not))).toEqual({ not: { any: [not.not] } });
  });

  test('every choice of field and comparison gives a condition that fits the field', () => {
    expect(fieldCondition('mrr_minor', 'contains')).toEqual({
      field: 'mrr_minor',
      operator: 'is',
      value: 0,
      currency: 'usd',
    });
    expect(fieldCondition('trial_ends_at', 'within_next')).toMatchObject({ days: 7 });
  });

  test('an empty text is not complete', () => {
    expect(isComplete(toTree({ field: 'plan', operator: 'is', value: '' }))).toBe(false);
    expect(isComplete(toTree({ field: 'plan', operator: 'is', value: 'Team' }))).toBe(true);
  });
});
