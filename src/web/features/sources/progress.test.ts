import { expect, test } from 'vitest';
import type { ResourceProgress, SyncProgress } from '../../../api/contract/sources.ts';
import { progressShare } from './progress.ts';

const resource = (
  done: number,
  expected: number | null,
  state: ResourceProgress['state'],
  lane: ResourceProgress['lane'] = 'main',
): ResourceProgress => ({
  resource: 'charges',
  lane,
  counts: lane === 'main' ? 'objects' : 'customers',
  done,
  expected,
  rate_per_s: null,
  left_s: expected === null ? null : 30,
  state,
  missing: null,
  error: null,
});
const sync = (...resources: ResourceProgress[]): SyncProgress => ({
  state: 'running',
  phase: 1,
  resources,
  requests: 10,
  rate_limited: 0,
  started_at: '2026-03-01T00:00:00.000Z',
  finished_at: null,
  usable: '',
});

test('a sync is never shown as complete before it says so', () => {
  expect(progressShare(sync(resource(500, 500, 'running'))).percent).toBe(99);
  const over = { ...sync(), finished_at: '2026-03-01T01:00:00.000Z' };
  expect(progressShare(over)).toEqual({ percent: 100, left_s: 0 });
});

test('what is done counts in full, what cannot be known counts not at all', () => {
  const share = progressShare(
    sync(resource(100, null, 'running'), resource(50, 40, 'done'), resource(25, 50, 'running')),
  );
  expect(share).toEqual({ percent: 75, left_s: 30 });
});

test('a skipped list and the lane of payment methods hold nothing up', () => {
  const share = progressShare(
    sync(
      resource(50, 100, 'running'),
      resource(0, 900, 'skipped'),
      resource(1, 5000, 'running', 'payment_methods'),
    ),
  );
  expect(share).toEqual({ percent: 50, left_s: 30 });
});

test('nothing known is no figure', () => {
  expect(progressShare(null).percent).toBeNull();
  expect(progressShare(sync(resource(10, null, 'running'))).percent).toBeNull();
});
