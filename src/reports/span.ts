import { bucketsOf } from '../metrics/index.ts';
import type { Bucket, SeriesInterval } from '../metrics/index.ts';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';

export interface SpanQuery {
  /** 'YYYY-MM-DD', inside. Default: 30 days up to `to`. */
  from?: string | undefined;
  /** 'YYYY-MM-DD', inside. Default: today. */
  to?: string | undefined;
  interval?: SeriesInterval | undefined;
  /** Lower-case code. Default: the currency with the most MRR. */
  currency?: string | undefined;
  /** Whose calendar days are meant. Default UTC. */
  time_zone?: string | undefined;
}

export interface Span {
  whole: Bucket;
  /** As many days, directly before. */
  before: Bucket;
  points: Bucket[];
  time_zone: string;
  today: string;
  interval: SeriesInterval;
}

const DAY_MS = 86_400_000;

/** The range asked for, its points and the range before it. Nothing reaches beyond today. */
export function readSpan(ctx: Context, query: SpanQuery): Span {
  const time_zone = query.time_zone ?? 'UTC';
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone }).format(ctx.clock.now());
  const asked = query.to ?? today;
  const to = asked > today ? today : asked;
  const from = query.from ?? shift(to, -29);
  const interval = query.interval ?? 'day';
  const points = bucketsOf(from > to && asked > today ? to : from, to, interval);
  const whole = { from: points[0]!.from, to };
  const days = (Date.parse(whole.to) - Date.parse(whole.from)) / DAY_MS + 1;
  const before = { from: shift(whole.from, -days), to: shift(whole.from, -1) };
  return { whole, before, points, time_zone, today, interval };
}

/** A date some days later. */
export function shift(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export interface Point {
  bucket: Bucket;
  /** What else the point names, such as a kind of movement or a plan. */
  part: string | null;
}

/** A point as a tile named it ('2026-01-31', '2026-01-31:churn', or a bar's own name); all without one. */
export function readPoint(span: Span, point: string | undefined): Point {
  if (point === undefined) return { bucket: span.whole, part: null };
  const dated = /^(\d{4}-\d{2}-\d{2})(?::(.+))?$/.exec(point);
  if (!dated) return { bucket: span.whole, part: point };
  const bucket = span.points.find(({ from, to }) => dated[1]! >= from && dated[1]! <= to);
  if (!bucket)
    throw new AppError(
      'bad_point',
      'This point is not on the chart any more. Open the chart again.',
    );
  return { bucket, part: dated[2] ?? null };
}
