import type { Json } from '../objects/index.ts';
import type { ActivityName } from './definition.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { describePlan } from './describe-plan.ts';
import { idAt, instantAt, integerAt, isoOf, known, listAt, textAt } from './read-json.ts';

/**
 * Where no period tells whether anything followed a trial: Stripe leaves the first invoice after a
 * trial a draft for about an hour, so what ended by then has collected nothing.
 */
const DRAFT_HOUR = 3600;

/** Statuses in which a subscription is, or after its trial was, in force. */
const IN_FORCE = new Set(['active', 'past_due', 'unpaid', 'paused', 'canceled']);

interface Life {
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

/** Everything a subscription's present state tells of its life, each with its own time. */
export function subscriptionFacts(subscription: Json): ActivityDraft[] {
  const life = readLife(subscription);
  if (!life) return [];
  const fact = (
    type: ActivityName,
    key: string,
    occurred_at: Date,
    extra: Json = {},
  ): ActivityDraft => ({
    key: `${type}/${life.id}${key}`,
    type,
    occurred_at,
    customer: idAt(subscription, 'customer'),
    object_id: life.id,
    amount_minor: null,
    currency: textAt(subscription, 'currency'),
    attributes: known({
      status: life.status,
      ...describePlan(subscription),
      currency: textAt(subscription, 'currency'),
      ...extra,
    }),
  });
  return [
    ...trialFacts(subscription, life, fact),
    ...termFacts(subscription, life, fact),
    ...arrearsFact(subscription, life, fact),
  ];
}

type MakeFact = (type: ActivityName, key: string, at: Date, extra?: Json) => ActivityDraft;

/**
 * The trial and how it ended. Cancelled: the customer asked for the end while it ran, told at that
 * moment. Expired: it ran out into nothing. Converted: a subscription with a price followed.
 * A trial is named by its start, for a subscription can have several.
 */
function trialFacts(subscription: Json, life: Life, fact: MakeFact): ActivityDraft[] {
  const { trial } = life;
  if (!trial || life.status === 'incomplete' || life.status === 'incomplete_expired') return [];
  const dates = { trial_starts_at: toIso(trial.start), trial_ends_at: toIso(trial.end) };
  const facts = [fact('new_trial', `/${trial.start}`, toDate(trial.start), dates)];
  const requested = life.canceled;
  if (requested !== null && requested < trial.end && endsWithTrial(subscription, life, trial.end)) {
    const why = { ...dates, ...cancellation(subscription) };
    facts.push(fact('trial_cancelled', `/${requested}`, toDate(requested), why));
  } else if (life.ended_in_trial || life.paused_by_trial) {
    facts.push(fact('trial_expired', `/${trial.start}`, toDate(trial.end), dates));
  } else if (followedTrial(life) && describePlan(subscription).amount_minor !== 0) {
    facts.push(fact('trial_converted', `/${trial.start}`, toDate(trial.end), dates));
  }
  return facts;
}

/** The subscription itself: when it came into force, and when it ended. */
function termFacts(subscription: Json, life: Life, fact: MakeFact): ActivityDraft[] {
  const started = life.trial ? followedTrial(life) : IN_FORCE.has(life.status);
  if (!started) return [];
  const starts = life.trial ? toDate(life.trial.end) : life.starts;
  const facts = [fact('subscription_started', '', starts)];
  const ended = life.ended ?? life.canceled;
  if (life.status === 'canceled' && ended !== null) {
    const why = { ...cancellation(subscription), requested_at: toIso(life.canceled) };
    facts.push(fact('subscription_cancelled', '', toDate(ended), why));
  }
  return facts;
}

/** In arrears is told once for each period that is not paid for, from its beginning. */
function arrearsFact(subscription: Json, life: Life, fact: MakeFact): ActivityDraft[] {
  if (life.status !== 'past_due') return [];
  const starts = listAt(subscription, 'items').flatMap(
    (item) => integerAt(item, 'current_period_start') ?? [],
  );
  if (starts.length === 0) return [];
  const start = Math.max(...starts);
  return [fact('past_due', `/${start}`, toDate(start))];
}

/** Whether the cancellation that was asked for takes effect at the trial's end or before. */
function endsWithTrial(subscription: Json, life: Life, trialEnd: number): boolean {
  if (life.status === 'canceled') return life.ended_in_trial;
  if (life.status !== 'trialing') return false;
  const cancelAt = integerAt(subscription, 'cancel_at');
  if (cancelAt !== null) return cancelAt <= trialEnd;
  return subscription.cancel_at_period_end === true;
}

const followedTrial = (life: Life): boolean =>
  IN_FORCE.has(life.status) && !life.ended_in_trial && !life.paused_by_trial;

function readLife(subscription: Json): Life | null {
  const id = textAt(subscription, 'id');
  const status = textAt(subscription, 'status');
  const starts = instantAt(subscription, 'start_date') ?? instantAt(subscription, 'created');
  if (!id || !status || !starts) return null;
  const start = integerAt(subscription, 'trial_start');
  const end = integerAt(subscription, 'trial_end');
  const trial = start !== null && end !== null && end > start ? { start, end } : null;
  const canceled = integerAt(subscription, 'canceled_at');
  const ended = integerAt(subscription, 'ended_at');
  const over = status === 'canceled' ? (ended ?? canceled) : null;
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

function cancellation(subscription: Json): Json {
  return {
    reason: textAt(subscription, 'cancellation_details', 'reason'),
    feedback: textAt(subscription, 'cancellation_details', 'feedback'),
    comment: textAt(subscription, 'cancellation_details', 'comment'),
  };
}

const toDate = (seconds: number): Date => new Date(seconds * 1000);
const toIso = (seconds: number | null): string | null =>
  seconds === null ? null : isoOf(toDate(seconds));
