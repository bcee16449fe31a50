import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';

const ATTEMPTS = 8;

/**
 * Runs a transaction; when the database ended it because two waited for each other (deadlock,
 * serialization), runs it again. `work` must be able to run twice.
 */
export async function retryConflicts<T>(
  ctx: Context,
  work: (tx: Context) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(ctx, work);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if ((code !== '40P01' && code !== '40001') || attempt >= ATTEMPTS) throw error;
      await delay(Math.random() * 20 * attempt);
    }
  }
}
