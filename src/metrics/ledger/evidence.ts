/** How sure a date is: A recorded time, B first billing evidence, C inferred. */
export type Grade = 'A' | 'B' | 'C';

/** Stripe ids of what a ledger row rests on. */
export interface Evidence {
  lines: readonly string[];
  invoices: readonly string[];
  events: readonly string[];
  subscription: string | null;
}

export const NO_EVIDENCE: Evidence = { lines: [], invoices: [], events: [], subscription: null };

/** Why a rate changed. Closed list; the screen has a word for each. */
export type Reason =
  | 'started'
  | 'trial_converted'
  | 'second_subscription'
  | 'returned'
  | 'price_change'
  | 'quantity'
  | 'item_added'
  | 'item_removed'
  | 'interval_change'
  | 'discount_start'
  | 'discount_end'
  | 'voluntary'
  | 'involuntary'
  | 'unpaid'
  | 'paused'
  | 'resumed'
  | 'trial'
  | 'to_free'
  | 'from_free'
  | 'migration'
  | 'reconciled';

/** Keeps what a row first rested on and the newest that confirms it. */
export function joinEvidence(first: Evidence, next: Evidence): Evidence {
  return {
    lines: firstAndLast(first.lines, next.lines),
    invoices: firstAndLast(first.invoices, next.invoices),
    events: firstAndLast(first.events, next.events),
    subscription: first.subscription ?? next.subscription,
  };
}

const KEPT = 4;

// A plan that renews for years has a line a month; a row names where it came from and where it was last seen.
function firstAndLast(a: readonly string[], b: readonly string[]): readonly string[] {
  const all = [...new Set([...a, ...b])];
  return all.length <= KEPT ? all : [...all.slice(0, KEPT - 1), all.at(-1)!];
}

/** As stored: without what is empty. */
export function evidenceToJson(evidence: Evidence): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  if (evidence.lines.length > 0) json.lines = evidence.lines;
  if (evidence.invoices.length > 0) json.invoices = evidence.invoices;
  if (evidence.events.length > 0) json.events = evidence.events;
  if (evidence.subscription !== null) json.subscription = evidence.subscription;
  return json;
}
