import type { Asked } from '../lib/keys.ts';

/**
 * What is read again together. `feeds` are the lists of what happened in an account: they follow at
 * once, while the figures around them, which the server has to count, may take a second.
 */
export type Lane = Asked | 'feeds';

// Notices of one change come within a few milliseconds of each other.
const SOON_MS = 40;
const REST_MS = 300;
const FEED_REST_MS = 200;
const COUNTED_REST_MS = 1000;
const COUNTED: ReadonlySet<Lane> = new Set<Lane>(['sources', 'dashboards']);
// Where changes do not end, as while an account is copied, lists are read again no more often than this;
// only what is watched happening goes on as before.
const STREAM_REST_MS = 1500;
// A dashboard asks a dozen questions at a time.
const STREAM_DASHBOARD_REST_MS = 4000;
const STREAM_AFTER_MS = 3000;
const STREAM_GAP_MS = 500;

export interface Lanes {
  /** Something in it changed: it is read again soon, or once the reading under way is done. */
  mark(lane: Lane): void;
  close(): void;
}

interface State {
  timer: ReturnType<typeof setTimeout> | null;
  reading: boolean;
  /** Marked while it was being read. */
  again: boolean;
  readAt: number;
  /** Since when it has been read as often as it may, for changes did not end. */
  streamSince: number;
}

/**
 * Decides when what is read again. The first change is read at once; where changes do not end, each
 * lane has its rest, and a reading is never cut off by the next: one that takes longer than the rest
 * would otherwise never finish, and the page would stand still just when most happens.
 */
export function createLanes(read: (lane: Lane) => Promise<unknown>): Lanes {
  const states = new Map<Lane, State>();
  const restOf = (lane: Lane, state: State): number => {
    if (lane === 'feeds') return FEED_REST_MS;
    if (performance.now() - state.streamSince > STREAM_AFTER_MS)
      return lane === 'dashboards' ? STREAM_DASHBOARD_REST_MS : STREAM_REST_MS;
    return COUNTED.has(lane) ? COUNTED_REST_MS : REST_MS;
  };
  const stateOf = (lane: Lane): State => {
    let state = states.get(lane);
    if (!state) {
      const never = Number.NEGATIVE_INFINITY;
      state = { timer: null, reading: false, again: false, readAt: never, streamSince: 0 };
      states.set(lane, state);
    }
    return state;
  };
  const start = async (lane: Lane, state: State): Promise<void> => {
    state.timer = null;
    state.reading = true;
    const now = performance.now();
    if (now - state.readAt > restOf(lane, state) + STREAM_GAP_MS) state.streamSince = now;
    state.readAt = now;
    await read(lane).catch(() => undefined);
    state.reading = false;
    if (!state.again) return;
    state.again = false;
    mark(lane);
  };
  const mark = (lane: Lane): void => {
    const state = stateOf(lane);
    if (state.reading) state.again = true;
    if (state.reading || state.timer !== null) return;
    const wait = Math.max(SOON_MS, state.readAt + restOf(lane, state) - performance.now());
    state.timer = setTimeout(() => void start(lane, state), wait);
  };
  return {
    mark,
    close() {
      for (const state of states.values()) if (state.timer !== null) clearTimeout(state.timer);
      states.clear();
    },
  };
}
