import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { toJsonText } from '../../objects/index.ts';
import type { KnownKeys, PeoplePlan } from '../plan-people.ts';

export type NewKey = PeoplePlan['new_keys'][number];

/** Who these customers and addresses belong to. `sized` are customers whose people's sizes matter: those with an address. */
export async function readKeys(
  ctx: Context,
  source_id: number,
  customers: readonly string[],
  emails: readonly string[],
  sized: ReadonlySet<string>,
): Promise<KnownKeys> {
  const { rows } = await sql<{ customer: string | null; key: string; person_id: number }>`
    select key, customer, person_id from person_keys
     where kind = 'customer' and key = any(${customers.map((id) => keyOf(source_id, id))})
    union all
    select key, customer, person_id from person_keys
     where kind = 'email' and key = any(${emails})`.execute(ctx.db);
  const byCustomer = rows.filter((row) => row.customer !== null);
  const byEmail = rows.filter((row) => row.customer === null);
  const measured = [...byEmail, ...byCustomer.filter((row) => sized.has(row.customer!))];
  return {
    customers: new Map(byCustomer.map((row) => [row.customer!, row.person_id])),
    emails: new Map(byEmail.map((row) => [row.key, row.person_id])),
    sizes: await countCustomers(ctx, [...new Set(measured.map((row) => row.person_id))]),
  };
}

/** How many customers each of these people owns. */
async function countCustomers(
  ctx: Context,
  person_ids: readonly number[],
): Promise<Map<number, number>> {
  if (person_ids.length === 0) return new Map();
  const { rows } = await sql<{ person_id: number; size: number }>`
    select given.person_id, owned.size from unnest(${person_ids}::int[]) as given(person_id)
     cross join lateral (
        -- Through the person alone: few rows, whatever the planner believes about the kinds.
        select count(*) filter (where own.kind = 'customer') as size
          from person_keys own where own.person_id = given.person_id) as owned`.execute(ctx.db);
  return new Map(rows.map((row) => [row.person_id, row.size]));
}

/**
 * Inserts keys in their order, so that two transactions wait for each other instead of locking each
 * other out. Answers how many were new; the others belong to somebody by now.
 */
export async function insertKeys(
  tx: Context,
  source_id: number,
  keys: readonly NewKey[],
): Promise<number> {
  const rows = keys.map((entry) => ({
    ...entry,
    key: entry.kind === 'customer' ? keyOf(source_id, entry.key) : entry.key,
  }));
  const { rows: inserted } = await sql`
    insert into person_keys (kind, key, person_id)
    select kind, key, person_id
      from jsonb_to_recordset(${toJsonText(rows)}::jsonb) as given(kind text, key text, person_id int)
     order by kind, key
    on conflict (kind, key) do nothing
    returning 1`.execute(tx.db);
  return inserted.length;
}

/** The person of each of these customers; unknown ones are left out. */
export async function findPeopleByCustomers(
  ctx: Context,
  source_id: number,
  customers: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ customer: string; person_id: number }>`
    select customer, person_id from person_keys
     where kind = 'customer' and key = any(${customers.map((id) => keyOf(source_id, id))})
  `.execute(ctx.db);
  return new Map(rows.map((row) => [row.customer, row.person_id]));
}

/** The customers these people own. */
export async function listCustomersOf(
  ctx: Context,
  person_ids: readonly number[],
): Promise<{ person_id: number; source_id: number; customer: string }[]> {
  const { rows } = await sql<{ person_id: number; source_id: number; customer: string }>`
    select person_id, source_id, customer from person_keys
     where kind = 'customer' and person_id = any(${person_ids}::int[])
     order by person_id, key`.execute(ctx.db);
  return rows;
}

/**
 * Keeps these people from being merged until the transaction ends. Answers who they are now: a
 * person merged earlier maps to whom it became. Unknown ids are left out.
 */
export async function holdPeople(
  tx: Context,
  person_ids: readonly number[],
): Promise<Map<number, number>> {
  return await lockPeople(tx, person_ids, 'share');
}

/** `share` lets others use and refresh the person; `merge` waits until nobody does. */
export async function lockPeople(
  tx: Context,
  person_ids: readonly number[],
  strength: 'share' | 'merge',
): Promise<Map<number, number>> {
  const lock = strength === 'merge' ? sql`for update` : sql`for key share`;
  const { rows } = await sql<{ person_id: number; now: number }>`
    select person_id, coalesce(merged_into, person_id) as now from people
     where person_id = any(${person_ids}::int[])
     order by person_id ${lock}`.execute(tx.db);
  return new Map(rows.map((row) => [row.person_id, row.now]));
}

const keyOf = (source_id: number, customer: string): string => `${source_id}/${customer}`;
