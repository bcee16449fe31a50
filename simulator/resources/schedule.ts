import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface PhaseRow {
  start: number;
  end: number;
  currency: string;
  items: { price: string; quantity: number }[];
}

export interface ScheduleRow {
  id: string;
  created: number;
  customer: string;
  status: 'not_started' | 'active' | 'completed' | 'released' | 'canceled';
  end_behavior: 'release' | 'cancel';
  phases: PhaseRow[];
  /** Which of them an active schedule is in. */
  phase: number | null;
  subscription: string | null;
  released_subscription: string | null;
  completed_at: number | null;
  released_at: number | null;
  canceled_at: number | null;
  test_clock: string | null;
  metadata: Record<string, string>;
}

function renderPhase(row: PhaseRow): Wire<Stripe.SubscriptionSchedule.Phase> {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency: row.currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: row.end,
    invoice_settings: null,
    items: row.items.map((item) => ({
      billing_thresholds: null,
      discounts: [],
      metadata: {},
      plan: item.price,
      price: item.price,
      quantity: item.quantity,
      tax_rates: [],
    })),
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: row.start,
    transfer_data: null,
    trial_end: null,
  };
}

export function renderSchedule(state: State, row: ScheduleRow): Wire<Stripe.SubscriptionSchedule> {
  const phase = row.phase === null ? undefined : row.phases[row.phase];
  return {
    id: row.id,
    object: 'subscription_schedule',
    application: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    canceled_at: row.canceled_at,
    completed_at: row.completed_at,
    created: row.created,
    current_phase: phase === undefined ? null : { end_date: phase.end, start_date: phase.start },
    customer: row.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: row.end_behavior,
    livemode: state.settings.livemode,
    metadata: row.metadata,
    pause_schedules: [],
    phases: row.phases.map(renderPhase),
    released_at: row.released_at,
    released_subscription: row.released_subscription,
    status: row.status,
    subscription: row.subscription,
    test_clock: row.test_clock,
  };
}
