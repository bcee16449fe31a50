import type { Task } from '../agenda.ts';
import type { State } from '../state.ts';
import { makeAvailable } from './balance.ts';
import { endSubscription, isEnded } from './cancel.ts';
import { expireWhenDue } from './checkout.ts';
import { endDiscount } from './discount.ts';
import { finalizeDraft, noticeOverdue, retryPayment } from './dun.ts';
import { resumeCollection } from './pause.ts';
import { arrivePayout } from './pay-out.ts';
import { announceTrialEnd, renewSubscription } from './renew.ts';
import { announceExpiry, enterPhase } from './schedule.ts';
import { expireIncomplete } from './subscribe.ts';
import { verifyTaxId } from './tax.ts';

/** What comes due in an account by itself. Each checks whether it still applies. */
const TASKS: Record<string, (state: State, id: string) => void> = {
  renew: renewSubscription,
  trial_will_end: announceTrialEnd,
  finalize_invoice: finalizeDraft,
  retry_payment: retryPayment,
  expire_incomplete: expireIncomplete,
  end_discount: endDiscount,
  invoice_overdue: noticeOverdue,
  resume_collection: resumeCollection,
  balance_available: makeAvailable,
  payout_arrives: arrivePayout,
  verify_tax_id: verifyTaxId,
  expire_checkout: expireWhenDue,
  schedule_phase: enterPhase,
  schedule_expiring: announceExpiry,
  cancel_at: (state, id) => {
    const subscription = state.subscriptions.get(id);
    const due = subscription.cancel_at !== null && subscription.cancel_at <= state.now();
    if (due && !isEnded(subscription)) endSubscription(state, id, 'cancellation_requested');
  },
};

/** Runs one billing task; false when its kind belongs to somebody else. */
export function runBillingTask(state: State, task: Task): boolean {
  const run = TASKS[task.kind];
  run?.(state, task.id);
  return run !== undefined;
}
