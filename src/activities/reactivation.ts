import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { describePlan } from './describe-plan.ts';
import { makeFact } from './subscription-facts.ts';
import { beginningOf, endOf, readLife } from './subscription-life.ts';

/** When a subscription with a price was in force, in milliseconds. */
interface Term {
  begins: number;
  /** Infinity while it goes on. */
  ends: number;
}

/**
 * For each subscription of a person, in the given order: whether it brought them back. It did when
 * it came into force with a price after one with a price had ended, and none was in force then. A
 * change to another subscription within the same second is no absence.
 */
export function reactivations(subscriptions: readonly Json[]): ActivityDraft[][] {
  const terms = subscriptions.map(readTerm);
  return subscriptions.map((subscription, index) => {
    const term = terms[index];
    const life = readLife(subscription);
    if (!term || !life) return [];
    const earlier = terms.filter((other) => other !== null && other.begins < term.begins);
    if (earlier.length === 0 || earlier.some((other) => other!.ends >= term.begins)) return [];
    return [makeFact(subscription, life)('reactivated', '', new Date(term.begins))];
  });
}

function readTerm(subscription: Json): Term | null {
  const life = readLife(subscription);
  const begins = life && beginningOf(life);
  if (!life || !begins || describePlan(subscription).amount_minor === 0) return null;
  const ended = endOf(life);
  return { begins: begins.getTime(), ends: ended === null ? Infinity : ended * 1000 };
}
