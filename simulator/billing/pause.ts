import type { PauseBehavior, SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import { changeSubscription } from './change.ts';
import { finalizeInvoice } from './collect-payment.ts';
import { draftInvoice, itemLines } from './draft-invoice.ts';
import { collectInvoice } from './dun.ts';
import { nextBoundary } from './period.ts';
import { scheduleSubscription } from './subscribe.ts';

type PauseType = NonNullable<SubscriptionRow['paused']>['type'];

/** Status `paused`: no invoices, and periods stand still. */
export function pauseSubscription(
  state: State,
  id: string,
  type: PauseType = 'pause_requested',
): SubscriptionRow {
  const paused = changeSubscription(state, id, {
    status: 'paused',
    paused: { at: state.now(), type },
  });
  state.emit('customer.subscription.paused', 'subscription', paused);
  return paused;
}

/** Resumes with a new cycle from now, billed at once. */
export function resumeSubscription(state: State, id: string): SubscriptionRow {
  const now = state.now();
  const subscription = state.subscriptions.get(id);
  if (subscription.status !== 'paused') throw new Error(`Subscription ${id} is not paused`);
  const items = subscription.items.map((item) => {
    const price = state.prices.get(item.price);
    const end = nextBoundary(now, price.interval ?? 'month', price.interval_count, now);
    return { ...item, current_period_start: now, current_period_end: end };
  });
  const invoice = draftInvoice(state, {
    customer: subscription.customer,
    subscription,
    billing_reason: 'subscription_update',
    lines: items.flatMap((item) =>
      itemLines(state, subscription, item, {
        start: item.current_period_start,
        end: item.current_period_end,
      }),
    ),
    period_start: now,
    period_end: now,
  });
  const resumed = changeSubscription(state, id, {
    status: 'active',
    paused: null,
    items,
    billing_cycle_anchor: now,
    latest_invoice: invoice.id,
  });
  state.emit('customer.subscription.resumed', 'subscription', resumed);
  scheduleSubscription(state, resumed);
  finalizeInvoice(state, invoice.id);
  collectInvoice(state, invoice.id);
  return state.subscriptions.get(id);
}

/** Keeps the subscription going but does not collect its invoices. Null takes the pause back. */
export function pauseCollection(
  state: State,
  id: string,
  pause: { behavior: PauseBehavior; resumes_at: number | null } | null,
): SubscriptionRow {
  const row = changeSubscription(state, id, { pause_collection: pause });
  if (pause?.resumes_at) state.agenda.add(pause.resumes_at, 'resume_collection', id);
  return row;
}

export function resumeCollection(state: State, id: string): void {
  const subscription = state.subscriptions.get(id);
  if (subscription.pause_collection?.resumes_at !== state.now()) return;
  if (subscription.status !== 'canceled') changeSubscription(state, id, { pause_collection: null });
}
