import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { renderDiscount } from './discount.ts';

export interface CardRow {
  id: string;
  created: number;
  brand: string;
  last4: string;
  exp_month: number;
  exp_year: number;
  country: string;
}

export interface CustomerRow {
  id: string;
  created: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  description: string | null;
  country: string | null;
  city: string | null;
  postal_code: string | null;
  /** Negative: we owe the customer; positive: the customer owes. In minor units. */
  balance: number;
  currency: string | null;
  delinquent: boolean;
  discount: string | null;
  metadata: Record<string, string>;
  card: CardRow | null;
  invoice_prefix: string;
  next_invoice_sequence: number;
  deleted: boolean;
  /** How the next payments go: `succeeds`, `requires_action` or a decline code. Never rendered. */
  outcome: string;
  test_clock?: string;
}

export function renderAddress(row: {
  country: string | null;
  city: string | null;
  postal_code: string | null;
}): Stripe.Address | null {
  if (row.country === null) return null;
  return {
    city: row.city,
    country: row.country,
    line1: null,
    line2: null,
    postal_code: row.postal_code,
    state: null,
  };
}

export function renderCustomer(state: State, row: CustomerRow): Wire<Stripe.Customer> {
  const discount = row.discount === null ? undefined : state.discounts.find(row.discount);
  return {
    id: row.id,
    object: 'customer',
    address: renderAddress(row),
    balance: row.balance,
    created: row.created,
    currency: row.currency,
    customer_account: null,
    default_source: null,
    delinquent: row.delinquent,
    description: row.description,
    discount: discount === undefined ? null : renderDiscount(state, discount),
    email: row.email,
    invoice_prefix: row.invoice_prefix,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: row.card?.id ?? null,
      footer: null,
      rendering_options: null,
    },
    livemode: state.settings.livemode,
    metadata: row.metadata,
    name: row.name,
    next_invoice_sequence: row.next_invoice_sequence,
    phone: row.phone,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: row.test_clock ?? null,
  };
}
