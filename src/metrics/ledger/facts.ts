import type { Coupon, Discount } from '../stripe-facts/read-price.ts';
import type { Invoice, Line } from '../stripe-facts/read-line.ts';
import type { Subscription } from '../stripe-facts/read-subscription.ts';
import type { Price } from './price.ts';

/** What the account sells, as far as the people being built refer to it. */
export interface Catalogue {
  prices: ReadonlyMap<string, Price>;
  /** Names by product id. */
  products: ReadonlyMap<string, string>;
  coupons: ReadonlyMap<string, Coupon>;
}

/** A subscription as an event showed it. */
export interface Snapshot {
  event: string;
  state: Subscription;
}

/** Everything known about one customer's billing, in any order. */
export interface CustomerFacts {
  source_id: number;
  customer: string;
  subscriptions: readonly Subscription[];
  invoices: readonly Invoice[];
  snapshots: readonly Snapshot[];
  discounts: ReadonlyMap<string, Discount>;
}

/** An invoice and those of its lines that are licensed, recurring and of one subscription. */
export interface Bill {
  invoice: Invoice;
  lines: readonly Line[];
}

/** One subscription's part of the facts, in order of time. */
export interface History {
  source_id: number;
  /** As last seen; null when only invoices speak of it. */
  subscription: Subscription | null;
  subscription_id: string;
  currency: string;
  /** Bills that count: paid, open or uncollectible. */
  bills: readonly Bill[];
  /** Bills that were voided or are still drafts: they prove a period, not a rate. */
  other_bills: readonly Bill[];
  snapshots: readonly Snapshot[];
  discounts: ReadonlyMap<string, Discount>;
}

const COUNTED = new Set(['paid', 'open', 'uncollectible']);

/** Sorts a customer's facts by subscription and drops what is no licensed recurring line. */
export function splitBySubscription(facts: CustomerFacts, catalogue: Catalogue): History[] {
  const rows = new Map(facts.subscriptions.map((row) => [row.id, row]));
  const bills = new Map<string, Bill[]>();
  const invoices = facts.invoices.toSorted(
    (a, b) => a.created - b.created || (a.id < b.id ? -1 : 1),
  );
  for (const invoice of invoices) {
    const bySubscription = Map.groupBy(
      invoice.lines.filter((line) => isLicensed(line, catalogue)),
      (line) => line.subscription ?? invoice.subscription ?? '',
    );
    for (const [id, lines] of bySubscription) {
      if (id === '') continue;
      const sorted = lines.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
      bills.set(id, [...(bills.get(id) ?? []), { invoice, lines: sorted }]);
    }
  }
  const ids = new Set([...rows.keys(), ...bills.keys()]);
  return [...ids].toSorted().map((id) => {
    const subscription = rows.get(id) ?? null;
    const all = nameItems(id, subscription, bills.get(id) ?? []);
    const snapshots = facts.snapshots.filter((one) => one.state.id === id).toSorted(inOrder);
    return {
      source_id: facts.source_id,
      subscription: newest(subscription, snapshots),
      subscription_id: id,
      currency: subscription?.currency || (all[0]?.lines[0]?.currency ?? ''),
      bills: all.filter((bill) => COUNTED.has(bill.invoice.status)),
      other_bills: all.filter((bill) => !COUNTED.has(bill.invoice.status)),
      snapshots,
      discounts: facts.discounts,
    };
  });
}

function inOrder(a: Snapshot, b: Snapshot): number {
  const ended = Number(a.state.ended_at !== null) - Number(b.state.ended_at !== null);
  return a.state.at - b.state.at || ended || (a.event < b.event ? -1 : 1);
}

/** Without a row of its own, the newest event is the best that is known of a subscription. */
function newest(
  subscription: Subscription | null,
  snapshots: readonly Snapshot[],
): Subscription | null {
  return subscription ?? snapshots.at(-1)?.state ?? null;
}

/** Usage and one-offs are no run-rate. A price that is gone counts when the line names an item. */
function isLicensed(line: Line, catalogue: Catalogue): boolean {
  const price = priceOfLine(line, catalogue);
  if (price) return price.interval !== null && !price.metered;
  return line.item !== null;
}

export function priceOfLine(line: Line, catalogue: Catalogue): Price | undefined {
  const known = line.price_id === null ? undefined : catalogue.prices.get(line.price_id);
  return known ?? line.embedded_price ?? undefined;
}

/** Prorations may name no item: the lines they credit tell it, else the price does. */
function nameItems(id: string, subscription: Subscription | null, bills: readonly Bill[]): Bill[] {
  const byLine = new Map<string, string>();
  const byPrice = new Map<string, string>();
  for (const item of subscription?.items ?? []) byPrice.set(item.price_id ?? '', item.id);
  for (const line of bills.flatMap((bill) => bill.lines)) {
    if (line.item === null) continue;
    byLine.set(line.id, line.item);
    byPrice.set(line.price_id ?? '', line.item);
  }
  const named = (line: Line): Line => {
    if (line.item !== null) return line;
    const credited = line.credits.map((one) => byLine.get(one)).find((item) => item !== undefined);
    const item = credited ?? byPrice.get(line.price_id ?? '') ?? `${id}/${line.price_id ?? ''}`;
    return { ...line, item };
  };
  return bills.map((bill) => ({ invoice: bill.invoice, lines: bill.lines.map(named) }));
}
