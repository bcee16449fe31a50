import type Stripe from 'stripe';
import type { CustomerRow } from '../resources/customer.ts';
import type { InvoiceRow } from '../resources/invoice.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';

/**
 * Replaces a row and, unless the change is to be silent, tells it as an `*.updated` event. Silent
 * changes are those whose event has another name, sent by the caller.
 */
export function changeSubscription(
  state: State,
  id: string,
  change: Partial<SubscriptionRow>,
  type: Stripe.Event.Type | null = 'customer.subscription.updated',
): SubscriptionRow {
  const before = state.subscriptions.get(id);
  const after = state.subscriptions.put({ ...before, ...change });
  if (type === 'customer.subscription.updated') state.emit(type, 'subscription', after, before);
  else if (type !== null) state.emit(type, 'subscription', after);
  return after;
}

export function changeInvoice(
  state: State,
  id: string,
  change: Partial<InvoiceRow>,
  tell = true,
): InvoiceRow {
  const before = state.invoices.get(id);
  const after = state.invoices.put({ ...before, ...change });
  if (tell) state.emit('invoice.updated', 'invoice', after, before);
  return after;
}

export function changeCustomer(
  state: State,
  id: string,
  change: Partial<CustomerRow>,
  tell = true,
): CustomerRow {
  const before = state.customers.get(id);
  const after = state.customers.put({ ...before, ...change });
  if (tell && !before.deleted) state.emit('customer.updated', 'customer', after, before);
  return after;
}
