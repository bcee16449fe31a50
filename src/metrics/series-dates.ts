import { AppError } from '../platform/index.ts';
import type { SeriesInterval } from './definition.ts';

/** One point of a series: all days from `from` to `to`, both inside. */
export interface Bucket {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const MOST_POINTS = 4_000;

/**
 * The days or calendar months of a range. A month at the edge is cut to the range, so the running
 * month is "so far". Refuses an empty or endless range with a sentence.
 */
export function bucketsOf(from: string, to: string, interval: SeriesInterval): Bucket[] {
  const [start, end] = [parseDay(from), parseDay(to)];
  if (start > end) throw new AppError('empty_range', `The range is empty: ${from} is after ${to}.`);
  const days = Math.round((end - start) / DAY_MS) + 1;
  const points = interval === 'day' ? days : days / 28;
  if (points > MOST_POINTS)
    throw new AppError('range_too_long', `${from} to ${to} is too long. Choose a shorter range.`);
  const buckets: Bucket[] = [];
  for (let at = start; at <= end;) {
    const last = interval === 'day' ? at : Math.min(endOfMonth(at), end);
    buckets.push({ from: dayText(at), to: dayText(last) });
    at = last + DAY_MS;
  }
  return buckets;
}

function parseDay(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || dayText(time) !== text)
    throw new AppError('bad_date', `"${text}" is not a day. Give it as YYYY-MM-DD.`);
  return time;
}

function endOfMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
}

function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
