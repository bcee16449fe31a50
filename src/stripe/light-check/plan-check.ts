import { hashInteger } from '../../platform/index.ts';

/** What a comparison may cost, and how it is spread over the lists. */
export interface CheckPlan {
  /** Lists whose newest page is read. */
  newest: string[];
  /** Lists of which a random stretch of time is read, one entry a read. */
  windows: string[];
  /** Objects that may be fetched one by one. */
  fetches: number;
}

/** Share of Stripe's read allowance of 30 days that comparing may take. */
const SHARE = 0.1;
const MOST = 80;
/** Kept back for looking at events and fetching single objects. */
const KEPT_BACK = 0.25;
/** What fits into the newest page needs no window. */
const PAGE = 100;

/** Reads a comparison may take now: a thirtieth of what 30 days allow, and no more than what is left of them. */
export function readsFor(allowance: number, spent_30d: number): number {
  const month = Math.floor(allowance * SHARE);
  return Math.max(0, Math.min(MOST, Math.floor(month / 30), month - spent_30d));
}

/**
 * Every list gets its newest page, in a random order in case not all can; what is left goes to random
 * windows, mostly of long lists. `random` answers numbers from 0 to 1.
 */
export function planCheck(
  lists: readonly { resource: string; rows: number; by_created: boolean }[],
  reads: number,
  random: () => number,
): CheckPlan {
  const fetches = Math.floor(reads * KEPT_BACK);
  const pages = reads - fetches;
  const newest = lists
    .map(({ resource }) => ({ resource, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, pages)
    .map(({ resource }) => resource);
  const long = lists.filter(({ rows, by_created }) => rows > PAGE && by_created);
  const weights = long.map(({ rows }) => Math.sqrt(rows));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const draw = (): string => {
    let rest = random() * total;
    const index = weights.findIndex((weight) => (rest -= weight) < 0);
    return (long[index] ?? long.at(-1)!).resource;
  };
  const windows = long.length === 0 ? [] : Array.from({ length: pages - newest.length }, draw);
  return { newest, windows, fetches };
}

/** The hour of the night at which comparing begins, and how long sources are spread over. */
const HOUR = 3;
const SPREAD_MIN = 120;

/** The last instant at which the nightly comparison of a source was due: at its own minute between 3 and 5 by its clock. */
export function lastDueAt(
  source: { id: number; account_id: string | null; time_zone: string },
  now: Date,
): Date {
  const name = source.account_id ?? String(source.id);
  const spread = hashInteger('nightly check', name) % SPREAD_MIN;
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: source.time_zone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const minutes = part('hour') * 60 + part('minute');
  const since = (minutes - (HOUR * 60 + spread) + 1_440) % 1_440;
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 - since * 60_000);
}
