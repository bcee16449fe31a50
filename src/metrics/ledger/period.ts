import { ratio } from './rational.ts';
import type { Rational } from './rational.ts';

export interface Interval {
  unit: 'day' | 'week' | 'month' | 'year';
  count: number;
}

const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** What turns an amount per interval into an amount per month: 1/12, 1, 52/12 or 365/12, over the count. */
export function monthlyFactor(interval: Interval): Rational {
  const count = BigInt(interval.count);
  if (interval.unit === 'year') return ratio(1n, 12n * count);
  if (interval.unit === 'month') return ratio(1n, count);
  return ratio(interval.unit === 'week' ? 52n : 365n, 12n * count);
}

/** `times` intervals after an instant (seconds); month ends are clamped as in a calendar. */
export function addIntervals(at: number, interval: Interval, times: number): number {
  const steps = interval.count * times;
  if (interval.unit === 'day') return at + steps * DAY;
  if (interval.unit === 'week') return at + steps * 7 * DAY;
  return addMonths(at, interval.unit === 'year' ? steps * 12 : steps);
}

function addMonths(at: number, months: number): number {
  const date = new Date(at * 1000);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + months;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const time = date.getTime() % (DAY * 1000);
  const within = time < 0 ? time + DAY * 1000 : time;
  return (Date.UTC(year, month, Math.min(date.getUTCDate(), last)) + within) / 1000;
}

/**
 * Whether a period is one full interval, whatever the length of its months. Both ends are tried as
 * the anchor: 28 Feb to 31 Mar is a full month counted from its end.
 */
export function isFullPeriod(start: number, end: number, interval: Interval): boolean {
  const tolerance = interval.unit === 'day' && interval.count === 1 ? 2 * HOUR : DAY;
  return (
    Math.abs(addIntervals(start, interval, 1) - end) <= tolerance ||
    Math.abs(addIntervals(end, interval, -1) - start) <= tolerance
  );
}

/** Seconds of the full period that ends at an instant; prorations run to the end of theirs. */
export function fullSecondsBefore(end: number, interval: Interval): number {
  return end - addIntervals(end, interval, -1);
}

/** The interval that a period's length suggests, for prices that are gone. */
export function inferInterval(start: number, end: number): Interval {
  const days = Math.round((end - start) / DAY);
  if (days >= 360) return { unit: 'year', count: Math.max(1, Math.round(days / 365)) };
  if (days >= 26) return { unit: 'month', count: Math.max(1, Math.round(days / 30.44)) };
  if (days >= 7 && days % 7 === 0) return { unit: 'week', count: days / 7 };
  return { unit: 'day', count: Math.max(1, days) };
}
