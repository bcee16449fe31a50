import { DAY } from '../clock.ts';
import type { ChargeRow } from '../resources/charge.ts';
import type { CustomerRow } from '../resources/customer.ts';
import type { InvoiceRow } from '../resources/invoice.ts';
import type { InvoicePaymentRow, PaymentIntentRow } from '../resources/payment.ts';
import type { State } from '../state.ts';
import { feeOf, recordMovement } from './balance.ts';
import { changeCustomer, changeInvoice } from './change.ts';

const REASONS: Record<InvoiceRow['billing_reason'], string> = {
  subscription_create: 'Subscription creation',
  subscription_cycle: 'Subscription update',
  subscription_update: 'Subscription update',
  manual: 'Payment for Invoice',
};

/** Gives the invoice its number, applies the customer's balance and opens it. */
export function finalizeInvoice(state: State, id: string): InvoiceRow {
  const draft = state.invoices.get(id);
  const now = state.now();
  const customer = state.customers.get(draft.customer);
  const sequence = customer.next_invoice_sequence;
  const used = Math.min(Math.max(0, -customer.balance), Math.max(0, draft.total));
  const owed = draft.total > 0 ? Math.max(0, customer.balance) : 0;
  const ending = customer.balance + used - owed + Math.min(0, draft.total);
  const amount_due = Math.max(0, draft.total) - used + owed;
  changeCustomer(
    state,
    customer.id,
    { next_invoice_sequence: sequence + 1, balance: ending, currency: draft.currency },
    ending !== customer.balance || customer.currency !== draft.currency,
  );
  const finalized = changeInvoice(
    state,
    id,
    {
      status: 'open',
      number: `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
      finalized_at: now,
      automatically_finalizes_at: null,
      starting_balance: customer.balance,
      ending_balance: ending,
      amount_due,
      next_payment_attempt: null,
    },
    false,
  );
  state.emit('invoice.finalized', 'invoice', finalized);
  if (amount_due === 0) return markPaid(state, id, 0);
  if (finalized.due_date !== null) {
    state.agenda.add(finalized.due_date, 'invoice_overdue', id);
    state.emit('invoice.sent', 'invoice', finalized);
  }
  openPayment(state, finalized, customer);
  return state.invoices.get(id);
}

/** Every open invoice has one invoice payment with one payment intent behind it. */
function openPayment(state: State, invoice: InvoiceRow, customer: CustomerRow): void {
  const created = state.now();
  const intent = state.paymentIntents.put({
    id: state.ids.make('pi_', 24),
    created,
    customer: customer.id,
    payment_method: customer.card?.id ?? null,
    amount: invoice.amount_due,
    currency: invoice.currency,
    description: REASONS[invoice.billing_reason],
    status: 'requires_payment_method',
    latest_charge: null,
    decline_code: null,
    canceled_at: null,
    invoice: invoice.id,
  });
  state.emit('payment_intent.created', 'payment_intent', intent);
  const payment = state.invoicePayments.put({
    id: state.ids.make('inpay_', 24),
    created,
    invoice: invoice.id,
    payment_intent: intent.id,
    currency: invoice.currency,
    amount_requested: invoice.amount_due,
    amount_paid: null,
    status: 'open',
    paid_at: null,
    canceled_at: null,
  });
  changeInvoice(state, invoice.id, { payments: [payment.id] }, false);
}

function paymentOf(state: State, invoice: InvoiceRow): [InvoicePaymentRow, PaymentIntentRow] {
  const payment = state.invoicePayments.get(invoice.payments[0] ?? '');
  return [payment, state.paymentIntents.get(payment.payment_intent)];
}

function markPaid(state: State, id: string, amount: number): InvoiceRow {
  const now = state.now();
  const invoice = state.invoices.get(id);
  const paid = changeInvoice(
    state,
    id,
    {
      status: 'paid',
      amount_paid: amount,
      attempted: true,
      attempt_count: amount > 0 ? invoice.attempt_count + 1 : invoice.attempt_count,
      next_payment_attempt: null,
      auto_advance: false,
      paid_at: now,
      uncollectible_reason: null,
    },
    amount > 0,
  );
  state.emit('invoice.paid', 'invoice', paid);
  state.emit('invoice.payment_succeeded', 'invoice', paid);
  return paid;
}

/** What a successful charge brings to the balance. */
export const moveCharge = (state: State, id: string, amount: number, intent: PaymentIntentRow) =>
  recordMovement(state, {
    type: 'charge',
    source: id,
    amount,
    fee: feeOf(amount),
    currency: intent.currency,
    description: intent.description,
  });

function recordCharge(
  state: State,
  invoice: InvoiceRow,
  intent: PaymentIntentRow,
  declineCode: string | null,
): ChargeRow {
  const customer = state.customers.get(invoice.customer);
  const id = state.ids.make('ch_', 24);
  const charge = state.charges.put({
    id,
    created: state.now(),
    customer: customer.id,
    payment_intent: intent.id,
    card: customer.card,
    amount: invoice.amount_due,
    amount_refunded: 0,
    currency: invoice.currency,
    description: intent.description,
    status: declineCode === null ? 'succeeded' : 'failed',
    decline_code: declineCode,
    email: customer.email,
    name: customer.name,
    invoice: invoice.id,
    balance_transaction:
      declineCode === null ? moveCharge(state, id, invoice.amount_due, intent) : null,
  });
  state.emit(declineCode === null ? 'charge.succeeded' : 'charge.failed', 'charge', charge);
  return charge;
}

/** Charges an open invoice successfully. */
export function payInvoice(state: State, id: string): InvoiceRow {
  const invoice = state.invoices.get(id);
  const [payment, intent] = paymentOf(state, invoice);
  const now = state.now();
  const charge = recordCharge(state, invoice, intent, null);
  const customer = state.customers.get(invoice.customer);
  const succeeded = state.paymentIntents.put({
    ...intent,
    status: 'succeeded',
    payment_method: customer.card?.id ?? null,
    latest_charge: charge.id,
    decline_code: null,
  });
  state.emit('payment_intent.succeeded', 'payment_intent', succeeded);
  const settled = state.invoicePayments.put({
    ...payment,
    status: 'paid',
    amount_paid: invoice.amount_due,
    paid_at: now,
  });
  const paid = markPaid(state, id, invoice.amount_due);
  state.emit('invoice_payment.paid', 'invoice_payment', settled);
  if (customer.delinquent) changeCustomer(state, customer.id, { delinquent: false });
  return paid;
}

/** Lowers (or, by a negative amount, raises again) what an open invoice asks for. */
export function lowerAmountDue(
  state: State,
  id: string,
  by: number,
  change: Partial<InvoiceRow>,
): void {
  const invoice = state.invoices.get(id);
  const amount_due = invoice.amount_due - by;
  const [payment, intent] = paymentOf(state, invoice);
  changeInvoice(state, id, { ...change, amount_due });
  if (amount_due > 0) {
    state.paymentIntents.put({ ...intent, amount: amount_due });
    state.invoicePayments.put({ ...payment, amount_requested: amount_due });
    return;
  }
  const now = state.now();
  state.invoicePayments.put({ ...payment, status: 'canceled', canceled_at: now });
  const canceled = state.paymentIntents.put({ ...intent, status: 'canceled', canceled_at: now });
  state.emit('payment_intent.canceled', 'payment_intent', canceled);
  markPaid(state, id, 0);
}

/** How many days until the retry behind this attempt; undefined after the last one. */
const retryDelay = (state: State, attempts: number): number | undefined =>
  state.settings.dunning.retry_days[attempts - 1];

/**
 * One unsuccessful attempt. A renewal plans its next retry; a first payment plans none, since an
 * incomplete subscription waits for its customer.
 */
export function failPayment(state: State, id: string, code: string, retries: boolean): InvoiceRow {
  const before = state.invoices.get(id);
  const [, intent] = paymentOf(state, before);
  const attempts = before.attempt_count + 1;
  const delay = retries ? retryDelay(state, attempts) : undefined;
  const nextAttempt = delay === undefined ? null : state.now() + delay * DAY;
  const needsAction = code === 'requires_action';
  const noCard = state.customers.get(before.customer).card === null;
  const charge = needsAction || noCard ? null : recordCharge(state, before, intent, code);
  const failed = state.paymentIntents.put({
    ...intent,
    status: needsAction ? 'requires_action' : 'requires_payment_method',
    latest_charge: charge?.id ?? intent.latest_charge,
    decline_code: charge === null ? null : code,
  });
  if (needsAction) state.emit('payment_intent.requires_action', 'payment_intent', failed);
  if (charge !== null) state.emit('payment_intent.payment_failed', 'payment_intent', failed);
  const invoice = changeInvoice(state, id, {
    attempted: true,
    attempt_count: attempts,
    next_payment_attempt: nextAttempt,
    auto_advance: nextAttempt !== null,
  });
  state.emit('invoice.payment_failed', 'invoice', invoice);
  if (needsAction) state.emit('invoice.payment_action_required', 'invoice', invoice);
  if (nextAttempt !== null) state.agenda.add(nextAttempt, 'retry_payment', id);
  return invoice;
}

/** Voids an invoice nobody shall pay any more, with its payment intent. */
export function voidInvoice(state: State, id: string): void {
  const invoice = state.invoices.get(id);
  if (invoice.status !== 'open' && invoice.status !== 'draft') return;
  const now = state.now();
  for (const paymentId of invoice.payments) {
    const payment = state.invoicePayments.get(paymentId);
    state.invoicePayments.put({ ...payment, status: 'canceled', canceled_at: now });
    const intent = state.paymentIntents.get(payment.payment_intent);
    const canceled = state.paymentIntents.put({ ...intent, status: 'canceled', canceled_at: now });
    state.emit('payment_intent.canceled', 'payment_intent', canceled);
  }
  const voided = changeInvoice(state, id, {
    status: 'void',
    voided_at: now,
    auto_advance: false,
    next_payment_attempt: null,
    automatically_finalizes_at: null,
  });
  state.emit('invoice.voided', 'invoice', voided);
}

export function markUncollectible(
  state: State,
  id: string,
  reason: InvoiceRow['uncollectible_reason'],
): void {
  const marked = changeInvoice(state, id, {
    status: 'uncollectible',
    uncollectible_at: state.now(),
    uncollectible_reason: reason,
    auto_advance: false,
    next_payment_attempt: null,
  });
  state.emit('invoice.marked_uncollectible', 'invoice', marked);
}
