import { MOVEMENT_KINDS, listMovements } from '../metrics/index.ts';
import type { Context } from '../platform/index.ts';
import { getMetric } from './definition.ts';
import type { Metric, Tile } from './definition.ts';
import { getTile } from './get-dashboard.ts';
import { measure } from './measure.ts';
import type { Scope } from './queries/activity-sums.ts';
import { findMainCurrency, selectPlans } from './queries/ledger-people.ts';
import { readSpan } from './span.ts';
import type { Span, SpanQuery } from './span.ts';

export interface TileQuery extends SpanQuery {
  dashboard_id: number;
  tile_id: string;
}

interface Answered {
  as_of: Date;
  /** Of the values, which are then minor units; null when they are counts. */
  currency: string | null;
}

export interface Series {
  name: string;
  /** `point` names it when asking for the people behind. */
  points: { point: string; value: number }[];
}

export type TileResult =
  | (Answered & {
      kind: 'series';
      series: Series[];
      /** Whole range against the same length before. */
      comparison: { value: number; previous: number } | null;
    })
  | (Answered & { kind: 'number'; value: number; previous: number | null })
  | (Answered & { kind: 'bars'; bars: { point: string; label: string; value: number }[] });

/** Answers one tile's question for a range. Throws `dashboard_not_found`, `tile_not_found`, `empty_range`. */
export async function runTile(ctx: Context, query: TileQuery): Promise<TileResult> {
  const tile = await getTile(ctx, query.dashboard_id, query.tile_id);
  const span = readSpan(ctx, query);
  const scope = await readScope(ctx, query);
  return await answer(ctx, tile, span, scope);
}

export async function readScope(ctx: Context, query: SpanQuery): Promise<Scope> {
  const currency = query.currency?.toLowerCase() ?? (await findMainCurrency(ctx));
  return { currency, time_zone: query.time_zone ?? 'UTC' };
}

async function answer(ctx: Context, tile: Tile, span: Span, scope: Scope): Promise<TileResult> {
  const { metric } = tile.question;
  const { unit, basis } = getMetric(metric);
  const answered = { as_of: ctx.clock.now(), currency: unit === 'money' ? scope.currency : null };
  if (tile.kind === 'bars') {
    const plans = await selectPlans(ctx, scope.currency);
    const bars = plans.map(({ plan, mrr_minor }) => ({
      point: plan,
      label: plan || 'No plan',
      value: mrr_minor,
    }));
    return { ...answered, kind: 'bars', bars };
  }
  if (tile.kind === 'number') {
    const [value = 0, previous = 0] = await measure(ctx, metric, [span.whole, span.before], scope);
    return { ...answered, kind: 'number', value, previous: basis === 'now' ? null : previous };
  }
  if (metric === 'mrr_movements') {
    const series = await movementSeries(ctx, span, scope);
    return { ...answered, kind: 'series', series, comparison: null };
  }
  const spans = [...span.points, span.whole, span.before];
  const values = await measure(ctx, metric, spans, scope);
  const [value = 0, previous = 0] = values.slice(-2);
  return {
    ...answered,
    kind: 'series',
    series: [{ name: nameOf(metric), points: pointsOf(span, values) }],
    comparison: { value, previous },
  };
}

function nameOf(metric: Metric): string {
  return getMetric(metric).label;
}

function pointsOf(span: Span, values: readonly number[]) {
  return span.points.map(({ to }, index) => ({ point: to, value: values[index] ?? 0 }));
}

/** One series a kind, losses below zero. */
async function movementSeries(ctx: Context, span: Span, scope: Scope): Promise<Series[]> {
  const { from, to } = span.whole;
  const query = { from, to, interval: span.interval, currency: scope.currency ?? '' };
  const moved = await listMovements(ctx, query);
  const values = new Map(moved.map((one) => [`${one.from}:${one.kind}`, one.amount_minor]));
  return MOVEMENT_KINDS.map((kind) => ({
    name: kind,
    points: span.points.map((bucket) => ({
      point: `${bucket.to}:${kind}`,
      value: values.get(`${bucket.from}:${kind}`) ?? 0,
    })),
  }));
}
