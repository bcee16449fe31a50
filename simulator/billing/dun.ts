import type { InvoiceRow } from '../resources/invoice.ts';
import type { State } from '../state.ts';
import { endSubscription } from './cancel.ts';
import { changeCustomer, changeSubscription } from './change.ts';
import {
  failPayment,
  finalizeInvoice,
  markUncollectible,
  payInvoice,
  voidInvoice,
} from './collect-payment.ts';

/** What a paid invoice does to its subscription. */
function settleSubscription(state: State, invoice: InvoiceRow): void {
  if (invoice.subscription === null) return;
  const subscription = state.subscriptions.get(invoice.subscription);
  const waiting = ['incomplete', 'past_due', 'unpaid'].includes(subscription.status);
  if (waiting && subscription.latest_invoice === invoice.id) {
    changeSubscription(state, subscription.id, { status: 'active' });
  }
}

/** What a failed renewal does to its subscription, and what the last failure does. */
function punishSubscription(state: State, invoice: InvoiceRow): void {
  if (invoice.subscription === null) return;
  const subscription = state.subscriptions.get(invoice.subscription);
  if (!['active', 'past_due', 'trialing'].includes(subscription.status)) return;
  if (subscription.status !== 'past_due') {
    changeSubscription(state, subscription.id, { status: 'past_due' });
  }
  if (!state.customers.get(invoice.customer).delinquent) {
    changeCustomer(state, invoice.customer, { delinquent: true });
  }
  if (invoice.next_payment_attempt !== null) return;
  const { final } = state.settings.dunning;
  if (final === 'cancel') endSubscription(state, subscription.id, 'payment_failed');
  if (final === 'unpaid') changeSubscription(state, subscription.id, { status: 'unpaid' });
}

/** Tries to collect an open invoice by whatever outcome the customer's card has now. */
export function collectInvoice(state: State, id: string): InvoiceRow {
  const invoice = state.invoices.get(id);
  if (invoice.status !== 'open' || invoice.collection_method === 'send_invoice') return invoice;
  const customer = state.customers.get(invoice.customer);
  if (customer.card !== null && customer.outcome === 'succeeds') {
    const paid = payInvoice(state, id);
    settleSubscription(state, paid);
    return paid;
  }
  const first = invoice.billing_reason === 'subscription_create';
  const retries = !first && invoice.subscription !== null;
  const failed = failPayment(state, id, customer.outcome, retries);
  if (!first) punishSubscription(state, failed);
  return failed;
}

/** The customer pays an open or written-off invoice by hand, whatever happened to their card. */
export function payOpenInvoice(state: State, id: string): InvoiceRow {
  const invoice = state.invoices.get(id);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw new Error(`Invoice ${id} is ${invoice.status}; only an open one can be paid`);
  }
  const paid = payInvoice(state, id);
  settleSubscription(state, paid);
  return paid;
}

/** The end of a renewal draft's hour. A paused collection decides what becomes of the invoice. */
export function finalizeDraft(state: State, id: string): void {
  const invoice = state.invoices.get(id);
  if (invoice.status !== 'draft' || invoice.automatically_finalizes_at === null) return;
  if (invoice.automatically_finalizes_at > state.now()) return;
  const subscription =
    invoice.subscription === null ? null : state.subscriptions.get(invoice.subscription);
  const open = finalizeInvoice(state, id);
  const behavior = subscription?.pause_collection?.behavior;
  if (open.status !== 'open') return settleSubscription(state, open);
  if (behavior === 'void') return voidInvoice(state, id);
  if (behavior === 'mark_uncollectible') return markUncollectible(state, id, 'subscription_paused');
  collectInvoice(state, id);
}

/** A planned retry, unless the invoice was settled or given up meanwhile. */
export function retryPayment(state: State, id: string): void {
  const invoice = state.invoices.get(id);
  if (invoice.status !== 'open' || invoice.next_payment_attempt !== state.now()) return;
  collectInvoice(state, id);
}

/** The due date of a sent invoice. */
export function noticeOverdue(state: State, id: string): void {
  const invoice = state.invoices.get(id);
  if (invoice.status !== 'open') return;
  state.emit('invoice.overdue', 'invoice', invoice);
  if (invoice.subscription === null) return;
  if (state.subscriptions.get(invoice.subscription).status === 'active') {
    changeSubscription(state, invoice.subscription, { status: 'past_due' });
  }
}
