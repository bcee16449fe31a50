import { isSameJson } from '../../objects/index.ts';
import type { Json, Sighting } from '../../objects/index.ts';

/** A row as kept, living or deleted. */
export interface KeptRow {
  id: string;
  raw: Json;
  version_at: Date;
  deleted: boolean;
}

export interface Compared {
  compared: number;
  /** In Stripe, not here. */
  missing: Sighting[];
  /** In both, with other content. */
  different: Sighting[];
  /** In both, and what differs is nothing Stripe tells of: taken over without a word. */
  quiet: Sighting[];
  /** Here, and not in Stripe’s list. */
  extra: KeptRow[];
}

/** Lists whose objects come or change without an event; their ends are read again by themselves. */
const WITHOUT_EVENTS: ReadonlySet<string> = new Set([
  'balance_transactions',
  'checkout_sessions',
  'invoice_items',
  'quotes',
  'setup_intents',
]);

/** Fields Stripe counts on without an event. */
const COUNTERS: Readonly<Record<string, readonly string[]>> = {
  customers: ['next_invoice_sequence'],
  coupons: ['times_redeemed', 'valid'],
  promotion_codes: ['times_redeemed', 'active'],
  products: ['updated'],
};

/** An invoice payment opens without an event, and is told once it is paid. */
const isUntold = (resource: string, object: Json): boolean =>
  WITHOUT_EVENTS.has(resource) || (resource === 'invoice_payments' && object.status === 'open');

/**
 * Compares a stretch of a list with the rows of that stretch. `isOnItsWay` says of an object that an
 * event tells of it, or may still: that is no difference.
 */
export function comparePage(
  resource: string,
  listed: readonly Sighting[],
  kept: readonly KeptRow[],
  isOnItsWay: (id: string, row: KeptRow | null) => boolean,
): Compared {
  const rows = new Map(kept.map((row) => [row.id, row]));
  const seen = new Set<string>();
  const found: Compared = { compared: 0, missing: [], different: [], quiet: [], extra: [] };
  for (const sighting of listed) {
    const id = String(sighting.object.id);
    const row = rows.get(id) ?? null;
    seen.add(id);
    found.compared += 1;
    if (row && !row.deleted && isSame(row.raw, sighting.object)) continue;
    if (isOnItsWay(id, row) || (row && row.version_at > sighting.version_at)) continue;
    if (isUntold(resource, sighting.object)) found.quiet.push(sighting);
    else if (row === null) found.missing.push(sighting);
    else if (!row.deleted && isSameButCounters(resource, row.raw, sighting.object)) {
      found.quiet.push(sighting);
    } else found.different.push(sighting);
  }
  for (const row of kept) {
    if (row.deleted || seen.has(row.id) || isOnItsWay(row.id, row)) continue;
    // Lists leave out what hangs on a test clock.
    if (typeof row.raw.test_clock === 'string') continue;
    found.compared += 1;
    found.extra.push(row);
  }
  return found;
}

/** What a list is asked to expand is absent from an event, and null where there is none: that is the same. */
function isSame(mine: Json, theirs: Json): boolean {
  const told = (object: Json): Json =>
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
  return isSameJson(mine, theirs) || isSameJson(told(mine), told(theirs));
}

function isSameButCounters(resource: string, mine: Json, theirs: Json): boolean {
  const fields = COUNTERS[resource] ?? [];
  if (fields.length === 0) return false;
  const without = (object: Json): Json =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)));
  return isSame(without(mine), without(theirs));
}
