import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLanes } from './live-lanes.ts';
import type { Lane } from './live-lanes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lanes whose readings take `ms`, and the instants at which each began. */
function record(ms: number) {
  const begun: [Lane, number][] = [];
  const lanes = createLanes(async (lane) => {
    begun.push([lane, performance.now()]);
    await new Promise((resolve) => setTimeout(resolve, ms));
  });
  const start = performance.now();
  return {
    lanes,
    times: (lane: Lane) => begun.flatMap(([of, at]) => (of === lane ? [at - start] : [])),
  };
}

/** Marks every 25 ms for a while. */
async function flood(mark: () => void, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 25) {
    mark();
    await vi.advanceTimersByTimeAsync(25);
  }
}

test('the first change is read at once, a stream of them every 200 ms', async () => {
  const { lanes, times } = record(5);
  await flood(() => lanes.mark('feeds'), 1000);
  expect(times('feeds').map((at) => Math.round(at))).toEqual([40, 240, 440, 640, 840]);
});

test('a reading that takes longer than the rest is finished, and what came meanwhile is read after it', async () => {
  const { lanes, times } = record(500);
  await flood(() => lanes.mark('feeds'), 1000);
  const [first, second, ...more] = times('feeds');
  expect(more).toEqual([]);
  expect(second! - first!).toBeGreaterThanOrEqual(500);
  await vi.advanceTimersByTimeAsync(1000);
  expect(times('feeds')).toHaveLength(3);
});

test('counted figures rest longer, and all but the feeds do while an account is copied', async () => {
  const { lanes, times } = record(5);
  await flood(() => lanes.mark('sources'), 2000);
  expect(times('sources')).toHaveLength(2);
  lanes.noteSync();
  await flood(() => lanes.mark('people'), 1600);
  expect(times('people')).toHaveLength(2);
  await flood(() => lanes.mark('feeds'), 1000);
  expect(times('feeds')).toHaveLength(5);
});

test('a failed reading stops nothing', async () => {
  let tries = 0;
  const lanes = createLanes(async () => {
    tries += 1;
    throw new Error('no connection');
  });
  lanes.mark('people');
  await vi.advanceTimersByTimeAsync(400);
  lanes.mark('people');
  await vi.advanceTimersByTimeAsync(400);
  expect(tries).toBe(2);
});
