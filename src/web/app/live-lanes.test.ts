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

test('counted figures rest longer', async () => {
  const { lanes, times } = record(5);
  await flood(() => lanes.mark('sources'), 2000);
  expect(times('sources')).toHaveLength(2);
});

test('where changes do not end lists are read more rarely, feeds as before, and once they end all is quick again', async () => {
  const { lanes, times } = record(5);
  await flood(() => {
    lanes.mark('people');
    lanes.mark('feeds');
  }, 9000);
  const later = (lane: Lane) => times(lane).filter((at) => at > 4500);
  expect(later('people')).toHaveLength(3);
  expect(later('feeds').length).toBeGreaterThan(20);
  await vi.advanceTimersByTimeAsync(3000);
  const before = times('people').length;
  await flood(() => lanes.mark('people'), 1000);
  expect(times('people').length - before).toBe(4);
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
