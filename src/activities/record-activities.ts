import { holdPeople } from '../people/index.ts';
import { hashInteger } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { findActivityType } from './definition.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { insertActivities } from './queries/write.ts';

export type ActivityToRecord = ActivityDraft & { person_id: number; source_id: number | null };

/**
 * Appends activities with their attributes and keeps the totals, all in the caller's transaction.
 * What was recorded before (same source and key) is left as it is and counts nowhere. A person who
 * was merged meanwhile is replaced by whom they became; `held` says that the caller keeps these people
 * from being merged already. Answers how many were new.
 */
export async function recordActivities(
  tx: Context,
  activities: readonly ActivityToRecord[],
  options: { held?: boolean } = {},
): Promise<number> {
  if (activities.length === 0) return 0;
  const people = [...new Set(activities.map((one) => one.person_id))];
  const now = options.held ? new Map<number, number>() : await holdPeople(tx, people);
  const rows = new Map(
    activities.map((one) => {
      const type = findActivityType(one.type);
      if (!type) throw new Error(`unknown activity ${one.type}`);
      const id = activityId(one.source_id, one.key);
      const { occurred_at, amount_minor, currency, source_id, object_id, attributes } = one;
      const row = { id, type: type.id, person_id: now.get(one.person_id) ?? one.person_id };
      return [
        id,
        { ...row, occurred_at, amount_minor, currency, source_id, object_id, attributes },
      ];
    }),
  );
  return await insertActivities(tx, [...rows.values()]);
}

/** The id that an activity of this source and key has, wherever and whenever it is told. */
export function activityId(source_id: number | null, key: string): number {
  return hashInteger(source_id ?? 0, key);
}
