import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import type { CardRow } from './customer.ts';

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
}

export interface ChargeRow {
  id: string;
  created: number;
  customer: string;
  payment_intent: string;
  card: CardRow | null;
  amount: number;
  amount_refunded: number;
  currency: string;
  description: string;
  status: 'succeeded' | 'failed';
  decline_code: string | null;
  email: string | null;
  name: string | null;
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
}

const DECLINE_MESSAGES: Record<string, string> = {
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
};

const messageOf = (declineCode: string): string =>
  DECLINE_MESSAGES[declineCode] ?? 'Your card was declined.';

/** A few declines have an error code of their own; the others are all `card_declined`. */
const errorCodeOf = (declineCode: string): 'expired_card' | 'processing_error' | 'card_declined' =>
  declineCode === 'expired_card' || declineCode === 'processing_error'
    ? declineCode
    : 'card_declined';

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

function renderOutcome(declineCode: string | null): Wire<Stripe.Charge.Outcome> {
  return {
    advice_code: declineCode === null ? null : 'try_again_later',
    network_advice_code: null,
    network_decline_code: null,
    network_status: declineCode === null ? 'approved_by_network' : 'declined_by_network',
    reason: declineCode,
    risk_level: 'normal',
    risk_score: 21,
    seller_message:
      declineCode === null
        ? 'Payment complete.'
        : 'The bank returned the decline code `' + declineCode + '`.',
    type: declineCode === null ? 'authorized' : 'issuer_declined',
  };
}

function renderCardDetails(card: CardRow, amount: number) {
  return {
    amount_authorized: amount,
    authorization_code: null,
    brand: card.brand,
    checks: {
      address_line1_check: null,
      address_postal_code_check: 'pass',
      cvc_check: null,
    },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: `fp${card.id.slice(3)}`,
    funding: 'credit',
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_token: null,
    network_transaction_id: null,
    regulated_status: 'unregulated' as const,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}

export function renderCharge(state: State, row: ChargeRow): Wire<Stripe.Charge> {
  const succeeded = row.status === 'succeeded';
  return {
    id: row.id,
    object: 'charge',
    amount: row.amount,
    amount_captured: succeeded ? row.amount : 0,
    amount_refunded: row.amount_refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: null,
      email: row.email,
      name: row.name,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: state.settings.account.name.toUpperCase().slice(0, 22),
    captured: succeeded,
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    description: row.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: row.decline_code === null ? null : errorCodeOf(row.decline_code),
    failure_message: row.decline_code === null ? null : messageOf(row.decline_code),
    fraud_details: {},
    livemode: state.settings.livemode,
    metadata: {},
    on_behalf_of: null,
    outcome: renderOutcome(row.decline_code),
    paid: succeeded,
    payment_intent: row.payment_intent,
    payment_method: row.card?.id ?? null,
    payment_method_details:
      row.card === null ? null : { card: renderCardDetails(row.card, row.amount), type: 'card' },
    radar_options: {},
    receipt_email: null,
    receipt_number: null,
    receipt_url: succeeded ? `https://pay.stripe.com/receipts/${row.id}` : null,
    refunded: succeeded && row.amount_refunded === row.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
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
    balance_transaction: null,
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
    metadata: {},
    payment_intent: row.payment_intent,
    payment_method: null,
    reason: row.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
}
