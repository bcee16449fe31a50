import type Stripe from 'stripe';
import type { State } from '../state.ts';
import { embedList } from '../wire.ts';
import type { Wire } from '../wire.ts';
import { renderPlan, renderPrice } from './price.ts';
import { renderTaxRate } from './tax.ts';

export type SubscriptionStatus =
  | 'incomplete'
  | 'incomplete_expired'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'canceled'
  | 'unpaid'
  | 'paused';

export type PauseBehavior = 'keep_as_draft' | 'mark_uncollectible' | 'void';
export type MissingPaymentMethod = 'cancel' | 'create_invoice' | 'pause';
export type CancelReason = 'cancellation_requested' | 'payment_failed';

export interface ItemRow {
  id: string;
  created: number;
  price: string;
  quantity: number;
  current_period_start: number;
  current_period_end: number;
}

export interface SubscriptionRow {
  id: string;
  created: number;
  customer: string;
  status: SubscriptionStatus;
  currency: string;
  items: ItemRow[];
  discounts: string[];
  collection_method: 'charge_automatically' | 'send_invoice';
  days_until_due: number | null;
  start_date: number;
  billing_cycle_anchor: number;
  trial_start: number | null;
  trial_end: number | null;
  missing_payment_method: MissingPaymentMethod;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  ended_at: number | null;
  cancel_reason: CancelReason | null;
  cancel_feedback: Stripe.Subscription.CancellationDetails.Feedback | null;
  cancel_comment: string | null;
  pause_collection: { behavior: PauseBehavior; resumes_at: number | null } | null;
  paused: { at: number; type: Stripe.Subscription.StatusDetails.Paused.Subscription.Type } | null;
  latest_invoice: string | null;
  metadata: Record<string, string>;
  default_tax_rates?: string[];
  /** The schedule that leads it. */
  schedule?: string | null;
  test_clock?: string;
}

export function renderSubscriptionItem(
  state: State,
  subscription: string,
  row: ItemRow,
): Wire<Stripe.SubscriptionItem> {
  const price = state.prices.get(row.price);
  return {
    id: row.id,
    object: 'subscription_item',
    billing_thresholds: null,
    created: row.created,
    current_period_end: row.current_period_end,
    current_period_start: row.current_period_start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: renderPlan(state, price),
    price: renderPrice(state, price),
    quantity: row.quantity,
    subscription,
    tax_rates: [],
  };
}

export function renderSubscription(state: State, row: SubscriptionRow): Wire<Stripe.Subscription> {
  return {
    id: row.id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: row.billing_cycle_anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: row.cancel_at,
    cancel_at_period_end: row.cancel_at_period_end,
    canceled_at: row.canceled_at,
    cancellation_details: {
      comment: row.cancel_comment,
      feedback: row.cancel_feedback,
      feedback_option: null,
      reason: row.cancel_reason,
    },
    collection_method: row.collection_method,
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    days_until_due: row.days_until_due,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: (row.default_tax_rates ?? []).map((id) =>
      renderTaxRate(state, state.taxRates.get(id)),
    ),
    description: null,
    discounts: row.discounts,
    ended_at: row.ended_at,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: embedList(
      row.items.map((item) => renderSubscriptionItem(state, row.id, item)),
      `/v1/subscription_items?subscription=${row.id}`,
    ),
    latest_invoice: row.latest_invoice,
    livemode: state.settings.livemode,
    managed_payments: null,
    metadata: row.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: row.pause_collection,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: row.schedule ?? null,
    start_date: row.start_date,
    status: row.status,
    ...(row.paused === null
      ? {}
      : {
          status_details: {
            paused: {
              subscription: { type: row.paused.type },
              transitioned_at: row.paused.at,
              type: 'subscription',
            },
          },
        }),
    test_clock: row.test_clock ?? null,
    transfer_data: null,
    trial_end: row.trial_end,
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method: row.missing_payment_method,
      },
    },
    trial_start: row.trial_start,
  };
}
