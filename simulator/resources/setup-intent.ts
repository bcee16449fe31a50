import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { errorCodeOf, messageOf } from './charge.ts';

export interface SetupIntentRow {
  id: string;
  created: number;
  customer: string | null;
  payment_method: string | null;
  status: 'requires_payment_method' | 'requires_action' | 'succeeded' | 'canceled';
  cancellation_reason: 'abandoned' | 'requested_by_customer' | 'duplicate' | null;
  /** Decline code of the last failed attempt. */
  decline_code: string | null;
  description: string | null;
  metadata: Record<string, string>;
}

export function renderSetupIntent(state: State, row: SetupIntentRow): Wire<Stripe.SetupIntent> {
  return {
    id: row.id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: row.cancellation_reason,
    client_secret: `${row.id}_secret_simulated`,
    created: row.created,
    customer: row.customer,
    customer_account: null,
    description: row.description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error:
      row.decline_code === null
        ? null
        : {
            code: errorCodeOf(row.decline_code),
            decline_code: row.decline_code,
            message: messageOf(row.decline_code),
            type: 'card_error',
          },
    latest_attempt: null,
    livemode: state.settings.livemode,
    managed_payments: null,
    mandate: null,
    metadata: row.metadata,
    next_action: row.status === 'requires_action' ? { type: 'use_stripe_sdk' } : null,
    on_behalf_of: null,
    payment_method: row.payment_method,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: row.status,
    usage: 'off_session',
  };
}
