import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * What a tile can show. `basis` says when a figure is true: at an instant (the end of a point),
 * over a period (summed over a point), or only now. Browser-safe.
 */
export interface MetricDefinition {
  name: string;
  label: string;
  unit: 'money' | 'count';
  basis: 'instant' | 'period' | 'now';
  /** The forms of tile it can take. */
  kinds: readonly TileKind[];
  description: string;
}

export const TILE_KINDS = ['number', 'series', 'bars'] as const;
export type TileKind = (typeof TILE_KINDS)[number];

export const METRICS = [
  {
    name: 'mrr',
    label: 'MRR',
    unit: 'money',
    basis: 'instant',
    kinds: ['number', 'series'],
    description:
      'Monthly recurring revenue: what live subscriptions are worth a month, net of recurring discounts and tax. Trials, usage and one-offs are out.',
  },
  {
    name: 'arr',
    label: 'ARR',
    unit: 'money',
    basis: 'instant',
    kinds: ['number', 'series'],
    description: 'MRR times twelve. A run-rate, not revenue.',
  },
  {
    name: 'customers',
    label: 'Active customers',
    unit: 'count',
    basis: 'instant',
    kinds: ['number', 'series'],
    description: 'People with MRR above zero.',
  },
  {
    name: 'arpa',
    label: 'Average MRR per customer',
    unit: 'money',
    basis: 'instant',
    kinds: ['number', 'series'],
    description: 'MRR divided by active customers.',
  },
  {
    name: 'net_new_mrr',
    label: 'Net new MRR',
    unit: 'money',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'New, reactivation and expansion less contraction and churn.',
  },
  {
    name: 'mrr_movements',
    label: 'MRR movements',
    unit: 'money',
    basis: 'period',
    kinds: ['series'],
    description: 'What changed MRR, by kind. One net movement a person and day.',
  },
  {
    name: 'mrr_by_plan',
    label: 'MRR by plan',
    unit: 'money',
    basis: 'now',
    kinds: ['bars'],
    description: 'MRR now, each customer counted under their largest plan.',
  },
  {
    name: 'active_trials',
    label: 'Active trials',
    unit: 'count',
    basis: 'now',
    kinds: ['number'],
    description: 'People on a trial now.',
  },
  {
    name: 'trials_started',
    label: 'Trials started',
    unit: 'count',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'People who began a trial.',
  },
  {
    name: 'trials_converted',
    label: 'Trials converted',
    unit: 'count',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'People whose trial ended in a paid subscription.',
  },
  {
    name: 'new_customers',
    label: 'New customers',
    unit: 'count',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'People whose first payment ever went through.',
  },
  {
    name: 'new_people',
    label: 'New people',
    unit: 'count',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'People first seen as a customer in Stripe, paying or not.',
  },
  {
    name: 'gross_volume',
    label: 'Gross volume',
    unit: 'money',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'Payments that went through, with tax and one-offs, before refunds.',
  },
  {
    name: 'failed_volume',
    label: 'Failed payments',
    unit: 'money',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'Amounts of failed attempts to charge. Each attempt counts.',
  },
  {
    name: 'recovered_volume',
    label: 'Recovered payments',
    unit: 'money',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'Invoices paid after an attempt had failed.',
  },
  {
    name: 'refunded_volume',
    label: 'Refunds',
    unit: 'money',
    basis: 'period',
    kinds: ['number', 'series'],
    description: 'Money given back, by the day of the refund.',
  },
] as const satisfies readonly MetricDefinition[];

export type Metric = (typeof METRICS)[number]['name'];

export function getMetric(name: Metric): MetricDefinition {
  return METRICS.find((metric) => metric.name === name)!;
}

const names = METRICS.map((metric) => metric.name);

/** What a tile asks. */
export const Question = Type.Object({
  metric: Type.Unsafe<Metric>(Type.String({ enum: names })),
});
export type Question = Static<typeof Question>;

/** A tile as placed on a dashboard. `id` is unique there and stays when the tile is moved. */
export const Tile = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9_-]{1,60}$' }),
  title: Type.String({ minLength: 1, maxLength: 80 }),
  kind: Type.Unsafe<TileKind>(Type.String({ enum: [...TILE_KINDS] })),
  question: Question,
});
export type Tile = Static<typeof Tile>;

/** What a user saves. */
export const DashboardDraft = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  description: Type.String({ maxLength: 400 }),
  tiles: Type.Array(Tile, { maxItems: 60 }),
});
export type DashboardDraft = Static<typeof DashboardDraft>;
