import { markPeople } from '../people/index.ts';
import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { takeDueInstants } from './queries/members.ts';

const BATCH = 5_000;

/**
 * Marks the people whose answer to some audience changes by the clock alone and now. Their next
 * instants are written when they are looked at again. Returns how many instants were due.
 */
export async function sweepInstants(ctx: Context): Promise<number> {
  return await inTransaction(ctx, async (tx) => {
    const due = await takeDueInstants(tx, BATCH);
    if (due.length > 0) await markPeople(tx, [...new Set(due)]);
    return due.length;
  });
}
