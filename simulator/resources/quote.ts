import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { sumsOf } from './line-item.ts';
import type { OfferRow } from './line-item.ts';

export interface QuoteRow {
  id: string;
  created: number;
  customer: string;
  status: 'draft' | 'open' | 'accepted' | 'canceled';
  items: OfferRow[];
  currency: string;
  number: string | null;
  description: string | null;
  expires_at: number;
  finalized_at: number | null;
  accepted_at: number | null;
  canceled_at: number | null;
  subscription: string | null;
  invoice: string | null;
  trial_days: number | null;
  test_clock: string | null;
  metadata: Record<string, string>;
}

export function renderQuote(state: State, row: QuoteRow): Wire<Stripe.Quote> {
  const sums = sumsOf(state, row.items);
  const total_details = { amount_discount: sums.discount, amount_shipping: 0, amount_tax: 0 };
  const price = state.prices.get(row.items[0]?.price ?? '');
  const amounts = { amount_subtotal: sums.subtotal, amount_total: sums.total, total_details };
  return {
    id: row.id,
    object: 'quote',
    amount_subtotal: sums.subtotal,
    amount_total: sums.total,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    collection_method: 'charge_automatically',
    computed: {
      recurring:
        price.interval === null
          ? null
          : { ...amounts, interval: price.interval, interval_count: price.interval_count },
      upfront: amounts,
    },
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    default_tax_rates: [],
    description: row.description,
    discounts: [],
    expires_at: row.expires_at,
    footer: null,
    from_quote: null,
    header: null,
    invoice: row.invoice,
    invoice_settings: {
      custom_fields: null,
      days_until_due: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    livemode: state.settings.livemode,
    metadata: row.metadata,
    number: row.number,
    on_behalf_of: null,
    status: row.status,
    status_transitions: {
      accepted_at: row.accepted_at,
      canceled_at: row.canceled_at,
      finalized_at: row.finalized_at,
    },
    subscription: row.subscription,
    subscription_data: {
      billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
      description: null,
      effective_date: null,
      metadata: {},
      trial_period_days: row.trial_days,
    },
    subscription_schedule: null,
    test_clock: row.test_clock,
    total_details,
    transfer_data: null,
  };
}
