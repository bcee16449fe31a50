import { setTimeout as delay } from 'node:timers/promises';
import type { LoopOptions } from '../platform/index.ts';
import { countEventsInHand } from '../stripe/index.ts';

/** So many are no rush: they are applied within milliseconds. */
const FEW = 40;
const LONGEST_WAIT_MS = 8_000;
const LOOK_MS = 25;

/**
 * The same work, but events that come in masses go first: each of them marks people, and whoever is
 * looked at once afterwards need not be looked at after every one. No longer than a few seconds, so
 * that figures follow also while it never stops.
 */
export function afterEvents(work: LoopOptions['work']): LoopOptions['work'] {
  return async (ctx, signal) => {
    const until = performance.now() + LONGEST_WAIT_MS;
    while (countEventsInHand(ctx) > FEW && performance.now() < until && !signal.aborted)
      await delay(LOOK_MS);
    return await work(ctx, signal);
  };
}
