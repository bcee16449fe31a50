import { AppError, inTransaction, notify, withExclusive } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { removeEndpointsQuietly } from './change-source.ts';
import { findRemoval, insertRemoval, listOpenRemovals, updateRemoval } from './queries/removals.ts';
import type { Keep, SourceRemoval } from './queries/removals.ts';
import { cancelRuns, deleteRuns } from './queries/runs.ts';
import { deleteSource, readSource, updateSource } from './queries/sources.ts';

export { listOpenRemovals, updateRemoval as saveRemoval };
export type { Keep, SourceRemoval };

/**
 * Takes our webhook out of Stripe, stops everything that reads or applies, and opens a removal; the
 * worker room then lets each room delete its own rows. Once begun it always goes on to its end.
 */
export async function beginRemoval(ctx: Context, id: number, keep: Keep): Promise<void> {
  const source = await readSource(ctx, id);
  if (source.state !== 'deleting') await removeEndpointsQuietly(ctx, source);
  await inTransaction(ctx, async (tx) => {
    await cancelRuns(tx, id);
    await insertRemoval(tx, id, keep);
    await updateSource(tx, id, {
      state: 'deleting',
      state_detail: {},
      ...NO_WEBHOOK,
    });
  });
}

const NO_WEBHOOK = {
  webhook_endpoint_id: null,
  webhook_secret_sealed: null,
  webhook_previous_secret_sealed: null,
  webhook_previous_until: null,
  webhook_previous_endpoint_id: null,
};

/** Throws `source_not_found` when none was ever begun. */
export async function readRemoval(ctx: Context, id: number): Promise<SourceRemoval> {
  const removal = await findRemoval(ctx, id);
  if (removal) return removal;
  throw new AppError('source_not_found', 'This data source does not exist. Go back to the list.');
}

/** What may still be in the middle of a page or a poll of a source holds one of these. */
const LOCKS = [
  'sync source',
  'payment methods of source',
  'poll events of source',
  'care for source',
] as const;

/** Runs `work` while nothing reads this source; answers null at once while something does. */
export async function whileAtRest<T>(
  ctx: Context,
  id: number,
  work: () => Promise<T>,
): Promise<T | null> {
  const nested = LOCKS.reduce<() => Promise<T | null>>(
    (inner, lock) => async () => await withExclusive(ctx, `${lock} ${id}`, inner),
    work,
  );
  return await nested();
}

/** The last step: the connection itself. With something kept its row stays, so that the same account finds it again. */
export async function finishRemoval(tx: Context, removal: SourceRemoval): Promise<void> {
  const { source_id, keep } = removal;
  const now = tx.clock.now();
  if (keep === 'nothing') await deleteSource(tx, source_id);
  else {
    if (keep === 'people') await deleteRuns(tx, source_id);
    await updateSource(tx, source_id, {
      state: 'disconnected',
      removed_at: now,
      key_sealed: '',
      key_hint: '',
      permissions: {},
      ...(keep === 'people' ? { events_polled_until: null } : {}),
    });
  }
  await updateRemoval(tx, { ...removal, step: 'done', finished_at: now });
  await notify(tx, { topic: 'source', source_id });
}
