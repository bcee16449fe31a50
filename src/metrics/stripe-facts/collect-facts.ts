import type { Catalogue, CustomerFacts, Snapshot } from '../ledger/facts.ts';
import type { Json } from './json.ts';
import { text } from './json.ts';
import { readInvoice, readLine } from './read-line.ts';
import type { Invoice } from './read-line.ts';
import { readCoupon, readDiscount, readPrice } from './read-price.ts';
import type { Discount } from './read-price.ts';
import { readItem, readSubscription } from './read-subscription.ts';
import type { Item, Subscription } from './read-subscription.ts';

interface Row {
  source_id: number;
  raw: Json;
}

/** Stored rows about some customers, as they come from the tables. Times in seconds. */
export interface StoredRows {
  customers: { source_id: number; customer: string; raw?: Json | null }[];
  subscriptions: (Row & { at: number })[];
  /** Items of subscriptions that show only their first page. */
  items: (Row & { subscription: string })[];
  invoices: Row[];
  lines: Row[];
  events: { source_id: number; id: string; created: number; object: Json }[];
  /** Discount objects from events. */
  discounts: Json[];
  prices: Json[];
  products: { id: string; name: string }[];
  coupons: Json[];
}

/** Reads stored rows of any shape into each customer's facts and the catalogue they refer to. */
export function collectFacts(rows: StoredRows): {
  customers: CustomerFacts[];
  catalogue: Catalogue;
} {
  const discounts = new Map<string, Discount>();
  const learn = (found: readonly Json[]): void => {
    for (const raw of found) {
      const discount = readDiscount(raw);
      if (discount) discounts.set(discount.id, discount);
    }
  };
  learn(rows.discounts);
  const invoices = readInvoices(rows, learn);
  const subscriptions = readSubscriptions(rows, learn);
  const snapshots = Map.groupBy(readSnapshots(rows, learn), ({ source_id, snapshot }) =>
    key(source_id, snapshot.state.customer),
  );
  const customers = rows.customers.map(({ source_id, customer, raw }): CustomerFacts => {
    const own = key(source_id, customer);
    const standing = raw?.discount as Json | null | undefined;
    if (standing) learn([standing]);
    const mine = subscriptions.get(own) ?? [];
    return {
      source_id,
      customer,
      subscriptions: standing ? mine.map((row) => withDiscount(row, standing)) : mine,
      invoices: invoices.get(own) ?? [],
      snapshots: (snapshots.get(own) ?? []).map((one) => one.snapshot),
      discounts,
    };
  });
  return { customers, catalogue: readCatalogue(rows, customers) };
}

/** A customer's own discount applies to subscriptions that have none. */
function withDiscount(row: Subscription, discount: Json): Subscription {
  const id = text(discount.id);
  return row.discounts.length > 0 || id === null ? row : { ...row, discounts: [id] };
}

function key(source: number, id: string): string {
  return `${source}/${id}`;
}

/** Prices come from their own rows; until those are there, subscriptions carry theirs (without tiers). */
function readCatalogue(rows: StoredRows, customers: readonly CustomerFacts[]): Catalogue {
  const states = customers.flatMap((facts) => [
    ...facts.snapshots.map((one) => one.state),
    ...facts.subscriptions,
  ]);
  const prices = [
    ...states.flatMap((state) => state.items.flatMap((item) => item.embedded_price ?? [])),
    ...rows.prices.map(readPrice).filter((price) => price !== null),
  ];
  const coupons = rows.coupons.map(readCoupon).filter((coupon) => coupon !== null);
  return {
    prices: new Map(prices.map((price) => [price.id, price])),
    products: new Map(rows.products.map((product) => [product.id, product.name])),
    coupons: new Map(coupons.map((coupon) => [coupon.id, coupon])),
  };
}

function readInvoices(
  rows: StoredRows,
  learn: (found: readonly Json[]) => void,
): Map<string, Invoice[]> {
  const byId = new Map<string, Invoice>();
  const byCustomer = new Map<string, Invoice[]>();
  for (const { source_id, raw } of rows.invoices) {
    const invoice = readInvoice(raw);
    if (!invoice) continue;
    learn(invoice.discounts);
    byId.set(key(source_id, invoice.id), invoice);
    const own = key(source_id, invoice.customer ?? '');
    byCustomer.set(own, [...(byCustomer.get(own) ?? []), invoice]);
  }
  for (const { source_id, raw } of rows.lines) {
    const line = readLine(raw);
    if (line) byId.get(key(source_id, line.invoice))?.lines.push(line);
  }
  return byCustomer;
}

function readSubscriptions(
  rows: StoredRows,
  learn: (found: readonly Json[]) => void,
): Map<string, Subscription[]> {
  const more = new Map<string, Item[]>();
  for (const { source_id, raw, subscription } of rows.items) {
    const own = key(source_id, subscription);
    more.set(own, [...(more.get(own) ?? []), ...readItem(raw)]);
  }
  const byCustomer = new Map<string, Subscription[]>();
  for (const { source_id, raw, at } of rows.subscriptions) {
    const row = readSubscription(raw, at);
    if (!row) continue;
    learn(row.expanded_discounts);
    const listed = more.get(key(source_id, row.id));
    const full = listed && !row.items_complete ? { ...row, items: union(row.items, listed) } : row;
    const own = key(source_id, row.customer);
    byCustomer.set(own, [...(byCustomer.get(own) ?? []), full]);
  }
  return byCustomer;
}

function union(shown: readonly Item[], listed: readonly Item[]): Item[] {
  const ids = new Set(shown.map((item) => item.id));
  return [...shown, ...listed.filter((item) => !ids.has(item.id))];
}

function readSnapshots(rows: StoredRows, learn: (found: readonly Json[]) => void) {
  const found: { source_id: number; snapshot: Snapshot }[] = [];
  for (const { source_id, id, created, object } of rows.events) {
    const state = readSubscription(object, created);
    if (!state) continue;
    learn(state.expanded_discounts);
    found.push({ source_id, snapshot: { event: id, state } });
  }
  return found;
}
