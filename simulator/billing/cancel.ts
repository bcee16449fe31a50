import type { CancelReason, SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import { changeInvoice, changeSubscription } from './change.ts';
import { endDiscount } from './discount.ts';

const ENDED = new Set<SubscriptionRow['status']>(['canceled', 'incomplete_expired']);

export const isEnded = (subscription: SubscriptionRow): boolean => ENDED.has(subscription.status);

/** Ends a subscription now. Collection of its last invoice stops, as in Stripe. */
export function endSubscription(state: State, id: string, reason: CancelReason): SubscriptionRow {
  const before = state.subscriptions.get(id);
  if (isEnded(before)) return before;
  const now = state.now();
  for (const discount of before.discounts) endDiscount(state, discount);
  const ended = changeSubscription(
    state,
    id,
    {
      status: 'canceled',
      canceled_at: before.canceled_at ?? now,
      ended_at: now,
      cancel_reason: before.cancel_reason ?? reason,
      paused: null,
    },
    'customer.subscription.deleted',
  );
  if (before.schedule) endSchedule(state, before.schedule);
  const live = state.subscriptionsOf.get(before.customer) ?? [];
  state.subscriptionsOf.set(
    before.customer,
    live.filter((entry) => entry !== id),
  );
  const latest = before.latest_invoice === null ? null : state.invoices.get(before.latest_invoice);
  if (latest !== null && (latest.status === 'draft' || latest.status === 'open')) {
    changeInvoice(state, latest.id, {
      auto_advance: false,
      next_payment_attempt: null,
      automatically_finalizes_at: null,
    });
  }
  return ended;
}

/** The schedule of a subscription that ended has nothing more to do. */
function endSchedule(state: State, id: string): void {
  const schedule = state.schedules.get(id);
  if (schedule.status !== 'active' && schedule.status !== 'not_started') return;
  state.aside(() => {
    const ended = { status: 'canceled' as const, canceled_at: state.now(), phase: null };
    const row = state.schedules.put({ ...schedule, ...ended });
    state.emit('subscription_schedule.canceled', 'subscription_schedule', row);
  });
}

export interface CancelOptions {
  at_period_end?: boolean;
  reason?: CancelReason;
  feedback?: SubscriptionRow['cancel_feedback'];
  comment?: string;
}

/** What a cancel button does: at once, or at the end of the period paid for. */
export function cancelSubscription(
  state: State,
  id: string,
  options: CancelOptions = {},
): SubscriptionRow {
  const subscription = state.subscriptions.get(id);
  const cancel_reason = options.reason ?? 'cancellation_requested';
  const details = {
    cancel_reason,
    cancel_feedback: options.feedback ?? null,
    cancel_comment: options.comment ?? null,
  };
  if (options.at_period_end !== true) {
    state.subscriptions.put({ ...subscription, ...details });
    return endSubscription(state, id, cancel_reason);
  }
  return changeSubscription(state, id, {
    ...details,
    cancel_at_period_end: true,
    cancel_at: Math.min(...subscription.items.map((item) => item.current_period_end)),
    canceled_at: state.now(),
  });
}

/** Takes back a cancellation that has not happened yet. */
export function uncancelSubscription(state: State, id: string): SubscriptionRow {
  return changeSubscription(state, id, {
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
    cancel_reason: null,
    cancel_feedback: null,
    cancel_comment: null,
  });
}
