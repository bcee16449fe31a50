import { hashInteger } from '../platform/index.ts';
import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { describePlan, signatureOf } from './describe-plan.ts';
import type { Plan } from './describe-plan.ts';
import { idAt, known, textAt } from './read-json.ts';

/** Statuses between which a change of plan means something to the customer. */
const RUNNING = new Set(['trialing', 'active', 'past_due', 'unpaid', 'paused']);

/**
 * A running subscription whose items changed price or quantity. Only the comparison shows it, so it
 * happened at the instant the change was seen to: an event's own, or that of the fetch that found it.
 */
export function subscriptionChange(before: Json, after: Json, at: Date): ActivityDraft[] {
  const id = textAt(after, 'id');
  const from = signatureOf(before);
  const to = signatureOf(after);
  if (!id || from === to || !isRunning(before) || !isRunning(after)) return [];
  const was = describePlan(before);
  const is = describePlan(after);
  const seconds = Math.floor(at.getTime() / 1000);
  return [
    {
      // Two changes can share a second, hence both sides; a plan can come back later, hence the time.
      key: `subscription_change/${id}/${seconds}/${hashInteger(from, to)}`,
      type: 'subscription_change',
      occurred_at: at,
      customer: idAt(after, 'customer'),
      object_id: id,
      amount_minor: null,
      currency: textAt(after, 'currency'),
      attributes: known({
        status: textAt(after, 'status'),
        ...is,
        currency: textAt(after, 'currency'),
        ...Object.fromEntries(
          Object.entries(was).map(([name, value]) => [`previous_${name}`, value]),
        ),
        direction: directionOf(was, is),
      }),
    },
  ];
}

const isRunning = (subscription: Json): boolean =>
  RUNNING.has(textAt(subscription, 'status') ?? '');

/** Days an interval counts for comparing what two plans cost over time. */
const DAYS: Record<string, number> = { day: 1, week: 7, month: 365.25 / 12, year: 365.25 };

/** 'upgrade' when a day costs more than before, 'downgrade' when less; null when it cannot be said. */
function directionOf(was: Plan, is: Plan): 'upgrade' | 'downgrade' | null {
  const [before, after] = [dailyCost(was), dailyCost(is)];
  if (before === null || after === null || before === after) return null;
  return after > before ? 'upgrade' : 'downgrade';
}

function dailyCost(plan: Plan): number | null {
  const days = DAYS[plan.interval ?? ''];
  if (plan.amount_minor === null || days === undefined) return null;
  return plan.amount_minor / (days * (plan.interval_count ?? 1));
}
