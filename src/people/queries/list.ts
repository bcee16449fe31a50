import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';
import { STANDINGS } from '../definition.ts';
import type { PeopleSort } from '../definition.ts';
import { personColumns } from './person-row.ts';
import type { PersonRow } from './person-row.ts';

export interface PeopleFilter {
  /** Every word must occur in the name or the address. */
  words: string[];
  /** A whole address: also found by one the person had before. */
  email: string | null;
  person_ids: readonly number[] | null;
  status: string | null;
}

/** The row a page starts after: its sort value and id. */
export interface Position {
  value: string | number;
  person_id: number;
}

/** What each sort orders by, and the type its value is compared in. Those without index sort all people. */
const ORDERS: Record<PeopleSort, { by: RawBuilder<unknown>; type: RawBuilder<unknown> }> = {
  created: { by: sql`p.created_at`, type: sql`timestamptz` },
  name: { by: sql`lower(coalesce(p.name, p.email, ''))`, type: sql`text` },
  mrr: { by: sql`s.mrr_minor`, type: sql`bigint` },
  lifetime: { by: sql`s.lifetime_paid_minor`, type: sql`bigint` },
  status: {
    by: sql`array_position(${sql.lit(`{${STANDINGS.join(',')}}`)}::text[], s.subscription_status)`,
    type: sql`int`,
  },
};

export async function selectPeople(
  ctx: Context,
  filter: PeopleFilter,
  order: { sort: PeopleSort; descending: boolean; after: Position | null; limit: number },
): Promise<{ row: PersonRow; position: string | number }[]> {
  const { by, type } = ORDERS[order.sort];
  const direction = order.descending ? sql`desc` : sql`asc`;
  const beyond = order.descending ? sql`<` : sql`>`;
  const after = order.after
    ? sql`and (${by}, p.person_id) ${beyond} (${order.after.value}::${type}, ${order.after.person_id}::int)`
    : sql``;
  const { rows } = await sql<PersonRow & { position: string | number | Date }>`
    select ${personColumns}, ${by} as position
      from people p join person_state s on s.person_id = p.person_id
     where ${matches(filter)} ${after}
     order by ${by} ${direction}, p.person_id ${direction}
     limit ${order.limit}`.execute(ctx.db);
  return rows.map(({ position, ...row }) => ({
    row,
    position: position instanceof Date ? position.toISOString() : position,
  }));
}

export async function countMatches(ctx: Context, filter: PeopleFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from people p join person_state s on s.person_id = p.person_id
     where ${matches(filter)}`.execute(ctx.db);
  return rows[0]!.n;
}

function matches(filter: PeopleFilter): RawBuilder<unknown> {
  const parts = [sql`p.merged_into is null`];
  if (filter.status !== null) parts.push(sql`s.subscription_status = ${filter.status}`);
  if (filter.person_ids !== null) parts.push(sql`p.person_id = any(${filter.person_ids}::int[])`);
  const words = filter.words.map(
    (word) => sql`strpos(lower(concat_ws(' ', p.name, p.email)), ${word}) > 0`,
  );
  if (filter.email !== null) {
    const keyed = sql`p.person_id in (
      select person_id from person_keys where kind = 'email' and key = ${filter.email})`;
    parts.push(sql`(${keyed} or ${sql.join(words, sql` and `)})`);
  } else parts.push(...words);
  return sql.join(parts, sql` and `);
}

/**
 * The people behind an id of Stripe, whatever it is an id of. Ids are unique in all of Stripe, so
 * the prefix need not be understood.
 */
export async function findPeopleByStripeId(ctx: Context, id: string): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    with owners as (
      select source_id, id as customer from stripe.customers where id = ${id}
      union select source_id, customer from stripe.subscriptions where id = ${id}
      union select source_id, customer from stripe.subscription_items where id = ${id}
      union select source_id, customer from stripe.invoices where id = ${id}
      union select source_id, customer from stripe.invoice_line_items where id = ${id}
      union select source_id, customer from stripe.payment_intents where id = ${id}
      union select source_id, customer from stripe.charges where id = ${id}
      union select c.source_id, c.customer from stripe.refunds r
              join stripe.charges c on c.source_id = r.source_id and c.id = r.charge where r.id = ${id}
      union select i.source_id, i.customer from stripe.invoice_payments p
              join stripe.invoices i on i.source_id = p.source_id and i.id = p.invoice where p.id = ${id})
    select distinct k.person_id from person_keys k join owners o using (source_id, customer)
    union select person_id from person_keys where kind = 'customer' and customer = ${id}
  `.execute(ctx.db);
  return rows.map((row) => row.person_id);
}
