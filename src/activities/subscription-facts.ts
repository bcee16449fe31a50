import type { Json } from '../objects/index.ts';
import type { ActivityName } from './definition.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { describePlan } from './describe-plan.ts';
import { idAt, integerAt, isoOf, known, listAt, textAt } from './read-json.ts';
import { beginningOf, endsWithTrial, followedTrial, readLife } from './subscription-life.ts';
import type { Life } from './subscription-life.ts';

/** Everything a subscription's present state tells of its life, each with its own time. */
export function subscriptionFacts(subscription: Json): ActivityDraft[] {
  const life = readLife(subscription);
  if (!life) return [];
  const fact = makeFact(subscription, life);
  return [
    ...trialFacts(subscription, life, fact),
    ...termFacts(subscription, life, fact),
    ...arrearsFact(subscription, life, fact),
  ];
}

type MakeFact = (type: ActivityName, key: string, at: Date, extra?: Json) => ActivityDraft;

/** Drafts of one subscription: `key` follows its id and type, `extra` its plan. */
export function makeFact(subscription: Json, life: Life): MakeFact {
  return (type, key, occurred_at, extra = {}) => ({
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
}

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
  const starts = beginningOf(life);
  if (!starts) return [];
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

function cancellation(subscription: Json): Json {
  return {
    reason: textAt(subscription, 'cancellation_details', 'reason'),
    feedback: textAt(subscription, 'cancellation_details', 'feedback'),
    comment: textAt(subscription, 'cancellation_details', 'comment'),
  };
}

export const toDate = (seconds: number): Date => new Date(seconds * 1000);
export const toIso = (seconds: number | null): string | null =>
  seconds === null ? null : isoOf(toDate(seconds));
