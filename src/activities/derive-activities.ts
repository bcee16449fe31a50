import type { Json, ObjectChange, Resource } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { chargeFacts, refundFacts } from './charge-facts.ts';
import { disputeFacts } from './dispute-facts.ts';
import { invoiceFacts } from './invoice-facts.ts';
import { checkoutFacts, creditNoteFacts } from './selling-facts.ts';
import { subscriptionChange } from './subscription-change.ts';
import { subscriptionFacts } from './subscription-facts.ts';

/** What an object shows; the second argument is the instant it was seen. */
const FACTS: Partial<Record<Resource, (object: Json, seen_at: Date) => ActivityDraft[]>> = {
  charges: chargeFacts,
  refunds: refundFacts,
  disputes: disputeFacts,
  invoices: invoiceFacts,
  credit_notes: creditNoteFacts,
  checkout_sessions: checkoutFacts,
  subscriptions: subscriptionFacts,
};

/**
 * What a change tells. Nearly everything is a fact that the object itself still shows: told when
 * `after` shows it and `before` did not, with the fact's own time. So it makes no difference whether
 * we watched an object live or found it later: all states of a life show together what its last
 * state shows, and a few facts that the last one has forgotten (a cancellation that was taken back,
 * an earlier trial).
 *
 * Only `subscription_change` needs both sides. Stripe keeps no former plans, so the first sync cannot
 * know it; it begins with the day of connection and carries the time of the change.
 */
export function deriveActivities(change: ObjectChange): ActivityDraft[] {
  const facts = FACTS[change.resource];
  if (!facts) return [];
  const after = change.after ?? buried(change);
  if (!after) return [];
  const was = change.before ? facts(change.before, change.before_at ?? new Date(0)) : [];
  const told = new Set(was.map((fact) => fact.key));
  const drafts = facts(after, change.at)
    .filter((fact) => !told.has(fact.key))
    .map(({ watched, ...fact }) =>
      watched && change.origin === 'live' ? { ...fact, occurred_at: change.at } : fact,
    );
  if (change.resource !== 'subscriptions' || !change.before || !change.after) return drafts;
  return [...drafts, ...subscriptionChange(change.before, change.after, change.at)];
}

/** A subscription that vanished has ended, even if nobody sent its last state. */
function buried(change: ObjectChange): Json | null {
  if (change.resource !== 'subscriptions' || !change.before) return null;
  if (change.before.status === 'canceled' || change.before.status === 'incomplete_expired')
    return null;
  const ended = Math.floor(change.at.getTime() / 1000);
  const canceled_at = change.before.canceled_at ?? ended;
  return { ...change.before, status: 'canceled', canceled_at, ended_at: ended };
}
