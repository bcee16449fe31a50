import type { CardRow, CustomerRow } from '../resources/customer.ts';
import type { RefundRow } from '../resources/payment.ts';
import type { State } from '../state.ts';
import { endSubscription } from './cancel.ts';
import { recordMovement } from './balance.ts';
import { attachCard } from './payment-method.ts';

export interface CustomerOptions {
  id?: string;
  name?: string | null;
  email?: string | null;
  phone?: string | null;
  description?: string | null;
  country?: string | null;
  city?: string | null;
  postal_code?: string | null;
  metadata?: Record<string, string>;
  /** Attaches a card at once. */
  card?: Partial<CardRow>;
  /** The test clock this customer runs on. */
  test_clock?: string;
}

export function createCustomer(state: State, options: CustomerOptions = {}): CustomerRow {
  const row = state.customers.put({
    id: options.id ?? state.ids.make('cus_', 14),
    created: state.now(),
    name: options.name ?? null,
    email: options.email ?? null,
    phone: options.phone ?? null,
    description: options.description ?? null,
    country: options.country ?? null,
    city: options.city ?? null,
    postal_code: options.postal_code ?? null,
    balance: 0,
    currency: null,
    delinquent: false,
    discount: null,
    metadata: options.metadata ?? {},
    card: null,
    invoice_prefix: state.ids.make('', 8).toUpperCase(),
    next_invoice_sequence: 1,
    deleted: false,
    outcome: 'succeeds',
    ...(options.test_clock === undefined ? {} : { test_clock: options.test_clock }),
  });
  state.emit('customer.created', 'customer', row);
  return options.card === undefined ? row : attachCard(state, row.id, options.card);
}

/** Deletes a customer; their live subscriptions end with them, their invoices stay. */
export function deleteCustomer(state: State, id: string): void {
  const row = state.customers.get(id);
  if (row.deleted) return;
  for (const subscription of state.subscriptionsOf.get(id) ?? []) {
    endSubscription(state, subscription, 'cancellation_requested');
  }
  const deleted = state.customers.put({ ...state.customers.get(id), deleted: true });
  state.emit('customer.deleted', 'customer', deleted);
}

/** Gives back all of a charge, or a part in minor units. */
export function refundCharge(
  state: State,
  id: string,
  amount?: number,
  reason: RefundRow['reason'] = 'requested_by_customer',
): RefundRow {
  const before = state.charges.get(id);
  const left = before.amount - before.amount_refunded;
  const back = amount ?? left;
  if (before.status !== 'succeeded' || back <= 0 || back > left) {
    throw new Error(`Charge ${id} has ${left} to refund, not ${back}`);
  }
  const refundId = state.ids.make('re_', 24);
  const refund = state.refunds.put({
    id: refundId,
    created: state.now(),
    charge: id,
    payment_intent: before.payment_intent,
    customer: before.customer,
    amount: back,
    currency: before.currency,
    reason,
    balance_transaction: recordMovement(state, {
      type: 'refund',
      source: refundId,
      amount: -back,
      currency: before.currency,
      description: `REFUND FOR CHARGE (${before.description})`,
    }),
  });
  const after = state.charges.put({ ...before, amount_refunded: before.amount_refunded + back });
  state.emit('refund.created', 'refund', refund);
  state.emit('charge.refunded', 'charge', after, before);
  return refund;
}

/** Takes a refund back that did not arrive. The charge counts it no more, told by the refund alone. */
export function failRefund(state: State, id: string): RefundRow {
  const before = state.refunds.get(id);
  if (before.status === 'failed') throw new Error(`Refund ${id} has failed already`);
  const failed = state.refunds.put({
    ...before,
    status: 'failed',
    failure_balance_transaction: recordMovement(state, {
      type: 'refund_failure',
      source: id,
      amount: before.amount,
      currency: before.currency,
      description: 'REFUND FAILURE',
    }),
  });
  const charge = state.charges.get(before.charge);
  const amount_refunded = charge.amount_refunded - before.amount;
  state.charges.put({ ...charge, amount_refunded });
  state.emit('refund.updated', 'refund', failed, before);
  state.emit('charge.refund.updated', 'refund', failed, before);
  state.emit('refund.failed', 'refund', failed);
  return failed;
}
