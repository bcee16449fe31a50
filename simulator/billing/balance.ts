import { DAY } from '../clock.ts';
import type { BalanceTransactionRow } from '../resources/balance.ts';
import type { State } from '../state.ts';
import { share } from './amount.ts';

/** 2.9 % and 30 of the minor unit, as Stripe's list price is. */
export const feeOf = (amount: number): number => share(amount, 29, 1000) + 30;

export const DISPUTE_FEE = 1500;

/** Card payments become available on the second day after, at midnight. */
const availableOn = (now: number): number => Math.floor(now / DAY) * DAY + 2 * DAY;

type Movement = Pick<
  BalanceTransactionRow,
  'type' | 'source' | 'amount' | 'currency' | 'description'
> & { fee?: number };

/** Moves the balance. Nothing tells it: there are no events for it, as in Stripe. */
export function recordMovement(state: State, movement: Movement): string | null {
  if (!state.recordsBalance) return null;
  return state.aside(() => {
    const now = state.now();
    const waits = movement.type === 'charge';
    const available_on = waits ? availableOn(now) : now;
    const row = state.balanceTransactions.put({
      id: state.ids.make('txn_', 24),
      created: now,
      fee: 0,
      ...movement,
      available_on,
      status: waits ? 'pending' : 'available',
      payout: null,
    });
    if (movement.type !== 'payout') state.notPaidOut.add(row.id);
    if (waits && state.balanceDueAt < available_on) {
      state.balanceDueAt = available_on;
      state.agenda.add(available_on, 'balance_available', String(available_on));
    }
    return row.id;
  });
}

/** What waited for this day becomes available. */
export function makeAvailable(state: State): void {
  const now = state.now();
  const waiting = [...state.balanceTransactions.walk(now - 3 * DAY, now)].filter(
    (row) => row.status === 'pending' && row.available_on <= now,
  );
  for (const row of waiting) state.balanceTransactions.put({ ...row, status: 'available' });
}
