import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { Tile } from './definition.ts';
import { selectDashboard, selectDashboards } from './queries/dashboards.ts';
import type { Dashboard, DashboardRow } from './queries/dashboards.ts';

/** All dashboards, the oldest first. */
export async function listDashboards(ctx: Context): Promise<DashboardRow[]> {
  return await selectDashboards(ctx);
}

/** Throws `dashboard_not_found`. */
export async function getDashboard(ctx: Context, id: number): Promise<Dashboard> {
  const dashboard = await selectDashboard(ctx, id);
  if (!dashboard) throw new AppError('dashboard_not_found', 'This dashboard no longer exists.');
  return dashboard;
}

/** Throws `dashboard_not_found` and `tile_not_found`. */
export async function getTile(ctx: Context, dashboard_id: number, id: string): Promise<Tile> {
  const dashboard = await getDashboard(ctx, dashboard_id);
  const tile = dashboard.tiles.find((one) => one.id === id);
  if (!tile) throw new AppError('tile_not_found', 'This tile is no longer on the dashboard.');
  return tile;
}
