import type { Context } from '../platform/index.ts';
import { deleteActivitiesOfPeople, deleteActivitiesOfSource } from './queries/remove.ts';
import { rebuildTotals } from './queries/write.ts';

/**
 * Removes what goes with a source, in the caller's transaction: all that `people` ever did, and what
 * `others` did in that account. Totals follow, and what was due for `people` by the
 * clock is forgotten; `others` must be marked. Answers how many activities went.
 */
export async function removeActivities(
  tx: Context,
  source_id: number,
  whose: { people: readonly number[]; others: readonly number[] },
): Promise<number> {
  const all = await deleteActivitiesOfPeople(tx, whose.people);
  const some = await deleteActivitiesOfSource(tx, source_id, whose.others);
  await rebuildTotals(tx, whose.others);
  return all + some;
}
