import { cancelSubscription } from '../billing/cancel.ts';
import { finalizeInvoice } from '../billing/collect-payment.ts';
import { draftInvoice } from '../billing/draft-invoice.ts';
import { collectInvoice, payOpenInvoice } from '../billing/dun.ts';
import { addPendingItem } from '../billing/prorate.ts';
import { endTrial } from '../billing/renew.ts';
import { setOutcome } from '../billing/subscribe.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import type { Customers } from './customers.ts';

/** A subscription of some status, found by looking at a few at random. */
function pickSubscription(
  state: State,
  customers: Customers,
  status: SubscriptionRow['status'],
): SubscriptionRow | undefined {
  if (customers.subscriptions.length === 0) return undefined;
  for (let look = 0; look < 60; look += 1) {
    const row = state.subscriptions.get(state.random.pick(customers.subscriptions));
    if (row.status === status && !row.cancel_at_period_end) return row;
  }
  return undefined;
}

/** Bills some extra usage at once; whether it is paid depends on the customer's card. */
function billExtra(state: State, subscription: SubscriptionRow): string {
  const now = state.now();
  addPendingItem(state, {
    id: state.ids.make('ii_', 24),
    created: now,
    customer: subscription.customer,
    subscription: null,
    subscription_item: null,
    price: null,
    product: null,
    unit_amount_decimal: null,
    quantity: 1,
    amount: state.random.int(5, 80) * 100,
    currency: subscription.currency,
    description: 'Extra usage',
    period_start: now,
    period_end: now,
    proration: false,
    credited: null,
    invoice: null,
  });
  const draft = draftInvoice(state, {
    customer: subscription.customer,
    subscription: null,
    billing_reason: 'manual',
    lines: [],
    period_start: now,
    period_end: now,
  });
  finalizeInvoice(state, draft.id);
  collectInvoice(state, draft.id);
  return draft.id;
}

/** Business that happens by itself while the simulator runs, one random thing per call. */
export function createLiveBusiness(state: State, customers: Customers): () => void {
  const unpaid: string[] = [];
  return () => {
    const active = pickSubscription(state, customers, 'active');
    const trialing = pickSubscription(state, customers, 'trialing');
    const kind = state.random.weighted([35, 14, 14, 10, 10, 9, 8]);
    if (kind === 1 && trialing !== undefined) endTrial(state, trialing.id);
    else if (kind === 2 && active !== undefined) customers.decisions.move(active, 1);
    else if (kind === 3 && active !== undefined) customers.decisions.seats(active);
    else if (kind === 4 && active !== undefined) {
      setOutcome(state, active.customer, 'insufficient_funds');
      unpaid.push(billExtra(state, active));
    } else if (kind === 5) {
      const invoice = unpaid.shift();
      if (invoice === undefined || state.invoices.get(invoice).status !== 'open') return;
      setOutcome(state, state.invoices.get(invoice).customer, 'succeeds');
      payOpenInvoice(state, invoice);
    } else if (kind === 6 && active !== undefined) {
      if (state.random.chance(0.5)) customers.decisions.churn(active);
      else cancelSubscription(state, active.id);
    } else customers.arrive();
  };
}
