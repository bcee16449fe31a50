import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

/** A movement of the account's balance. There is no event for it, as in Stripe. */
export interface BalanceTransactionRow {
  id: string;
  created: number;
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment' | 'payout' | 'payout_failure';
  /** The charge, refund, dispute or payout it is for. */
  source: string;
  amount: number;
  fee: number;
  currency: string;
  description: string | null;
  available_on: number;
  status: 'pending' | 'available';
  /** The automatic payout it left with. */
  payout: string | null;
}

export interface PayoutRow {
  id: string;
  created: number;
  amount: number;
  currency: string;
  arrival_date: number;
  automatic: boolean;
  balance_transaction: string | null;
  failure_balance_transaction: string | null;
  failure_code: string | null;
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  destination: string;
}

const CATEGORY: Record<BalanceTransactionRow['type'], string> = {
  charge: 'charge',
  refund: 'refund',
  refund_failure: 'refund_failure',
  adjustment: 'dispute',
  payout: 'payout',
  payout_failure: 'payout_reversal',
};

export function renderBalanceTransaction(
  _state: State,
  row: BalanceTransactionRow,
): Wire<Stripe.BalanceTransaction> {
  return {
    id: row.id,
    object: 'balance_transaction',
    amount: row.amount,
    available_on: row.available_on,
    balance_type: 'payments',
    created: row.created,
    currency: row.currency,
    description: row.description,
    exchange_rate: null,
    fee: row.fee,
    fee_details:
      row.fee === 0
        ? []
        : [
            {
              amount: row.fee,
              application: null,
              currency: row.currency,
              description: row.type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: row.amount - row.fee,
    reporting_category:
      row.type === 'adjustment' && row.amount > 0 ? 'dispute_reversal' : CATEGORY[row.type],
    source: row.source,
    status: row.status,
    type: row.type,
  };
}

export function renderPayout(state: State, row: PayoutRow): Wire<Stripe.Payout> {
  return {
    id: row.id,
    object: 'payout',
    amount: row.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: row.arrival_date,
    automatic: row.automatic,
    balance_transaction: row.balance_transaction,
    created: row.created,
    currency: row.currency,
    description: 'STRIPE PAYOUT',
    destination: row.destination,
    failure_balance_transaction: row.failure_balance_transaction,
    failure_code: row.failure_code,
    failure_message:
      row.failure_code === null ? null : 'The bank account has been closed or is not valid.',
    livemode: state.settings.livemode,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: row.automatic ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: row.status,
    trace_id: null,
    type: 'bank_account',
  };
}
