import { DAY } from '../clock.ts';
import type { PayoutRow } from '../resources/balance.ts';
import type { State } from '../state.ts';
import { recordMovement } from './balance.ts';

export interface PayoutOptions {
  currency?: string;
  /** Only part of what is available; such a payout is a manual one. */
  amount?: number;
}

const tell = (state: State, type: 'payout.updated', row: PayoutRow, before: PayoutRow): void =>
  state.emit(type, 'payout', row, before);

/** Sends what is available to the bank, where it arrives two days later. */
export function payOut(state: State, options: PayoutOptions = {}): PayoutRow {
  const now = state.now();
  const currency = options.currency ?? state.settings.account.default_currency;
  const ready = [...state.notPaidOut]
    .map((id) => state.balanceTransactions.get(id))
    .filter((row) => row.status === 'available' && row.currency === currency);
  const available = ready.reduce((sum, row) => sum + row.amount - row.fee, 0);
  const amount = options.amount ?? available;
  if (amount <= 0 || amount > available) {
    throw new Error(`${available} ${currency} can be paid out, not ${amount}`);
  }
  const automatic = options.amount === undefined;
  const id = state.ids.make('po_', 24);
  if (automatic) {
    for (const row of ready) {
      state.balanceTransactions.put({ ...row, payout: id });
      state.notPaidOut.delete(row.id);
    }
  }
  const row = state.payouts.put({
    id,
    created: now,
    amount,
    currency,
    arrival_date: Math.floor(now / DAY) * DAY + 2 * DAY,
    automatic,
    balance_transaction: recordMovement(state, {
      type: 'payout',
      source: id,
      amount: -amount,
      currency,
      description: 'STRIPE PAYOUT',
    }),
    failure_balance_transaction: null,
    failure_code: null,
    status: 'in_transit',
    destination: 'ba_1SimNorthwindBank0001',
  });
  // What is taken by hand lessens what the next automatic payout finds.
  if (!automatic && row.balance_transaction !== null) {
    state.notPaidOut.add(row.balance_transaction);
  }
  state.emit('payout.created', 'payout', row);
  state.agenda.add(row.arrival_date, 'payout_arrives', id);
  return row;
}

/** The bank has it, unless it failed on the way. */
export function arrivePayout(state: State, id: string): void {
  const before = state.payouts.get(id);
  if (before.status !== 'in_transit') return;
  const paid = state.payouts.put({ ...before, status: 'paid' });
  tell(state, 'payout.updated', paid, before);
  state.emit('payout.paid', 'payout', paid);
  if (paid.automatic) state.emit('payout.reconciliation_completed', 'payout', paid);
}

/** The bank sends it back. */
export function failPayout(state: State, id: string): PayoutRow {
  const before = state.payouts.get(id);
  if (before.status === 'failed' || before.status === 'canceled') {
    throw new Error(`Payout ${id} is ${before.status} already`);
  }
  const failed = state.payouts.put({
    ...before,
    status: 'failed',
    failure_code: 'account_closed',
    failure_balance_transaction: recordMovement(state, {
      type: 'payout_failure',
      source: id,
      amount: before.amount,
      currency: before.currency,
      description: 'STRIPE PAYOUT FAILURE',
    }),
  });
  state.emit('payout.failed', 'payout', failed);
  return failed;
}
