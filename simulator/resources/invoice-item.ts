import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

/** A pending amount waiting for the customer's next invoice: a proration or a one-off. */
export interface InvoiceItemRow {
  id: string;
  /** Stripe calls it `date`. */
  created: number;
  customer: string;
  subscription: string | null;
  subscription_item: string | null;
  price: string | null;
  product: string | null;
  unit_amount_decimal: string | null;
  quantity: number;
  amount: number;
  currency: string;
  description: string;
  period_start: number;
  period_end: number;
  proration: boolean;
  credited: { invoice: string; invoice_line_items: string[] } | null;
  /** The invoice that took it, null while pending. */
  invoice: string | null;
  test_clock?: string;
  deleted?: true;
}

export function renderPricing(row: {
  price: string | null;
  product: string | null;
  unit_amount_decimal: string | null;
}): Wire<Stripe.InvoiceLineItem.Pricing> | null {
  if (row.price === null || row.product === null) return null;
  return {
    price_details: { price: row.price, product: row.product },
    type: 'price_details',
    unit_amount_decimal: row.unit_amount_decimal,
  };
}

export function renderInvoiceItem(state: State, row: InvoiceItemRow): Wire<Stripe.InvoiceItem> {
  return {
    id: row.id,
    object: 'invoiceitem',
    amount: row.amount,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    date: row.created,
    description: row.description,
    discountable: !row.proration,
    discounts: [],
    invoice: row.invoice,
    livemode: state.settings.livemode,
    metadata: {},
    net_amount: row.amount,
    parent:
      row.subscription === null
        ? null
        : {
            subscription_details: {
              subscription: row.subscription,
              ...(row.subscription_item === null
                ? {}
                : { subscription_item: row.subscription_item }),
            },
            type: 'subscription_details',
          },
    period: { start: row.period_start, end: row.period_end },
    pricing: renderPricing(row),
    proration: row.proration,
    ...(row.proration
      ? {
          proration_details: {
            credited_items:
              row.credited === null
                ? null
                : { invoice_line_item_details: row.credited, type: 'invoice_line_items' },
            discount_amounts: [],
          },
        }
      : {}),
    quantity: row.quantity,
    quantity_decimal: String(row.quantity),
    tax_rates: [],
    test_clock: row.test_clock ?? null,
  };
}
