import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';

const skewOf = createPerInstallation(() => ({ ahead_ms: 0 }));

/** `Date` has whole seconds. */
const COARSE_MS = 1_000;

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
  // The wall clocks are what is compared, whatever time the program is made to believe in.
  const ended = Date.now();
  const aheadAtLeast = ended - elapsed - (told + COARSE_MS);
  const behindAtLeast = told - ended;
  skewOf(ctx).ahead_ms = Math.max(0, aheadAtLeast) - Math.max(0, behindAtLeast);
}
