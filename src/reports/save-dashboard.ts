import { Check } from 'typebox/value';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { DashboardDraft, METRICS, getMetric } from './definition.ts';
import type { Tile } from './definition.ts';
import { getDashboard } from './get-dashboard.ts';
import { deleteDashboard, insertDashboard, updateDashboard } from './queries/dashboards.ts';
import type { Dashboard } from './queries/dashboards.ts';

/**
 * Saves a dashboard: a new one without `id`, else changes that one. Throws `bad_dashboard` with what
 * to correct, and `dashboard_not_found`.
 */
export async function saveDashboard(
  ctx: Context,
  draft: DashboardDraft & { id?: number; template_key?: string | null },
): Promise<Dashboard> {
  const { name, description, tiles } = draft;
  check({ name, description, tiles });
  const fresh = { name, description, tiles };
  if (draft.id === undefined) {
    const id = await insertDashboard(ctx, fresh, draft.template_key ?? null);
    return await getDashboard(ctx, id);
  }
  if (!(await updateDashboard(ctx, draft.id, fresh)))
    throw new AppError('dashboard_not_found', 'This dashboard no longer exists.');
  return await getDashboard(ctx, draft.id);
}

/** Removes a dashboard; does nothing when it is gone already. */
export async function removeDashboard(ctx: Context, id: number): Promise<void> {
  await deleteDashboard(ctx, id);
}

function check(draft: DashboardDraft): void {
  const unknown = draft.tiles.find(
    (tile) => !METRICS.some((metric) => metric.name === tile.question?.metric),
  );
  if (unknown)
    throw bad(`The tile "${unknown.title}" asks for a metric that does not exist. Choose another.`);
  if (!Check(DashboardDraft, draft))
    throw bad('A dashboard needs a name of at most 80 characters, and every tile a title.');
  const ids = new Set(draft.tiles.map((tile) => tile.id));
  if (ids.size < draft.tiles.length) throw bad('Two tiles have the same id. Give each its own.');
  const wrong = draft.tiles.find((tile) => !fits(tile));
  if (wrong)
    throw bad(`${getMetric(wrong.question.metric).label} cannot be shown as "${wrong.kind}".`);
}

function fits(tile: Tile): boolean {
  return getMetric(tile.question.metric).kinds.includes(tile.kind);
}

function bad(sentence: string): AppError {
  return new AppError('bad_dashboard', sentence);
}
