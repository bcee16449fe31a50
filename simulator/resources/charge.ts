import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import type { CardRow } from './customer.ts';

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
  /** What it pays; shown only in versions before 2025-03-31. */
  invoice?: string;
  balance_transaction?: string | null;
  disputed?: boolean;
  metadata?: Record<string, string>;
}

const DECLINE_MESSAGES: Record<string, string> = {
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
};

export const messageOf = (declineCode: string): string =>
  DECLINE_MESSAGES[declineCode] ?? 'Your card was declined.';

/** A few declines have an error code of their own; the others are all `card_declined`. */
export const errorCodeOf = (
  declineCode: string,
): 'expired_card' | 'processing_error' | 'card_declined' =>
  declineCode === 'expired_card' || declineCode === 'processing_error'
    ? declineCode
    : 'card_declined';

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
    balance_transaction: row.balance_transaction ?? null,
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
    disputed: row.disputed ?? false,
    failure_balance_transaction: null,
    failure_code: row.decline_code === null ? null : errorCodeOf(row.decline_code),
    failure_message: row.decline_code === null ? null : messageOf(row.decline_code),
    fraud_details: {},
    livemode: state.settings.livemode,
    metadata: row.metadata ?? {},
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
