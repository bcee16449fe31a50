/** A range as far as it is fetched: newest first, down to `reached_at`. All instants in milliseconds. */
export interface Covered {
  /** Where the range begins; null when it is open to the past. */
  from: number | null;
  /** The newest end: the upper bound, or the newest object when there is none. */
  top: number;
  /** `created` of the oldest object fetched so far. */
  reached: number;
  /** Objects fetched so far. */
  objects: number;
}

/** Nothing in Stripe is older than its public start. */
const STRIPE_OPENED = Date.UTC(2011, 8, 29);

/** How many objects of the range are still to come, going by how dense the part so far was. */
export function estimateLeft(range: Covered, floor: number | null): number {
  const from = range.from ?? floor ?? STRIPE_OPENED;
  const covered = Math.max(1000, range.top - range.reached);
  const left = Math.max(0, range.reached - from);
  return (range.objects * left) / covered;
}

/** Pages that must be left before a second reader pays for the page it may fetch in vain. */
const WORTH_SPLITTING = 4;

/**
 * The instant at which to cut what is left of a range in two, so that both halves can be fetched at
 * once; null when it is not worth it. `floor` is where the account seems to begin: only a guess,
 * used to cut well; it limits nothing.
 */
export function decideSplit(range: Covered, floor: number | null): number | null {
  if (estimateLeft(range, floor) < WORTH_SPLITTING * 100) return null;
  const from = range.from ?? floor ?? STRIPE_OPENED;
  const middle = Math.floor((from + (range.reached - from) / 2) / 1000) * 1000;
  return middle > from && middle < range.reached - 1000 ? middle : null;
}

/** How many readers of one list keep its rate busy: what is on the way during one request, and one to spare. */
export function readersWanted(perSecond: number, latencyMs: number): number {
  return Math.min(16, Math.ceil((perSecond * latencyMs) / 1000) + 1);
}
