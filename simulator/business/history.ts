import { DAY } from '../clock.ts';
import type { Runner } from '../runner.ts';
import { EVENT_RETENTION } from '../state.ts';
import type { State } from '../state.ts';

/** Average length of a month, for "36 months ago". */
export const MONTH = 30.4375 * DAY;

/**
 * Lets a number of customers arrive over the time from the clock's present to an end, more of them
 * as the company grows, and lives it all through. Events are kept for the last 30 days only.
 */
export function buildHistory(state: State, runner: Runner, customers: number, end: number): void {
  const start = state.now();
  const span = end - start;
  // The density of arrivals doubles over the whole time: t = (√(1 + 3u) − 1).
  for (let index = 0; index < customers; index += 1) {
    const share = Math.sqrt(1 + 3 * state.random.next()) - 1;
    state.agenda.add(start + Math.floor(share * span), 'business_arrive', '');
  }
  state.recordEventsFrom = end - EVENT_RETENTION;
  state.lazyEvents = true;
  runner.advanceAtOnce(end);
  state.lazyEvents = false;
  state.events.dropBefore(end - EVENT_RETENTION);
  state.recordEventsFrom = Number.NEGATIVE_INFINITY;
}
