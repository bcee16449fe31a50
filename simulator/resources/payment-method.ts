import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { renderAddress } from './customer.ts';
import type { CardRow } from './customer.ts';

export interface PaymentMethodRow {
  id: string;
  created: number;
  /** Null once detached; then no list shows it any more. */
  customer: string | null;
  card: CardRow;
  name: string | null;
  email: string | null;
  country: string | null;
  city: string | null;
  postal_code: string | null;
  metadata: Record<string, string>;
}

export function renderPaymentMethod(
  state: State,
  row: PaymentMethodRow,
): Wire<Stripe.PaymentMethod> {
  const { card } = row;
  return {
    id: row.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: {
      address: renderAddress(row),
      email: row.email,
      name: row.name,
      phone: null,
      tax_id: null,
    },
    card: {
      brand: card.brand,
      checks: null,
      country: card.country,
      display_brand: card.brand,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: `fp${card.id.slice(3)}`,
      funding: 'credit',
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: row.created,
    customer: row.customer,
    customer_account: null,
    livemode: state.settings.livemode,
    metadata: row.metadata,
    type: 'card',
  };
}

/** The payment methods of one customer, newest first. */
export function paymentMethodsOf(state: State, id: string): PaymentMethodRow[] {
  const customer = state.customers.find(id);
  if (customer === undefined || customer.deleted) return [];
  const rows = state.paymentMethods.of(id);
  const { card } = customer;
  // Accounts of exact size, and those saved long ago, know a card only at its customer.
  if (card === null || state.paymentMethods.find(card.id) !== undefined) return rows;
  const { name, email, country, city, postal_code } = customer;
  const bare = { id: card.id, created: card.created, customer: id, card, metadata: {} };
  return [...rows, { ...bare, name, email, country, city, postal_code }];
}
