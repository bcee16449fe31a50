import { dateFromToday } from '../../lib/format.ts';
import type { Range } from './api.ts';

export interface AskedRange {
  from?: string;
  to?: string;
  interval?: 'day' | 'month';
  currency?: string;
}

const DAY_MS = 86_400_000;
const MOST_DAYS_BY_DAY = 100;

export const PRESETS = [
  { value: '30', label: 'Last 30 days', days: 30 },
  { value: '90', label: 'Last 90 days', days: 90 },
  { value: '365', label: 'Last 12 months', days: 365 },
  { value: '730', label: 'Last 24 months', days: 730 },
] as const;

/** What the address leaves out: a year up to today, by month; short ranges by day. */
export function completeRange(asked: AskedRange): Range {
  const to = asked.to ?? dateFromToday(0);
  const from = asked.from && asked.from <= to ? asked.from : firstOfMonth(dateFromToday(-334));
  const interval = asked.interval ?? (lengthInDays(from, to) <= MOST_DAYS_BY_DAY ? 'day' : 'month');
  return { from: from <= to ? from : to, to, interval, currency: asked.currency };
}

export function lengthInDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The dates of a preset; long ones begin with a month, so that no bar is cut short at the left. */
export function presetRange(days: number): { from: string; to: string } {
  const from = dateFromToday(1 - days);
  return { from: days > MOST_DAYS_BY_DAY ? nextMonth(from) : from, to: dateFromToday(0) };
}

function firstOfMonth(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

function nextMonth(date: string): string {
  const day = new Date(`${firstOfMonth(date)}T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + 1);
  return day.toISOString().slice(0, 10);
}

/** The preset that an asked range is, or `own`. */
export function presetOf(range: Range): string {
  const found = PRESETS.find(({ days }) => {
    const preset = presetRange(days);
    return preset.from === range.from && preset.to === range.to;
  });
  return found?.value ?? 'own';
}
