import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { renderAddress } from './customer.ts';
import { sumsOf } from './line-item.ts';
import type { OfferRow } from './line-item.ts';

export interface CheckoutSessionRow {
  id: string;
  created: number;
  mode: 'payment' | 'setup' | 'subscription';
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  currency: string;
  items: OfferRow[];
  coupon: string | null;
  promotion_code: string | null;
  /** Known from the start, or made when the session completes. */
  customer: string | null;
  /** What the buyer typed; null until then. */
  details: { name: string | null; email: string | null; country: string | null } | null;
  client_reference_id: string | null;
  subscription: string | null;
  invoice: string | null;
  payment_intent: string | null;
  setup_intent: string | null;
  expires_at: number;
  trial_days: number | null;
  metadata: Record<string, string>;
}

const NO_TEXT = {
  after_submit: null,
  shipping_address: null,
  submit: null,
  terms_of_service_acceptance: null,
};

export function renderCheckoutSession(
  state: State,
  row: CheckoutSessionRow,
): Wire<Stripe.Checkout.Session> {
  const sums = sumsOf(state, row.items);
  const setup = row.mode === 'setup';
  const { details } = row;
  return {
    id: row.id,
    object: 'checkout.session',
    adaptive_pricing: setup ? null : { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: setup ? null : sums.subtotal,
    amount_total: setup ? null : sums.total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: row.client_reference_id,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: row.created,
    currency: setup ? null : row.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: NO_TEXT,
    customer: row.customer,
    customer_account: null,
    customer_creation: row.mode === 'subscription' ? 'always' : 'if_required',
    customer_details:
      details === null
        ? null
        : {
            address: renderAddress({ country: details.country, city: null, postal_code: null }),
            business_name: null,
            email: details.email,
            individual_name: details.name,
            name: details.name,
            phone: null,
            tax_exempt: 'none',
            tax_ids: [],
          },
    customer_email: null,
    discounts:
      row.coupon === null
        ? []
        : [
            row.promotion_code === null
              ? { coupon: row.coupon, promotion_code: null }
              : { coupon: null, promotion_code: row.promotion_code },
          ],
    expires_at: row.expires_at,
    integration_identifier: null,
    invoice: row.invoice,
    invoice_creation: null,
    livemode: state.settings.livemode,
    locale: null,
    managed_payments: null,
    metadata: row.metadata,
    mode: row.mode,
    origin_context: null,
    payment_intent: row.payment_intent,
    payment_link: null,
    payment_method_collection: row.mode === 'subscription' ? 'always' : 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_status: row.payment_status,
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: row.setup_intent,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: row.status,
    submit_type: null,
    subscription: row.subscription,
    success_url: 'https://shop.example.com/thanks',
    total_details: setup
      ? null
      : { amount_discount: sums.discount, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: row.status === 'open' ? `https://checkout.stripe.com/c/pay/${row.id}` : null,
    wallet_options: null,
  };
}
