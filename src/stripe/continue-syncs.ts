import { inTransaction, messageOf, withExclusive } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { findDeleted } from './backfill/find-deleted.ts';
import { runBackfill } from './backfill/run-backfill.ts';
import { checkKey } from './change-source.ts';
import { clientOf } from './client/source-client.ts';
import { StripeError } from './client/stripe-error.ts';
import { decideRestingState } from './describe-state.ts';
import { noteKeyTrouble } from './key-trouble.ts';
import { planClocks } from './plan-clocks.ts';
import { startLane } from './queries/lane.ts';
import { completeRun, findRunning, listRunning } from './queries/runs.ts';
import { findSource, readSource, readSources, updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';

/** How often a key in trouble is tried again by itself. */
const RECHECK_MS = 60_000;

/**
 * Works on every sync that is not complete, several sources at once, until they are or the signal
 * says stop. Answers how many runs it brought forward; one that another process works on is left
 * to it.
 */
export async function continueSyncs(ctx: Context, signal: AbortSignal): Promise<number> {
  await recheckKeys(ctx);
  const ids = await listRunning(ctx);
  const done = await Promise.allSettled(
    ids.map(
      async (id) =>
        await withExclusive(
          ctx,
          `sync source ${id}`,
          async (lost) => await continueSync(ctx, id, AbortSignal.any([signal, lost])),
        ),
    ),
  );
  const failed = done.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return done.filter((outcome) => outcome.status === 'fulfilled' && outcome.value === true).length;
}

async function continueSync(ctx: Context, id: number, signal: AbortSignal): Promise<boolean> {
  const source = await readSource(ctx, id);
  const run = await findRunning(ctx, id);
  if (!run || (source.state !== 'syncing' && source.state !== 'webhook_full')) return false;
  try {
    const client = clientOf(ctx, source);
    await planClocks(ctx, client, source, run);
    const end = await runBackfill(ctx, client, run, signal);
    if (end !== 'done' || !(await findDeleted(ctx, client, run, signal))) return false;
    return await complete(ctx, source, run.id);
  } catch (error) {
    if (error instanceof StripeError && (await noteKeyTrouble(ctx, id, error))) return false;
    throw error;
  }
}

/** A run whose every range is done is complete, and its source goes over to being followed. */
async function complete(ctx: Context, source: Source, run_id: number): Promise<boolean> {
  return await inTransaction(ctx, async (tx) => {
    const chosen = (await findSource(tx, source.id))?.include_test_clocks;
    // Test clocks were switched on meanwhile: the run is planned anew.
    if (chosen !== source.include_test_clocks) return false;
    if (!(await completeRun(tx, run_id))) return false;
    await startLane(tx, source.id);
    const now = await findSource(tx, source.id);
    if (now?.state !== 'syncing' && now?.state !== 'webhook_full') return true;
    const webhook = now.state_detail.webhook?.status ?? 'silent';
    await updateSource(tx, source.id, {
      state: decideRestingState({ synced: true, webhook }),
      // Shown again as of now, and looked at once for what the lists just missed.
      state_detail: now.state_detail,
      next_poll_at: tx.clock.now(),
    });
    return true;
  });
}

/** Sources that stand still because of their key, or were left in the middle of connecting, are tried again by themselves. */
async function recheckKeys(ctx: Context): Promise<void> {
  const now = ctx.clock.now().getTime();
  for (const source of await readSources(ctx)) {
    const troubled = source.state === 'key_revoked' || source.state === 'permission_missing';
    const stuck = source.state === 'connecting';
    const last = Date.parse(source.state_detail.checked_at ?? '') || source.updated_at.getTime();
    if ((!troubled && !stuck) || now - last < RECHECK_MS) continue;
    try {
      await checkKey(ctx, source);
    } catch (error) {
      ctx.log.warn(
        { source_id: source.id, reason: messageOf(error) },
        'a key could not be checked',
      );
    }
  }
}
