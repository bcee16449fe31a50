import { evaluateAudiences } from '../audiences/index.ts';
import { getSettings } from '../access/index.ts';
import { rebuildLedger } from '../metrics/index.ts';
import { refreshState, takeMarks } from '../people/index.ts';
import { enterPlaybooks } from '../playbooks/index.ts';
import { inTransaction, lockInTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';

const BATCH = 500;

/**
 * Looks again at the people who were marked: their facts, ledger, audiences and playbooks, in one
 * transaction that also takes the marks away. A crash redoes the batch; doing it twice changes
 * nothing. Returns how many people were looked at.
 */
export async function lookAgain(ctx: Context): Promise<number> {
  const { time_zone } = await getSettings(ctx);
  return await inTransaction(ctx, async (tx) => {
    // Two batches with the same person would rebuild one ledger at once; one batch at a time is enough until it is not.
    await lockInTransaction(tx, 'look again');
    const ids = await takeMarks(tx, BATCH);
    if (ids.length === 0) return 0;
    await refreshState(tx, ids);
    await rebuildLedger(tx, ids, { time_zone });
    await evaluateAudiences(tx, ids);
    const entered = await enterPlaybooks(tx, ids);
    await notify(tx, { topic: 'people' });
    await notify(tx, { topic: 'metrics' });
    if (entered > 0) await notify(tx, { topic: 'runs' });
    return ids.length;
  });
}

/** Looks again until nobody is marked. For commands that end, such as `headwater sync`. */
export async function lookAgainAtAll(ctx: Context): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await lookAgain(ctx);
    if (done === 0) return total;
    total += done;
  }
}
