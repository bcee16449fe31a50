import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';
import { renderBalanceTransaction } from './balance.ts';

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost';

export interface DisputeRow {
  id: string;
  created: number;
  charge: string;
  payment_intent: string;
  amount: number;
  currency: string;
  reason: string;
  status: DisputeStatus;
  /** What was taken off the balance, and given back when won. */
  balance_transactions: string[];
  due_by: number;
  has_evidence: boolean;
  brand: string;
}

const NO_EVIDENCE = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
};

export function renderDispute(state: State, row: DisputeRow): Wire<Stripe.Dispute> {
  const inquiry = row.status.startsWith('warning');
  return {
    id: row.id,
    object: 'dispute',
    amount: row.amount,
    balance_transactions: row.balance_transactions.map((id) =>
      renderBalanceTransaction(state, state.balanceTransactions.get(id)),
    ),
    charge: row.charge,
    created: row.created,
    currency: row.currency,
    enhanced_eligibility_types: [],
    evidence: {
      ...NO_EVIDENCE,
      uncategorized_text: row.has_evidence ? 'The customer used the product every day.' : null,
    },
    evidence_details: {
      due_by: row.due_by,
      enhanced_eligibility: {},
      has_evidence: row.has_evidence,
      past_due: false,
      submission_count: row.has_evidence ? 1 : 0,
      submission_method: row.has_evidence ? 'manual' : 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: state.settings.livemode,
    metadata: {},
    payment_intent: row.payment_intent,
    payment_method_details: {
      card: {
        brand: row.brand,
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network: row.brand,
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason: row.reason,
    status: row.status,
  };
}
