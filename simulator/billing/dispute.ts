import { DAY } from '../clock.ts';
import type { DisputeRow } from '../resources/dispute.ts';
import type { State } from '../state.ts';
import { DISPUTE_FEE, recordMovement } from './balance.ts';

export interface DisputeOptions {
  amount?: number;
  reason?: string;
  /** An early warning takes no money. */
  inquiry?: boolean;
}

/** Takes the disputed amount from the balance, or gives it back (without the fee). */
function moveFunds(state: State, row: DisputeRow, back: boolean): string[] {
  const id = recordMovement(state, {
    type: 'adjustment',
    source: row.id,
    amount: back ? row.amount : -row.amount,
    fee: back ? 0 : DISPUTE_FEE,
    currency: row.currency,
    description: `Chargeback ${back ? 'reversal' : 'withdrawal'} for ${row.charge}`,
  });
  return id === null ? row.balance_transactions : [...row.balance_transactions, id];
}

/**
 * A cardholder disputes a charge. The charge shows it from now on, though no event of its own says
 * so: Stripe tells it by the dispute's events alone.
 */
export function openDispute(state: State, charge: string, options: DisputeOptions = {}) {
  const before = state.charges.get(charge);
  if (before.status !== 'succeeded') throw new Error(`Charge ${charge} was never paid`);
  const now = state.now();
  let row: DisputeRow = {
    id: state.ids.make('dp_', 24),
    created: now,
    charge,
    payment_intent: before.payment_intent,
    amount: options.amount ?? before.amount - before.amount_refunded,
    currency: before.currency,
    reason: options.reason ?? 'fraudulent',
    status: options.inquiry === true ? 'warning_needs_response' : 'needs_response',
    balance_transactions: [],
    due_by: now + 9 * DAY,
    has_evidence: false,
    brand: before.card?.brand ?? 'visa',
  };
  const taken = options.inquiry !== true;
  if (taken) row = { ...row, balance_transactions: moveFunds(state, row, false) };
  state.disputes.put(row);
  state.charges.put({ ...before, disputed: true });
  state.emit('charge.dispute.created', 'dispute', row);
  if (taken) state.emit('charge.dispute.funds_withdrawn', 'dispute', row);
  return row;
}

/** Evidence is handed in; the bank looks at it. */
export function answerDispute(state: State, id: string): DisputeRow {
  const before = state.disputes.get(id);
  const after = state.disputes.put({ ...before, status: 'under_review', has_evidence: true });
  state.emit('charge.dispute.updated', 'dispute', after, before);
  return after;
}

/** The bank decides. A warning just closes. */
export function closeDispute(state: State, id: string, outcome: 'won' | 'lost'): DisputeRow {
  const before = state.disputes.get(id);
  const warning = before.status.startsWith('warning');
  let after: DisputeRow = { ...before, status: warning ? 'warning_closed' : outcome };
  const back = !warning && outcome === 'won';
  if (back) after = { ...after, balance_transactions: moveFunds(state, after, true) };
  state.disputes.put(after);
  state.emit('charge.dispute.closed', 'dispute', after);
  if (back) state.emit('charge.dispute.funds_reinstated', 'dispute', after);
  return after;
}
