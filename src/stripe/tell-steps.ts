import { deriveActivities, recordActivities } from '../activities/index.ts';
import type { ActivityToRecord } from '../activities/index.ts';
import { overlay } from '../objects/index.ts';
import type { Json, ObjectChange } from '../objects/index.ts';
import { findPeopleByCustomers } from '../people/index.ts';
import { notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { readSubject } from './event-subject.ts';
import type { Subject } from './event-subject.ts';

/** As far back as Stripe lists events; see poll-events.ts. */
const EVENTS_REACH_MS = 29 * 86_400_000;

/**
 * True when nobody but a list can tell of a change of plan: nothing was heard of the subscription
 * for longer than Stripe keeps events. Any other change is told by its event, once and at its time,
 * which a row compared with a later state cannot do.
 */
export function isUnheard(change: ObjectChange): boolean {
  if (change.origin !== 'history' || !change.before_at) return false;
  return change.at.getTime() - change.before_at.getTime() > EVENTS_REACH_MS;
}

/**
 * Records what each event of a subscription tells by itself, from the values it changed: a change of
 * plan, or a cancellation that was taken back later. Rows cannot tell it when events come out of
 * order, for the later state is kept and the earlier step never seen. Told twice, it is kept once.
 */
export async function tellSteps(tx: Context, source_id: number, events: Json[]): Promise<void> {
  const steps = events.flatMap((event) => readStep(source_id, event));
  const drafts = steps.flatMap((step) => deriveActivities(step));
  const customers = [...new Set(drafts.flatMap(({ customer }) => customer ?? []))];
  if (customers.length === 0) return;
  const people = await findPeopleByCustomers(tx, source_id, customers);
  const told = drafts.flatMap((draft): ActivityToRecord[] => {
    const person_id = people.get(draft.customer ?? '');
    return person_id === undefined ? [] : [{ ...draft, person_id, source_id }];
  });
  const recorded = await recordActivities(tx, told);
  if (recorded > 0) await notify(tx, { topic: 'activities' });
}

function readStep(source_id: number, event: Json): ObjectChange[] {
  const subject = readSubject(event);
  if (event.type === 'invoice.overdue' && subject?.understood) return [overdue(source_id, subject)];
  if (subject?.resource !== 'subscriptions' || !subject.sighting.previous) return [];
  const { object, previous, version_at } = subject.sighting;
  return [
    {
      source_id,
      resource: 'subscriptions',
      id: subject.id,
      before: overlay(object, previous),
      after: object,
      at: version_at,
      origin: 'live',
    },
  ];
}

/** The invoice itself does not change when it becomes overdue: only the event says that it was not paid by then. */
const overdue = (source_id: number, { id, sighting }: Subject): ObjectChange => ({
  source_id,
  resource: 'invoices',
  id,
  before: null,
  after: sighting.object,
  at: sighting.version_at,
  origin: 'live',
});
