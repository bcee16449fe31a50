import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LISTS, planRanges } from './lists.ts';
import { decideSplit, estimateLeft, readersWanted } from './split-range.ts';

const DAY = 86_400_000;
const TOP = Date.UTC(2026, 2, 1);

test('what is left is judged by the density of what is known', () => {
  const range = { from: TOP - 90 * DAY, top: TOP, reached: TOP - 9 * DAY, objects: 100 };
  expect(Math.round(estimateLeft(range, null))).toBe(900);
  const open = { ...range, from: null };
  expect(Math.round(estimateLeft(open, TOP - 18 * DAY))).toBe(100);
});

test('a range is cut in the middle of what is left, in whole seconds, and only when it pays', () => {
  const range = { from: TOP - 90 * DAY, top: TOP, reached: TOP - 10 * DAY, objects: 100 };
  expect(decideSplit(range, null)).toBe(TOP - 50 * DAY);
  expect(decideSplit({ ...range, reached: TOP - 60 * DAY }, null)).toBeNull();
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 5_000 }),
      (covered, left, objects) => {
        const reached = TOP - covered * 1000;
        const from = reached - left * 1000;
        const at = decideSplit({ from, top: TOP, reached, objects }, null);
        if (at === null) return;
        expect(at % 1000).toBe(0);
        expect(at).toBeGreaterThan(from);
        expect(at).toBeLessThan(reached);
      },
    ),
  );
});

test('the planned ranges of a list meet without gap and are open at both ends', () => {
  const planned = planRanges(new Date(TOP + 123));
  for (const { resource } of LISTS) {
    const ranges = planned.filter((range) => range.resource === resource);
    expect(ranges[0]!.until_at).toBeNull();
    expect(ranges.at(-1)!.from_at).toBeNull();
    const inner = ranges.slice(1).map((range) => range.until_at);
    expect(ranges.slice(0, -1).map((range) => range.from_at)).toEqual(inner);
  }
});

test('as many readers as fill the rate, and one to spare', () => {
  expect(readersWanted(25, 120)).toBe(4);
  expect(readersWanted(20, 10)).toBe(2);
  expect(readersWanted(25, 60_000)).toBe(16);
});
