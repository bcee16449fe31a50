import { listCustomerFields } from '../objects/index.ts';
import { listCustomersOf } from '../people/index.ts';
import { notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { derivePersonActivities } from './derive-person-activities.ts';
import type { OwnedObject, PersonActivities, PersonObjects } from './derive-person-activities.ts';
import { saveInstants } from './queries/instants.ts';
import { recordActivities } from './record-activities.ts';

const SUBSCRIPTION = [
  'id',
  'customer',
  'status',
  'created',
  'start_date',
  'trial_start',
  'trial_end',
  'currency',
  'canceled_at',
  'ended_at',
  'cancel_at',
  'cancel_at_period_end',
  'items',
  'status_details',
  'default_payment_method',
  'default_source',
  'collection_method',
] as const;
const PAYMENT_METHOD = ['id', 'created', 'card'] as const;
const CUSTOMER = ['id', 'invoice_settings', 'default_source'] as const;

/** When to look for a return once more, while a subscription that would deny it may be missing. */
const UNSURE_MS = 60_000;

/**
 * Tells what has become due for these people by the clock or by several objects together, and keeps
 * when the next is due for each of them. A fixed number of statements, in the caller's transaction;
 * doing it twice adds nothing. While an account is being `copied`, subscriptions may still be missing, so
 * nobody is told to have come back yet. Answers how many activities were new.
 */
export async function tellTimed(
  tx: Context,
  person_ids: readonly number[],
  options: { copying?: boolean } = {},
): Promise<number> {
  if (person_ids.length === 0) return 0;
  const objects = await readObjects(tx, person_ids);
  const now = tx.clock.now();
  const people = person_ids.map((person_id) => {
    const derived = derivePersonActivities(objects.get(person_id) ?? NOTHING, now);
    return { person_id, ...(options.copying ? withoutReturns(derived, now) : derived) };
  });
  const recorded = await recordActivities(
    tx,
    people.flatMap(({ person_id, drafts }) => drafts.map((draft) => ({ ...draft, person_id }))),
  );
  await saveInstants(tx, people);
  if (recorded > 0) await notify(tx, { topic: 'activities' });
  return recorded;
}

function withoutReturns({ drafts, next_at }: PersonActivities, now: Date): PersonActivities {
  const sure = drafts.filter(({ type }) => type !== 'reactivated');
  if (sure.length === drafts.length) return { drafts, next_at };
  const again = now.getTime() + UNSURE_MS;
  return { drafts: sure, next_at: new Date(Math.min(again, next_at?.getTime() ?? again)) };
}

const NOTHING: PersonObjects = { subscriptions: [], payment_methods: [], customers: [] };

async function readObjects(
  tx: Context,
  person_ids: readonly number[],
): Promise<Map<number, PersonObjects>> {
  const owned = await listCustomersOf(tx, person_ids);
  const subscriptions = await listCustomerFields(tx, 'subscriptions', owned, SUBSCRIPTION);
  const payers = unique(subscriptions);
  const methods = await listCustomerFields(tx, 'payment_methods', payers, PAYMENT_METHOD);
  const customers = await listCustomerFields(tx, 'customers', unique(methods), CUSTOMER);
  const owner = new Map(owned.map((row) => [keyOf(row), row.person_id]));
  const byPerson = (rows: OwnedObject[]) => Map.groupBy(rows, (row) => owner.get(keyOf(row)));
  const [subscribed, attached, known] = [subscriptions, methods, customers].map(byPerson);
  return new Map(
    person_ids.map((id) => [
      id,
      {
        subscriptions: subscribed!.get(id) ?? [],
        payment_methods: attached!.get(id) ?? [],
        customers: known!.get(id) ?? [],
      },
    ]),
  );
}

type CustomerKey = Pick<OwnedObject, 'source_id' | 'customer'>;

const keyOf = ({ source_id, customer }: CustomerKey): string => `${source_id}/${customer}`;

const unique = (rows: readonly CustomerKey[]): CustomerKey[] => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values(),
];
