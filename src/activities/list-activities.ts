import type { Context } from '../platform/index.ts';
import { findActivityType } from './definition.ts';
import type { ActivityName } from './definition.ts';
import { selectActivities, selectDays } from './queries/read.ts';
import type { StoredActivity } from './queries/read.ts';

export interface ActivityRow extends Omit<StoredActivity, 'type_id'> {
  type: ActivityName;
  label: string;
}

export interface ActivityQuery {
  person_id?: number;
  source_id?: number;
  /** Names that are not known match nothing. */
  types?: readonly string[];
  /** `next` of the page before. */
  before?: { occurred_at: Date; id: number } | null;
  /** 1 to 200, default 50. */
  limit?: number;
}

/** A page of what happened, newest first. `next` is where the older page begins, or null. */
export async function listActivities(
  ctx: Context,
  query: ActivityQuery = {},
): Promise<{ rows: ActivityRow[]; next: { occurred_at: Date; id: number } | null }> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const filter = {
    person_id: query.person_id ?? null,
    source_id: query.source_id ?? null,
    type_ids: query.types?.flatMap((name) => findActivityType(name)?.id ?? []) ?? null,
    before: query.before ?? null,
  };
  const found = await selectActivities(ctx, filter, limit + 1);
  const rows = found.slice(0, limit).map(toRow);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last ? { occurred_at: last.occurred_at, id: last.id } : null };
}

function toRow({ type_id, ...row }: StoredActivity): ActivityRow {
  const type = findActivityType(type_id);
  if (!type) throw new Error(`activity ${row.id} is of the unknown type ${type_id}`);
  return { ...row, type: type.name, label: type.label };
}

/**
 * How many activities each calendar day saw, days without any included, oldest first. `from` is
 * inside, `to` is not; days are those of `time_zone` (default UTC).
 */
export async function countActivitiesByDay(
  ctx: Context,
  span: { from: Date; to: Date; source_id?: number; time_zone?: string },
): Promise<{ on_date: string; count: number }[]> {
  return await selectDays(ctx, {
    from: span.from,
    to: span.to,
    source_id: span.source_id ?? null,
    time_zone: span.time_zone ?? 'UTC',
  });
}
