import type { FastifyRequest } from 'fastify';
import { recordAudit } from '../access/index.ts';
import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { userIdOf } from './guard.ts';

interface Deed<T> {
  answer: T;
  /** What it was done to: `audience/3`. */
  subject: string;
  /** Never a secret. */
  detail?: Record<string, unknown>;
}

/** Does something in one transaction with its line in the audit log. */
export async function audited<T>(
  ctx: Context,
  request: FastifyRequest,
  action: string,
  work: (tx: Context) => Promise<Deed<T>>,
): Promise<T> {
  return await inTransaction(ctx, async (tx) => {
    const { answer, subject, detail } = await work(tx);
    await recordAudit(tx, { user_id: userIdOf(request), action, subject, detail });
    return answer;
  });
}
