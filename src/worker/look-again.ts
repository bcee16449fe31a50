import { setTimeout as delay } from 'node:timers/promises';
import { tellTimed } from '../activities/index.ts';
import { evaluateAudiences } from '../audiences/index.ts';
import { getSettings } from '../access/index.ts';
import { rebuildLedger } from '../metrics/index.ts';
import { refreshState, takeMarks } from '../people/index.ts';
import { enterPlaybooks } from '../playbooks/index.ts';
import { inTransaction, lockInTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { isCopying } from '../stripe/index.ts';

const BATCH = 500;
/** While an account is copied, looking again takes one part of time and leaves so many to storing. */
const PATIENCE = 15;
const SMALL_BATCH = 50;

/**
 * Looks again at the people who were marked: their facts, ledger, activities that come by the clock,
 * audiences and playbooks, in one
 * transaction that also takes the marks away. A crash redoes the batch; doing it twice changes
 * nothing. Returns how many people were looked at. While an account is copied for the first time it
 * goes slowly: figures can be seen to grow, and most of the work is done once, when all is there.
 */
export async function lookAgain(ctx: Context, signal?: AbortSignal): Promise<number> {
  const copying = await isCopying(ctx);
  const began = performance.now();
  const looked = await lookAtBatch(ctx, copying);
  if (copying && looked > 0)
    await restWhileCopying(ctx, (performance.now() - began) * PATIENCE, signal);
  return looked;
}

async function restWhileCopying(ctx: Context, ms: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end && !signal?.aborted) {
    await delay(Math.min(500, ms), undefined, signal ? { signal } : {}).catch(() => undefined);
    if (!(await isCopying(ctx))) return;
  }
}

async function lookAtBatch(ctx: Context, copying: boolean): Promise<number> {
  const { time_zone } = await getSettings(ctx);
  return await inTransaction(ctx, async (tx) => {
    // Two batches with the same person would rebuild one ledger at once; one batch at a time is enough until it is not.
    await lockInTransaction(tx, 'look again');
    const ids = await takeMarks(tx, copying ? SMALL_BATCH : BATCH);
    if (ids.length === 0) return 0;
    await refreshState(tx, ids);
    await rebuildLedger(tx, ids, { time_zone });
    // Before audiences and playbooks, which may wait for it.
    await tellTimed(tx, ids, { copying });
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
