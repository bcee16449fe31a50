import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';

const skewOf = createPerInstallation(() => ({ ahead_ms: 0 }));

/** `Date` has whole seconds. */
const COARSE_MS = 1_000;
/** Clocks that differ by more do not go wrong: one of them is made to tell another time. */
const MOST_MS = 86_400_000;

/**
 * How far the clock of this machine is at least ahead of Stripe's, by the last answer; negative when
 * it is behind, 0 while they agree as far as can be told or nothing was asked yet. Milliseconds.
 */
export function clockAhead(ctx: Context): number {
  return skewOf(ctx).ahead_ms;
}

/** Compares the clocks by an answer's `Date`, which lies between the start of the request and its end. */
export function noteStripeClock(ctx: Context, headers: Headers, elapsed: number): void {
  const told = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(told)) return;
  const ended = ctx.clock.now().getTime();
  const aheadAtLeast = ended - elapsed - (told + COARSE_MS);
  const behindAtLeast = told - ended;
  const ahead = Math.max(0, aheadAtLeast) - Math.max(0, behindAtLeast);
  skewOf(ctx).ahead_ms = Math.abs(ahead) < MOST_MS ? ahead : 0;
}
