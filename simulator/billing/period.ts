import type { Interval } from '../resources/price.ts';
import { DAY } from '../clock.ts';

/**
 * The k-th boundary of a cycle counted from its anchor. Months keep the anchor's day and clamp to
 * the month's end (31 Jan, 28 Feb, 31 Mar), which is why boundaries come from the anchor and not
 * from the previous boundary.
 */
export function boundary(anchor: number, interval: Interval, count: number, k: number): number {
  if (interval === 'day') return anchor + k * count * DAY;
  if (interval === 'week') return anchor + k * count * 7 * DAY;
  const months = k * count * (interval === 'year' ? 12 : 1);
  const start = new Date(anchor * 1000);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(start.getUTCDate(), lastDay)) / 1000;
  return midnight + (anchor % DAY);
}

/** The first boundary later than an instant. */
export function nextBoundary(
  anchor: number,
  interval: Interval,
  count: number,
  after: number,
): number {
  const lengths = { day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY };
  let k = Math.max(0, Math.floor((after - anchor) / (lengths[interval] * count)));
  while (boundary(anchor, interval, count, k) <= after) k += 1;
  return boundary(anchor, interval, count, k);
}
