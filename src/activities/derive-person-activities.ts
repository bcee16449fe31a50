import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { cardExpiring } from './card-expiring.ts';
import { reactivations } from './reactivation.ts';
import { trialEnding } from './trial-ending.ts';

/** An object as it is kept, and whose it is. */
export interface OwnedObject {
  source_id: number;
  customer: string;
  raw: Json;
}

export interface PersonObjects {
  /** All that were ever made, ended ones included. */
  subscriptions: readonly OwnedObject[];
  payment_methods: readonly OwnedObject[];
  customers: readonly OwnedObject[];
}

export interface PersonActivities {
  /** What was due by now, with its own time, however long ago. */
  drafts: (ActivityDraft & { source_id: number })[];
  /** When the next becomes due if nothing happens; null when nothing is to come. */
  next_at: Date | null;
}

/**
 * What rests on time or on several objects of a person, so that no change of one object tells it: a
 * trial about to end, a card about to expire, a return. It comes from the objects as they are and the
 * time alone, so a fresh copy tells the same as who watched; only what objects have forgotten since
 * (the end a trial had before it was moved, the card that was replaced) is known to who watched.
 */
export function derivePersonActivities(objects: PersonObjects, now: Date): PersonActivities {
  const { subscriptions } = objects;
  const returns = reactivations(subscriptions.map(({ raw }) => raw));
  const all = [
    ...subscriptions.flatMap(({ source_id, raw }, index) =>
      [...trialEnding(raw), ...returns[index]!].map((draft) => ({ ...draft, source_id })),
    ),
    ...listPayers(objects).flatMap(({ source_id, ...payer }) =>
      cardExpiring(payer).map((draft) => ({ ...draft, source_id })),
    ),
  ];
  const later = all.map((one) => one.occurred_at.getTime()).filter((at) => at > now.getTime());
  return {
    drafts: all.filter(({ occurred_at }) => occurred_at <= now),
    next_at: later.length > 0 ? new Date(Math.min(...later)) : null,
  };
}

function listPayers({ subscriptions, payment_methods, customers }: PersonObjects) {
  const keyOf = (object: OwnedObject): string => `${object.source_id}/${object.customer}`;
  const methods = Map.groupBy(payment_methods, keyOf);
  const owners = new Map(customers.map((object) => [keyOf(object), object.raw]));
  const paid_for = Map.groupBy(subscriptions, keyOf);
  return [...methods].map(([key, own]) => ({
    source_id: own[0]!.source_id,
    customer: owners.get(key) ?? null,
    subscriptions: (paid_for.get(key) ?? []).map(({ raw }) => raw),
    payment_methods: own.map(({ raw }) => raw),
  }));
}
