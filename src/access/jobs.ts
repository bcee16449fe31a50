import type { Context } from '../platform/index.ts';
import { deleteExpiredSessions } from './queries.ts';

/** Removes sessions that have expired; answers how many. */
export async function purgeSessions(ctx: Context): Promise<number> {
  return await deleteExpiredSessions(ctx);
}
