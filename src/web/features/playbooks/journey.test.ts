import { expect, test } from 'vitest';
import type { PlaybookDefinition } from '../../../playbooks/definition.ts';
import { listChanges, listEdges, listNodes, replaceStep } from './journey.ts';

const NAMES = new Map([[1, 'Welcome']]);
const journey: PlaybookDefinition = {
  entry: { kind: 'activity', activity: 'subscription_started', first_only: true },
  steps: [
    { id: 'wait', kind: 'wait', minutes: 60 },
    {
      id: 'ask',
      kind: 'branch',
      condition: { field: 'country', operator: 'is', value: 'DE' },
      yes: [{ id: 'mail', kind: 'email', email_id: 1 }],
      no: [{ id: 'stop', kind: 'end' }],
    },
    { id: 'later', kind: 'wait', minutes: 2880 },
  ],
};

test('both sides of a branch lead on below it, but for one that ends', () => {
  const edges = listEdges(journey).map(({ from, to, label }) => [from, to, label ?? '']);
  expect(edges).toHaveLength(6);
  expect(edges).toEqual(
    expect.arrayContaining([
      ['entry', 'wait', ''],
      ['wait', 'ask', ''],
      ['ask', 'mail', 'Yes'],
      ['ask', 'stop', 'No'],
      ['mail', 'later', ''],
      ['later', 'leave', ''],
    ]),
  );
});

test('every place that an edge names is drawn', () => {
  const drawn = new Set(listNodes(journey, NAMES).map(({ id }) => id));
  for (const { from, to } of listEdges(journey)) {
    expect(drawn).toContain(from);
    expect(drawn).toContain(to);
  }
});

test('a change inside a branch is told in words, and nothing else is', () => {
  const next = replaceStep(journey, { id: 'wait', kind: 'wait', minutes: 120 });
  expect(listChanges(journey, next, NAMES)).toEqual(['Wait: 1 h → 2 h']);
  expect(listChanges(journey, journey, NAMES)).toEqual([]);
});
