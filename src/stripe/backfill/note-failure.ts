import { messageOf } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { StripeError } from '../client/stripe-error.ts';
import { failRange, skipRange, skipResource } from '../queries/runs.ts';
import type { SyncRange } from '../queries/runs.ts';
import { decideSkip } from './decide-skip.ts';

/** Keeps what went wrong with a range where it can be seen. */
export async function noteFailure(ctx: Context, range: SyncRange, error: unknown): Promise<void> {
  const stripe = error instanceof StripeError ? error : null;
  await failRange(ctx, range.id, {
    code: stripe?.code ?? stripe?.kind ?? 'internal',
    message: messageOf(error),
    request_id: stripe?.request_id ?? null,
    at: ctx.clock.now().toISOString(),
  });
}

/**
 * Skips a list that the key may not read and that is not needed, or one that is not there at all.
 * Answers what was skipped: all that is left of the resource, this range alone, or null for nothing.
 */
export async function skipIfOptional(
  ctx: Context,
  range: SyncRange,
  error: unknown,
  state: { begun: boolean },
): Promise<'resource' | 'range' | null> {
  if (range.parent !== null && error instanceof StripeError && error.kind === 'missing') {
    // The test clock was deleted meanwhile, with everybody on it.
    await skipRange(ctx, range.id);
    return 'range';
  }
  const skipped = decideSkip(range.resource, error, state);
  if (skipped === null) return null;
  await skipResource(ctx, range.run_id, range.resource, skipped);
  return 'resource';
}
