import { getMetric } from './definition.ts';
import type { Metric, Tile, TileKind } from './definition.ts';

function tile(kind: TileKind, metric: Metric, title = getMetric(metric).label): Tile {
  return { id: `${metric}-${kind}`, title, kind, question: { metric } };
}

/** The run-rate: what subscriptions are worth and what changed it. */
export const SAAS_METRICS_TILES: readonly Tile[] = [
  tile('number', 'mrr'),
  tile('number', 'net_new_mrr'),
  tile('number', 'arr'),
  tile('number', 'customers'),
  tile('number', 'arpa'),
  tile('number', 'active_trials'),
  tile('series', 'mrr', 'MRR over time'),
  tile('series', 'mrr_movements'),
  tile('series', 'customers', 'Active customers over time'),
  tile('series', 'trials_started'),
  tile('series', 'trials_converted'),
  tile('bars', 'mrr_by_plan'),
];

/** Money moving: what was paid, what failed and who is new. */
export const PERFORMANCE_TILES: readonly Tile[] = [
  tile('number', 'gross_volume'),
  tile('number', 'failed_volume'),
  tile('number', 'recovered_volume'),
  tile('number', 'refunded_volume'),
  tile('number', 'new_customers'),
  tile('series', 'gross_volume', 'Gross volume over time'),
  tile('series', 'failed_volume', 'Failed payments over time'),
  tile('series', 'refunded_volume', 'Refunds over time'),
  tile('series', 'new_customers', 'New customers over time'),
];
