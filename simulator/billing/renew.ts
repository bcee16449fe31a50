import { HOUR } from '../clock.ts';
import type { LineRow } from '../resources/invoice.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import { endSubscription } from './cancel.ts';
import { changeSubscription } from './change.ts';
import { draftInvoice, itemLines } from './draft-invoice.ts';
import { finalizeDraft } from './dun.ts';
import { pauseSubscription } from './pause.ts';
import { nextBoundary } from './period.ts';
import { scheduleSubscription } from './subscribe.ts';

const RENEWING = new Set<SubscriptionRow['status']>(['trialing', 'active', 'past_due', 'unpaid']);

/** A trial that ends without a card may end the subscription, or pause it. True when it did. */
function endsWithoutCard(state: State, subscription: SubscriptionRow): boolean {
  const needsCard = subscription.collection_method === 'charge_automatically';
  if (subscription.status !== 'trialing' || !needsCard) return false;
  if (state.customers.get(subscription.customer).card !== null) return false;
  if (subscription.missing_payment_method === 'create_invoice') return false;
  if (subscription.missing_payment_method === 'cancel') {
    endSubscription(state, subscription.id, 'payment_failed');
  } else {
    pauseSubscription(state, subscription.id, 'trial_end_without_payment_method');
  }
  return true;
}

/**
 * The end of a period: moves the items that are due into their next one, drafts the invoice (to be
 * finalised an hour later) and plans the period after. Also the end of a trial, and of a
 * subscription that was to be cancelled at this point.
 */
export function renewSubscription(state: State, id: string): void {
  const now = state.now();
  const subscription = state.subscriptions.get(id);
  if (!RENEWING.has(subscription.status)) return;
  if (subscription.items.every((item) => item.current_period_end > now)) return;
  if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    endSubscription(state, id, 'cancellation_requested');
    return;
  }
  if (endsWithoutCard(state, subscription)) return;
  const lines: LineRow[] = [];
  const items = subscription.items.map((item) => {
    if (item.current_period_end > now) return item;
    const price = state.prices.get(item.price);
    const start = item.current_period_end;
    const anchor = subscription.billing_cycle_anchor;
    const end = nextBoundary(anchor, price.interval ?? 'month', price.interval_count, start);
    const renewed = { ...item, current_period_start: start, current_period_end: end };
    lines.push(...itemLines(state, subscription, renewed, { start, end }));
    return renewed;
  });
  const held =
    subscription.status === 'unpaid' || subscription.pause_collection?.behavior === 'keep_as_draft';
  const oldest = Math.min(...subscription.items.map((item) => item.current_period_start));
  const invoice = draftInvoice(state, {
    customer: subscription.customer,
    subscription,
    billing_reason: 'subscription_cycle',
    lines,
    period_start: oldest,
    period_end: now,
    auto_advance: !held,
  });
  const renewed = changeSubscription(state, id, {
    items,
    latest_invoice: invoice.id,
    status: subscription.status === 'trialing' ? 'active' : subscription.status,
    // Read afresh: drafting may have used up a `once` discount.
    discounts: state.subscriptions.get(id).discounts,
  });
  if (!held) state.agenda.add(now + HOUR, 'finalize_invoice', invoice.id);
  scheduleSubscription(state, renewed);
}

/** Three days before a trial ends (at once for shorter ones). */
export function announceTrialEnd(state: State, id: string): void {
  const subscription = state.subscriptions.get(id);
  if (subscription.status !== 'trialing') return;
  state.emit('customer.subscription.trial_will_end', 'subscription', subscription);
}

/** Ends a trial now instead of at its planned end: the first paid period starts and is billed. */
export function endTrial(state: State, id: string): SubscriptionRow {
  const now = state.now();
  const before = state.subscriptions.get(id);
  if (before.status !== 'trialing') throw new Error(`Subscription ${id} is not on a trial`);
  const items = before.items.map((item) => ({ ...item, current_period_end: now }));
  state.subscriptions.put({ ...before, items, trial_end: now, billing_cycle_anchor: now });
  renewSubscription(state, id);
  const after = state.subscriptions.get(id);
  if (after.status !== 'active' || after.latest_invoice === null) return after;
  const draft = state.invoices.get(after.latest_invoice);
  state.invoices.put({ ...draft, automatically_finalizes_at: now });
  finalizeDraft(state, draft.id);
  return state.subscriptions.get(id);
}
