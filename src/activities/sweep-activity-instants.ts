import { markPeople } from '../people/index.ts';
import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { takeDueInstants } from './queries/instants.ts';

const BATCH = 5_000;

/**
 * Marks the people of whom something is to be told by the clock alone, and now. It is told, and their
 * next instant kept, when they are looked at again. Returns how many instants were due.
 */
export async function sweepActivityInstants(ctx: Context): Promise<number> {
  return await inTransaction(ctx, async (tx) => {
    const due = await takeDueInstants(tx, BATCH);
    if (due.length === 0) return 0;
    await markPeople(tx, due);
    await notify(tx, { topic: 'marks' });
    return due.length;
  });
}
