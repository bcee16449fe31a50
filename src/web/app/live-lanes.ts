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
// While an account is copied, notices come without end, for hours where its payment methods are; lists
// are read again no more often than this, except for what is watched happening.
const SYNCING_REST_MS = 1500;
// A dashboard asks a dozen questions at a time.
const SYNCING_DASHBOARD_REST_MS = 4000;

export interface Lanes {
  /** Something in it changed: it is read again soon, or once the reading under way is done. */
  mark(lane: Lane): void;
  /** A first sync is going on. */
  noteSync(): void;
  close(): void;
}

interface State {
  timer: ReturnType<typeof setTimeout> | null;
  reading: boolean;
  /** Marked while it was being read. */
  again: boolean;
  readAt: number;
}

/**
 * Decides when what is read again. The first change is read at once; where changes do not end, each
 * lane has its rest, and a reading is never cut off by the next: one that takes longer than the rest
 * would otherwise never finish, and the page would stand still just when most happens.
 */
export function createLanes(read: (lane: Lane) => Promise<unknown>): Lanes {
  const states = new Map<Lane, State>();
  let syncSeenAt = Number.NEGATIVE_INFINITY;
  const restOf = (lane: Lane): number => {
    if (lane !== 'feeds' && performance.now() - syncSeenAt <= 2 * SYNCING_REST_MS) {
      return lane === 'dashboards' ? SYNCING_DASHBOARD_REST_MS : SYNCING_REST_MS;
    }
    if (lane === 'feeds') return FEED_REST_MS;
    return COUNTED.has(lane) ? COUNTED_REST_MS : REST_MS;
  };
  const stateOf = (lane: Lane): State => {
    let state = states.get(lane);
    if (!state) {
      state = { timer: null, reading: false, again: false, readAt: Number.NEGATIVE_INFINITY };
      states.set(lane, state);
    }
    return state;
  };
  const start = async (lane: Lane, state: State): Promise<void> => {
    state.timer = null;
    state.reading = true;
    state.readAt = performance.now();
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
    const wait = Math.max(SOON_MS, state.readAt + restOf(lane) - performance.now());
    state.timer = setTimeout(() => void start(lane, state), wait);
  };
  return {
    mark,
    noteSync() {
      syncSeenAt = performance.now();
    },
    close() {
      for (const state of states.values()) if (state.timer !== null) clearTimeout(state.timer);
      states.clear();
    },
  };
}
