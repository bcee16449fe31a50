import { PERFORMANCE_TILES, SAAS_METRICS_TILES } from '../../reports/index.ts';
import type { DashboardTemplate } from '../template.ts';

/** In this order, because the page opens on the first. */
export const DASHBOARDS: DashboardTemplate[] = [
  {
    kind: 'dashboard',
    key: 'dashboard/saas-metrics',
    name: 'SaaS metrics',
    description: 'What subscriptions are worth a month, what changed that, and who is behind it.',
    tiles: SAAS_METRICS_TILES,
  },
  {
    kind: 'dashboard',
    key: 'dashboard/performance',
    name: 'Performance',
    description: 'Money that moved: paid, failed, recovered, given back, and who paid first.',
    tiles: PERFORMANCE_TILES,
  },
];
