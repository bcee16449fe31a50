import { listCustomers, listMrr } from '../metrics/index.ts';
import type { Bucket } from '../metrics/index.ts';
import type { Context } from '../platform/index.ts';
import type { Metric } from './definition.ts';
import {
  FIRST_PAYMENTS,
  FIRST_SEEN,
  amountsOf,
  peopleWho,
  sumSpans,
} from './queries/activity-sums.ts';
import type { Scope, Source } from './queries/activity-sums.ts';
import { countBehind, peopleOnTrial } from './queries/ledger-people.ts';
import { shift } from './span.ts';

interface PeriodSource {
  source: Source;
  /** Whether its amounts are summed or its people counted. */
  counts: 'amounts' | 'people';
}

/** Metrics over a period that are read from activities and people. */
const SOURCES = {
  trials_started: { source: peopleWho('new_trial'), counts: 'people' },
  trials_converted: { source: peopleWho('trial_converted'), counts: 'people' },
  new_customers: { source: FIRST_PAYMENTS, counts: 'people' },
  new_people: { source: FIRST_SEEN, counts: 'people' },
  gross_volume: { source: amountsOf('charge'), counts: 'amounts' },
  failed_volume: { source: amountsOf('payment_failed'), counts: 'amounts' },
  recovered_volume: { source: amountsOf('payment_recovered'), counts: 'amounts' },
  refunded_volume: { source: amountsOf('refund'), counts: 'amounts' },
} as const satisfies Partial<Record<Metric, PeriodSource>>;

type SourcedMetric = keyof typeof SOURCES;

export function isSourced(metric: Metric): metric is SourcedMetric {
  return metric in SOURCES;
}

export function sourceOf(metric: SourcedMetric): PeriodSource {
  return SOURCES[metric];
}

/** A metric's value for each span of days: at its end, or summed over it. */
export async function measure(
  ctx: Context,
  metric: Metric,
  spans: readonly Bucket[],
  scope: Scope,
): Promise<number[]> {
  if (isSourced(metric)) {
    const read = sourceOf(metric);
    const sums = await sumSpans(ctx, read.source, spans, scope);
    return sums.map((sum) => (read.counts === 'people' ? sum.people : sum.amount_minor));
  }
  if (metric === 'active_trials') {
    const now = await countBehind(ctx, peopleOnTrial());
    return spans.map(() => now);
  }
  const level = await readLevels(ctx, spans, scope);
  if (metric === 'mrr') return spans.map((span) => level.mrr(span.to));
  if (metric === 'arr') return spans.map((span) => level.mrr(span.to) * 12);
  if (metric === 'customers') return spans.map((span) => level.customers(span.to));
  if (metric === 'arpa') return spans.map((span) => average(level, span.to));
  if (metric === 'net_new_mrr') {
    return spans.map((span) => level.mrr(span.to) - level.mrr(shift(span.from, -1)));
  }
  throw new Error(`${metric} has no single value`);
}

interface Levels {
  mrr: (date: string) => number;
  customers: (date: string) => number;
}

function average(level: Levels, date: string): number {
  const customers = level.customers(date);
  return customers === 0 ? 0 : Math.round(level.mrr(date) / customers);
}

/** MRR and customers at the end of any day that the spans touch. */
async function readLevels(ctx: Context, spans: readonly Bucket[], scope: Scope): Promise<Levels> {
  const dates = spans.flatMap((span) => [shift(span.from, -1), span.to]).toSorted();
  const range = { from: dates[0]!, to: dates.at(-1)!, interval: 'day' } as const;
  const query = { ...range, currency: scope.currency ?? '' };
  const mrr = new Map((await listMrr(ctx, query)).map((point) => [point.date, point.mrr_minor]));
  const people = new Map((await listCustomers(ctx, query)).map((one) => [one.date, one.people]));
  // In a zone ahead of UTC the account's today may not have begun for the ledger: yesterday's end holds.
  const at = (values: Map<string, number>, date: string): number =>
    values.get(date) ?? values.get(shift(date, -1)) ?? 0;
  return { mrr: (date) => at(mrr, date), customers: (date) => at(people, date) };
}
