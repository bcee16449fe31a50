import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { fullPrice } from '../billing/amount.ts';
import { renderPrice } from './price.ts';

/** What a checkout session or a quote offers: a price, how many, at what rebate. */
export interface OfferRow {
  id: string;
  price: string;
  quantity: number;
  amount_discount: number;
}

export const subtotalOf = (state: State, row: OfferRow): number =>
  fullPrice(state.prices.get(row.price), row.quantity);

export function sumsOf(state: State, rows: OfferRow[]) {
  let subtotal = 0;
  let discount = 0;
  for (const row of rows) {
    subtotal += subtotalOf(state, row);
    discount += row.amount_discount;
  }
  return { subtotal, discount, total: subtotal - discount };
}

export function renderLineItem(state: State, row: OfferRow): Wire<Stripe.LineItem> {
  const price = state.prices.get(row.price);
  const subtotal = subtotalOf(state, row);
  return {
    id: row.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: row.amount_discount,
    amount_subtotal: subtotal,
    amount_tax: 0,
    amount_total: subtotal - row.amount_discount,
    currency: price.currency,
    description: state.products.get(price.product).name,
    metadata: {},
    price: renderPrice(state, price),
    quantity: row.quantity,
  };
}
