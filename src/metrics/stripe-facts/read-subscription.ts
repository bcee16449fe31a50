import type { Price } from '../ledger/price.ts';
import { ONE, readDecimal } from '../ledger/rational.ts';
import type { Rational } from '../ledger/rational.ts';
import { decimal, idOf, idsOf, integer, list, object, text } from './json.ts';
import type { Json } from './json.ts';
import { readPrice } from './read-price.ts';

export interface Item {
  id: string;
  created: number | null;
  price_id: string | null;
  quantity: Rational;
  discounts: readonly string[];
  embedded_price: Price | null;
}

/** A subscription at one instant. Times in seconds. */
export interface Subscription {
  id: string;
  customer: string;
  status: string;
  currency: string;
  created: number;
  start: number;
  trial_start: number | null;
  trial_end: number | null;
  canceled_at: number | null;
  ended_at: number | null;
  cancel_reason: string | null;
  sends_invoices: boolean;
  /** `void`, `mark_uncollectible` or `keep_as_draft` while collection is paused. */
  pause_behavior: string | null;
  paused_at: number | null;
  items: readonly Item[];
  /** False when the object shows only the first page of its items. */
  items_complete: boolean;
  discounts: readonly string[];
  /** Discounts that came with their coupon: of the subscription and its items. */
  expanded_discounts: readonly Json[];
  /** The instant this state was true. */
  at: number;
}

/** Reads a subscription of any API version; `at` is the instant it shows. Null without an id. */
export function readSubscription(raw: Json, at: number): Subscription | null {
  const id = text(raw.id);
  if (id === null) return null;
  const items = list(raw.items);
  const older = object(raw.plan);
  const single = items.length === 0 && older ? [{ ...raw, id: `${id}_item`, price: older }] : items;
  const created = integer(raw.created) ?? 0;
  const oldDiscount = object(raw.discount);
  return {
    id,
    customer: idOf(raw.customer) ?? '',
    status: text(raw.status) ?? '',
    currency: text(raw.currency) ?? text(object(single[0]?.price)?.currency) ?? '',
    created,
    start: integer(raw.start_date) ?? integer(raw.start) ?? created,
    trial_start: integer(raw.trial_start),
    trial_end: integer(raw.trial_end),
    canceled_at: integer(raw.canceled_at),
    ended_at: integer(raw.ended_at),
    cancel_reason: text(object(raw.cancellation_details)?.reason),
    sends_invoices: raw.collection_method === 'send_invoice' || raw.billing === 'send_invoice',
    pause_behavior: text(object(raw.pause_collection)?.behavior),
    paused_at: integer(object(object(raw.status_details)?.paused)?.transitioned_at),
    items: single.flatMap(readItem),
    items_complete: object(raw.items)?.has_more !== true,
    discounts: [...idsOf(raw.discounts), ...(oldDiscount ? idsOf([oldDiscount]) : [])],
    expanded_discounts: [
      ...list(raw.discounts),
      ...(oldDiscount ? [oldDiscount] : []),
      ...single.flatMap((item) => list(item.discounts)),
    ],
    at,
  };
}

export function readItem(raw: Json): Item[] {
  const id = text(raw.id);
  if (id === null) return [];
  const price = object(raw.price) ?? object(raw.plan);
  const quantity = decimal(raw.quantity_decimal) ?? decimal(raw.quantity);
  return [
    {
      id,
      created: integer(raw.created),
      price_id: idOf(raw.price) ?? idOf(raw.plan),
      quantity: quantity === null ? ONE : readDecimal(quantity),
      discounts: idsOf(raw.discounts),
      embedded_price: price && readPrice(price),
    },
  ];
}
