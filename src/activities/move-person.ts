import type { Context } from '../platform/index.ts';
import { moveRows, rebuildTotals } from './queries/write.ts';

/**
 * What the merged person did was done by whom they became. Call it in the transaction of the merge,
 * which keeps others from recording for either of them meanwhile.
 */
export async function movePerson(tx: Context, from: number, into: number): Promise<void> {
  await moveRows(tx, from, into);
  await rebuildTotals(tx, [from, into]);
}
