import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { errorCodeOf, messageOf } from './charge.ts';

export interface InvoicePaymentRow {
  id: string;
  created: number;
  invoice: string;
  payment_intent: string;
  currency: string;
  amount_requested: number;
  amount_paid: number | null;
  status: 'open' | 'paid' | 'canceled';
  paid_at: number | null;
  canceled_at: number | null;
}

export interface PaymentIntentRow {
  id: string;
  created: number;
  customer: string;
  payment_method: string | null;
  amount: number;
  currency: string;
  description: string;
  status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'succeeded'
    | 'canceled';
  latest_charge: string | null;
  /** Decline code of the last failed attempt. */
  decline_code: string | null;
  canceled_at: number | null;
  /** What it is for; shown only in versions before 2025-03-31. */
  invoice?: string;
}

export interface RefundRow {
  id: string;
  created: number;
  charge: string;
  payment_intent: string;
  customer: string;
  amount: number;
  currency: string;
  reason: Stripe.Refund.Reason | null;
  balance_transaction?: string | null;
  /** Only when it did not arrive. */
  status?: 'failed';
  failure_balance_transaction?: string | null;
}

export function renderInvoicePayment(
  state: State,
  row: InvoicePaymentRow,
): Wire<Stripe.InvoicePayment> {
  return {
    id: row.id,
    object: 'invoice_payment',
    amount_paid: row.amount_paid,
    amount_requested: row.amount_requested,
    created: row.created,
    currency: row.currency,
    invoice: row.invoice,
    is_default: true,
    livemode: state.settings.livemode,
    payment: { payment_intent: row.payment_intent, type: 'payment_intent' },
    status: row.status,
    status_transitions: { canceled_at: row.canceled_at, paid_at: row.paid_at },
  };
}

export function renderPaymentIntent(
  state: State,
  row: PaymentIntentRow,
): Wire<Stripe.PaymentIntent> {
  return {
    id: row.id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: row.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: row.status === 'succeeded' ? row.amount : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: row.canceled_at,
    cancellation_reason: row.status === 'canceled' ? 'void_invoice' : null,
    capture_method: 'automatic',
    client_secret: `${row.id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    description: row.description,
    excluded_payment_method_types: null,
    last_payment_error:
      row.decline_code === null
        ? null
        : {
            ...(row.latest_charge === null ? {} : { charge: row.latest_charge }),
            code: errorCodeOf(row.decline_code),
            decline_code: row.decline_code,
            message: messageOf(row.decline_code),
            type: 'card_error',
          },
    latest_charge: row.latest_charge,
    livemode: state.settings.livemode,
    managed_payments: null,
    metadata: {},
    next_action: row.status === 'requires_action' ? { type: 'use_stripe_sdk' } : null,
    on_behalf_of: null,
    payment_method: row.status === 'requires_payment_method' ? null : row.payment_method,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: row.status,
    transfer_data: null,
    transfer_group: null,
  };
}

export function renderRefund(_state: State, row: RefundRow): Wire<Stripe.Refund> {
  return {
    id: row.id,
    object: 'refund',
    amount: row.amount,
    balance_transaction: row.balance_transaction ?? null,
    charge: row.charge,
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    destination_details: {
      card: {
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
        type: 'refund',
      },
      type: 'card',
    },
    ...(row.status === undefined
      ? {}
      : {
          ...(row.failure_balance_transaction
            ? { failure_balance_transaction: row.failure_balance_transaction }
            : {}),
          failure_reason: 'lost_or_stolen_card',
        }),
    metadata: {},
    payment_intent: row.payment_intent,
    payment_method: null,
    reason: row.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: row.status ?? 'succeeded',
    transfer_reversal: null,
  };
}
