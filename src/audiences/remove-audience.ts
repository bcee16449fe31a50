import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { getAudience } from './list-audiences.ts';
import { archive } from './queries/audiences.ts';
import { lockForChange } from './queries/locks.ts';

/**
 * Takes an audience off every list. Everybody leaves it now; who was in it and when is kept.
 * Throws `audience_not_found`.
 */
export async function removeAudience(ctx: Context, id: number): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await lockForChange(tx, id);
    await getAudience(tx, id);
    await archive(tx, id);
    await notify(tx, { topic: 'audiences' });
  });
}
