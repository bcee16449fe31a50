import { deriveActivities, movePerson, recordActivities } from '../activities/index.ts';
import type { ActivityDraft } from '../activities/index.ts';
import { RESOURCES, saveObjects } from '../objects/index.ts';
import type { Json, ObjectChange, Resource, SaveObjects, Tie } from '../objects/index.ts';
import { findPeopleByCustomers, markPeople, resolveCustomers } from '../people/index.ts';
import { notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { readSubject } from './event-subject.ts';
import { listSubscribersOf } from './queries/catalogue.ts';
import { isUnheard } from './tell-steps.ts';
import { listLeftOut } from './queries/clocks.ts';
import { findOwners, listOrphans, takeTurns } from './queries/owners.ts';

export interface Ingested {
  changes: number;
  ties: (Tie & { resource: Resource })[];
}

/**
 * The one way in: stores objects, finds the people they belong to, derives what happened, and marks
 * those people, all in the transaction that is open. Tied objects are reported and left alone.
 */
export async function ingest(
  tx: Context,
  source_id: number,
  saves: Omit<SaveObjects, 'source_id'>[],
): Promise<Ingested> {
  const changes: ObjectChange[] = [];
  const ties: Ingested['ties'] = [];
  // Always in the same order, so that two transactions cannot hold each other's rows.
  const ordered = saves.toSorted(
    (a, b) => RESOURCES.indexOf(a.resource) - RESOURCES.indexOf(b.resource),
  );
  for (const save of ordered) {
    const saved = await saveObjects(tx, { ...save, source_id });
    changes.push(...saved.changes);
    ties.push(...saved.ties.map((tie) => ({ ...tie, resource: save.resource })));
  }
  if (changes.length > 0) await followUp(tx, source_id, changes);
  return { changes: changes.length, ties };
}

async function followUp(tx: Context, source_id: number, changes: ObjectChange[]): Promise<void> {
  await takeTurns(tx, source_id, changes);
  const orphans = await listOrphans(tx, source_id, changes);
  const all = [...changes, ...orphans];
  const owners = await findOwners(tx, source_id, all);
  const ownerOf = (change: ObjectChange): string | null => owners.get(change.id) ?? null;
  await markSubscribersOf(tx, source_id, changes);
  const customers = await withoutLeftOut(tx, source_id, listCustomers(all, ownerOf), all, ownerOf);
  if (customers.length === 0) return;
  const { person_by_customer, merges } = await resolveCustomers(tx, source_id, customers);
  for (const { from, into } of merges) await movePerson(tx, from, into);
  const activities = all.flatMap((change) =>
    deriveActivities(change)
      .filter((draft) => draft.type !== 'subscription_change' || isUnheard(change))
      .flatMap((draft) => withPerson(draft, change)),
  );
  if (activities.length > 0) {
    const recorded = await recordActivities(tx, activities, { held: true });
    if (recorded > 0) await notify(tx, { topic: 'activities' });
  }
  const touched = [
    ...person_by_customer.values(),
    ...merges.flatMap(({ from, into }) => [from, into]),
  ];
  await markPeople(
    tx,
    [...new Set(touched)].toSorted((a, b) => a - b),
  );
  await notify(tx, { topic: 'marks' });

  function withPerson(draft: ActivityDraft, change: ObjectChange) {
    const customer = draft.customer ?? ownerOf(change);
    const person_id = customer === null ? undefined : person_by_customer.get(customer);
    return person_id === undefined ? [] : [{ ...draft, customer, person_id, source_id }];
  }
}

/** Tells of stored objects as if they had just arrived; what was told before is told once. */
export async function tellAgain(
  tx: Context,
  source_id: number,
  changes: ObjectChange[],
): Promise<void> {
  await followUp(tx, source_id, changes);
}

/** Customers on a test clock are nobody, unless the source says otherwise; so are those something of whose is on one. */
async function withoutLeftOut(
  tx: Context,
  source_id: number,
  customers: CustomerFacts[],
  changes: ObjectChange[],
  ownerOf: (change: ObjectChange) => string | null,
): Promise<CustomerFacts[]> {
  const shown = new Set(
    changes.flatMap((change) =>
      typeof change.after?.test_clock === 'string' ? (ownerOf(change) ?? []) : [],
    ),
  );
  const ids = customers.map(({ id }) => id);
  const left_out = await listLeftOut(tx, source_id, ids, shown);
  return customers.filter(({ id }) => !left_out.has(id));
}

/** A stored event of a subscription dates its changes better than the object alone, also when it changes no object. */
export async function markByEvents(tx: Context, source_id: number, events: Json[]): Promise<void> {
  const customers = events.flatMap((event) => {
    const subject = readSubject(event);
    const customer =
      subject?.resource === 'subscriptions' ? subject.sighting.object.customer : null;
    return typeof customer === 'string' ? [customer] : [];
  });
  await markCustomers(tx, source_id, [...new Set(customers)]);
}

/** A plan's new name or price is no change of any customer, yet what we tell of its subscribers rests on it. */
async function markSubscribersOf(
  tx: Context,
  source_id: number,
  changes: ObjectChange[],
): Promise<void> {
  await markCustomers(tx, source_id, await listSubscribersOf(tx, source_id, changes));
}

async function markCustomers(tx: Context, source_id: number, customers: string[]): Promise<void> {
  if (customers.length === 0) return;
  const people = await findPeopleByCustomers(tx, source_id, customers);
  await markPeople(
    tx,
    [...new Set(people.values())].toSorted((a, b) => a - b),
  );
  await notify(tx, { topic: 'marks' });
}

type CustomerFacts = Parameters<typeof resolveCustomers>[2][number];

/** The customers that the changes are about, each once; with all facts where the customer itself changed. */
function listCustomers(
  changes: ObjectChange[],
  ownerOf: (change: ObjectChange) => string | null,
): CustomerFacts[] {
  const facts = new Map<string, CustomerFacts>();
  for (const change of changes) {
    if (change.resource === 'customers' && change.after) {
      facts.set(change.id, readCustomer(change.after));
    } else {
      const id = ownerOf(change);
      if (id !== null && !facts.has(id)) facts.set(id, { id });
    }
  }
  return [...facts.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function readCustomer(object: Json): CustomerFacts {
  const address = object.address as { country?: string | null } | null | undefined;
  return {
    id: String(object.id),
    email: (object.email as string | null | undefined) ?? null,
    name: (object.name as string | null | undefined) ?? null,
    country: address?.country ?? null,
    created_at: typeof object.created === 'number' ? new Date(object.created * 1000) : null,
  };
}
