import type { Json } from '../objects/index.ts';
import { instantAt, integerAt, listAt, textAt } from './read-json.ts';

/**
 * Where no period tells whether anything followed a trial: Stripe leaves the first invoice after a
 * trial a draft for about an hour, so what ended by then has collected nothing.
 */
const DRAFT_HOUR = 3600;

/** Statuses in which a subscription is, or after its trial was, in force. */
const IN_FORCE = new Set(['active', 'past_due', 'unpaid', 'paused', 'canceled']);

/** When a subscription began, was tried and ended; in seconds of Stripe's clock. */
export interface Life {
  id: string;
  status: string;
  starts: Date;
  trial: { start: number; end: number } | null;
  canceled: number | null;
  ended: number | null;
  /** Is over, and no period ever began after its trial. */
  ended_in_trial: boolean;
  /** Waits, since its trial ended, for a way to pay. */
  paused_by_trial: boolean;
}

/** The life of a subscription as its present state tells it; null when it is not one. */
export function readLife(subscription: Json): Life | null {
  const id = textAt(subscription, 'id');
  const status = textAt(subscription, 'status');
  const starts = instantAt(subscription, 'start_date') ?? instantAt(subscription, 'created');
  if (!id || !status || !starts) return null;
  const start = integerAt(subscription, 'trial_start');
  const end = integerAt(subscription, 'trial_end');
  const trial = start !== null && end !== null && end > start ? { start, end } : null;
  const canceled = integerAt(subscription, 'canceled_at');
  const ended = integerAt(subscription, 'ended_at');
  const over = endOf({ status, ended, canceled });
  const pause = ['status_details', 'paused', 'subscription', 'type'] as const;
  return {
    id,
    status,
    starts,
    trial,
    canceled,
    ended,
    ended_in_trial: trial !== null && over !== null && !hadPeriod(subscription, trial.end, over),
    paused_by_trial:
      status === 'paused' &&
      trial !== null &&
      // Before Stripe told the reason, the end of a trial was the only one.
      (textAt(subscription, ...pause) ?? 'trial_end_without_payment_method') ===
        'trial_end_without_payment_method',
  };
}

/** Whether a period began with or after the trial's end. A trial that only pauses begins none. */
function hadPeriod(subscription: Json, trialEnd: number, over: number): boolean {
  const starts = listAt(subscription, 'items').flatMap(
    (item) => integerAt(item, 'current_period_start') ?? [],
  );
  return starts.length > 0 ? Math.max(...starts) >= trialEnd : over >= trialEnd + DRAFT_HOUR;
}

/** Whether the cancellation that was asked for takes effect at the trial's end or before. */
export function endsWithTrial(subscription: Json, life: Life, trialEnd: number): boolean {
  if (life.status === 'canceled') return life.ended_in_trial;
  if (life.status !== 'trialing') return false;
  const cancelAt = integerAt(subscription, 'cancel_at');
  if (cancelAt !== null) return cancelAt <= trialEnd;
  return subscription.cancel_at_period_end === true;
}

/** Whether the subscription came into force when its trial ended. */
export const followedTrial = (life: Life): boolean =>
  IN_FORCE.has(life.status) && !life.ended_in_trial && !life.paused_by_trial;

/** When it came into force: at once, or after its trial; null when it did not. */
export function beginningOf(life: Life): Date | null {
  if (life.trial) return followedTrial(life) ? new Date(life.trial.end * 1000) : null;
  return IN_FORCE.has(life.status) ? life.starts : null;
}

/** When it ended, in seconds; null while it goes on. */
export const endOf = (life: Pick<Life, 'status' | 'ended' | 'canceled'>): number | null =>
  life.status === 'canceled' ? (life.ended ?? life.canceled) : null;
