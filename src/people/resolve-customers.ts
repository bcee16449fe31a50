import { lockInTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { normalizeEmail, planPeople } from './plan-people.ts';
import type { PeoplePlan } from './plan-people.ts';
import { insertKeys, lockPeople, readKeys } from './queries/keys.ts';
import type { NewKey } from './queries/keys.ts';
import { markPeople } from './queries/marks.ts';
import { insertPeople, mergePeople, reserveIds } from './queries/people.ts';

/** What is known about a customer; by id only when just something of theirs was seen. */
export interface Customer {
  id: string;
  email?: string | null;
  name?: string | null;
  country?: string | null;
  created_at?: Date | null;
}

export interface Resolved {
  person_by_customer: Map<string, number>;
  /** People made by this call. */
  created: number[];
  /** People who turned out to be others. What hangs on `from` must move in this same transaction. */
  merges: { from: number; into: number }[];
}

/** More rounds than transactions could meet on one page; beyond it something is wrong. */
const MOST_ROUNDS = 50;

/**
 * The person of each customer of a page, made or merged where needed (rules: plan-people.ts). Must
 * run in a transaction; the people it answers cannot be merged by another one until it ends. Two
 * transactions may bring the same customers or addresses at once: the unique key of person_keys lets
 * the later one wait and then join. Merged people are marked.
 */
export async function resolveCustomers(
  tx: Context,
  source_id: number,
  customers: readonly Customer[],
): Promise<Resolved> {
  const facts = customers.map(({ id, email }) => ({ id, email: normalizeEmail(email) }));
  const ids = [...new Set(facts.map((fact) => fact.id))];
  const emails = [...new Set(facts.flatMap((fact) => fact.email ?? []))];
  const addressed = new Set(facts.filter((fact) => fact.email !== null).map((fact) => fact.id));
  const made = new Set<number>();
  let merging = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const known = await readKeys(tx, source_id, ids, emails, addressed);
    const plan = planPeople(facts, known, (id) => made.has(id));
    if (plan.merges.some(({ from }) => !made.has(from)) && !merging) {
      // Merges go one at a time: two that share a person would leave keys behind.
      await lockInTransaction(tx, 'merge people');
      merging = true;
      continue;
    }
    if (!(await hold(tx, plan, made))) continue;
    if (!(await addKeys(tx, source_id, plan, made))) continue;
    return await settle(tx, plan, customers, made);
  }
  throw new Error(`customers of source ${source_id} could not be told apart: ${ids.join(', ')}`);
}

/** Locks whom the plan speaks of; false when somebody of them was merged since the plan was made. */
async function hold(tx: Context, plan: PeoplePlan, made: ReadonlySet<number>): Promise<boolean> {
  const moving = plan.merges
    .filter(({ from }) => !made.has(from))
    .flatMap(({ from, into }) => [from, into]);
  const used = [
    ...new Set([...plan.person_by_customer.values(), ...plan.new_keys.map((k) => k.person_id)]),
  ].filter((id) => id > 0 && !made.has(id) && !moving.includes(id));
  const locked = [
    ...(moving.length > 0 ? await lockPeople(tx, moving, 'merge') : []),
    ...(used.length > 0 ? await lockPeople(tx, used, 'share') : []),
  ];
  return locked.every(([id, now]) => id === now);
}

/** Writes the plan's new keys with real ids; false when another transaction was first with one. */
async function addKeys(
  tx: Context,
  source_id: number,
  plan: PeoplePlan,
  made: Set<number>,
): Promise<boolean> {
  if (plan.new_keys.length === 0) return true;
  const coming = [...new Set(plan.new_keys.map((key) => key.person_id).filter((id) => id < 0))];
  const reserved = coming.length > 0 ? await reserveIds(tx, coming.length) : [];
  const real = new Map(coming.map((id, index) => [id, reserved[index]!]));
  for (const id of reserved) made.add(id);
  const keys: NewKey[] = plan.new_keys.map((key) => ({
    ...key,
    person_id: real.get(key.person_id) ?? key.person_id,
  }));
  for (const [customer, id] of plan.person_by_customer)
    plan.person_by_customer.set(customer, real.get(id) ?? id);
  return (await insertKeys(tx, source_id, keys)) === keys.length;
}

async function settle(
  tx: Context,
  plan: PeoplePlan,
  customers: readonly Customer[],
  made: ReadonlySet<number>,
): Promise<Resolved> {
  const { person_by_customer } = plan;
  const people = describe(tx, customers, person_by_customer, made);
  if (people.length > 0) await insertPeople(tx, people);
  if (plan.merges.length > 0) await mergePeople(tx, plan.merges);
  const merges = plan.merges.filter(({ from }) => !made.has(from));
  await markPeople(tx, [...new Set(merges.flatMap(({ from, into }) => [from, into]))]);
  return { person_by_customer, created: people.map((person) => person.person_id), merges };
}

/** The rows of new people, from what their customers say. Looking again at them fills in the rest. */
function describe(
  tx: Context,
  customers: readonly Customer[],
  person_by_customer: ReadonlyMap<string, number>,
  made: ReadonlySet<number>,
) {
  const now = tx.clock.now();
  const groups = new Map<number, Customer[]>();
  for (const customer of customers) {
    const person_id = person_by_customer.get(customer.id)!;
    if (made.has(person_id)) groups.set(person_id, [...(groups.get(person_id) ?? []), customer]);
  }
  return [...groups].map(([person_id, own]) => ({
    person_id,
    email: own.find((one) => one.email)?.email?.trim() ?? null,
    name: own.find((one) => one.name)?.name ?? null,
    country: own.find((one) => one.country)?.country ?? null,
    created_at:
      own.flatMap((one) => one.created_at ?? []).toSorted((a, b) => a.getTime() - b.getTime())[0] ??
      now,
  }));
}
