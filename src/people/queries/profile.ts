import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { personColumns } from './person-row.ts';
import type { PersonRow } from './person-row.ts';

export interface PersonState {
  subscription_status: string;
  plan: string | null;
  currency: string | null;
  mrr_minor: number;
  lifetime_paid_minor: number;
  active_subscriptions: number;
  trialing_subscriptions: number;
  trial_ends_at: Date | null;
  renews_at: Date | null;
  first_paid_at: Date | null;
  last_paid_at: Date | null;
  delinquent_since_at: Date | null;
}

export interface PersonCustomer {
  source_id: number;
  customer: string;
  email: string | null;
  name: string | null;
  phone: string | null;
  address: Record<string, string | null> | null;
  currency: string | null;
  /** As in Stripe: negative is credit, positive is owed. */
  balance_minor: number | null;
  delinquent: boolean | null;
  /** Preferred languages, most wanted first. */
  locales: string[];
  metadata: Record<string, string>;
  /** Null while only the customer's id is known. */
  created_at: Date | null;
  deleted_at: Date | null;
}

export interface PersonSubscription {
  source_id: number;
  id: string;
  customer: string;
  status: string;
  currency: string | null;
  /** Names of the products, joined by ' + '. */
  plan: string | null;
  /** What a period costs before discounts and tax; null when a price is tiered, metered or of another interval. */
  amount_minor: number | null;
  interval: string | null;
  interval_count: number | null;
  quantity: number | null;
  created_at: Date | null;
  trial_ends_at: Date | null;
  renews_at: Date | null;
  cancel_at_period_end: boolean;
  canceled_at: Date | null;
  ended_at: Date | null;
}

export interface PersonInvoice {
  source_id: number;
  id: string;
  customer: string;
  number: string | null;
  status: string | null;
  currency: string | null;
  total_minor: number | null;
  amount_due_minor: number | null;
  amount_paid_minor: number | null;
  hosted_invoice_url: string | null;
  created_at: Date | null;
  due_at: Date | null;
  paid_at: Date | null;
}

/** The person and their hot facts, or null. A person who was merged is answered as whom they became. */
export async function findPersonWithState(
  ctx: Context,
  person_id: number,
): Promise<{ person: PersonRow; state: PersonState } | null> {
  const { rows } = await sql<PersonRow & PersonState>`
    select ${personColumns}, s.active_subscriptions, s.trialing_subscriptions, s.renews_at,
           s.first_paid_at, s.delinquent_since_at
      from people p join person_state s on s.person_id = p.person_id
     where p.merged_into is null and p.person_id =
           (select coalesce(merged_into, person_id) from people where person_id = ${person_id})
  `.execute(ctx.db);
  const row = rows[0];
  if (!row) return null;
  const { active_subscriptions, trialing_subscriptions, renews_at, first_paid_at, ...rest } = row;
  const { delinquent_since_at, ...person } = rest;
  return {
    person,
    state: {
      subscription_status: row.subscription_status,
      plan: row.plan,
      currency: row.currency,
      mrr_minor: row.mrr_minor,
      lifetime_paid_minor: row.lifetime_paid_minor,
      active_subscriptions,
      trialing_subscriptions,
      trial_ends_at: row.trial_ends_at,
      renews_at,
      first_paid_at,
      last_paid_at: row.last_paid_at,
      delinquent_since_at,
    },
  };
}

/** Every address this person was ever known by. */
export async function listEmails(ctx: Context, person_id: number): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select key from person_keys where person_id = ${person_id} and kind = 'email' order by key
  `.execute(ctx.db);
  return rows.map((row) => row.key);
}

export async function listPersonCustomers(
  ctx: Context,
  person_id: number,
): Promise<PersonCustomer[]> {
  const { rows } = await sql<PersonCustomer>`
    select k.source_id, k.customer, c.email, c.name, c.raw ->> 'phone' as phone,
           c.raw -> 'address' as address, c.currency, (c.raw ->> 'balance')::bigint as balance_minor,
           c.delinquent, coalesce(c.raw -> 'preferred_locales', '[]') as locales,
           coalesce(c.raw -> 'metadata', '{}') as metadata, c.created_at, c.deleted_at
      from person_keys k
      left join stripe.customers c on c.source_id = k.source_id and c.id = k.customer
     where k.person_id = ${person_id} and k.kind = 'customer'
     order by c.deleted_at is not null, c.created_at desc nulls last, k.customer`.execute(ctx.db);
  return rows;
}

export async function listPersonSubscriptions(
  ctx: Context,
  person_id: number,
): Promise<PersonSubscription[]> {
  const { rows } = await sql<PersonSubscription>`
    select s.source_id, s.id, s.customer, s.status, s.currency, i.plan, i.amount_minor, i.interval,
           i.interval_count, i.quantity, s.created_at, s.trial_end_at as trial_ends_at,
           case when s.ended_at is null then i.renews_at end as renews_at,
           coalesce(s.cancel_at_period_end, false) as cancel_at_period_end, s.canceled_at, s.ended_at
      from person_keys k
      join stripe.subscriptions s on s.source_id = k.source_id and s.customer = k.customer
     cross join lateral (${itemFacts}) i
     where k.person_id = ${person_id} and k.kind = 'customer' and s.deleted_at is null
     order by s.ended_at is not null, s.created_at desc, s.id limit 200`.execute(ctx.db);
  return rows;
}

/** The items of one subscription as one line: names, sum and interval where they have one in common. */
const itemFacts = sql`
  select string_agg(distinct coalesce(p.name, item #>> '{price,nickname}', item #>> '{price,id}'), ' + ') as plan,
         case when bool_and(item #>> '{price,unit_amount}' is not null
                            and coalesce(item #>> '{price,recurring,usage_type}', 'licensed') = 'licensed')
               and count(distinct concat_ws(' ', item #>> '{price,recurring,interval_count}', item #>> '{price,recurring,interval}')) = 1
              then sum((item #>> '{price,unit_amount}')::bigint * coalesce((item ->> 'quantity')::bigint, 1))::bigint
         end as amount_minor,
         min(item #>> '{price,recurring,interval}') as interval,
         min((item #>> '{price,recurring,interval_count}')::int) as interval_count,
         sum((item ->> 'quantity')::bigint)::bigint as quantity,
         to_timestamp(min((item ->> 'current_period_end')::bigint)) as renews_at
    from jsonb_array_elements(s.raw #> '{items,data}') as item
    left join stripe.products p on p.source_id = s.source_id and p.id = item #>> '{price,product}'`;

/** The latest invoices, drafts included. */
export async function listPersonInvoices(
  ctx: Context,
  person_id: number,
  limit: number,
): Promise<PersonInvoice[]> {
  const { rows } = await sql<PersonInvoice>`
    select i.source_id, i.id, i.customer, i.number, i.status, i.currency, i.total_minor,
           i.amount_due_minor, i.amount_paid_minor, i.raw ->> 'hosted_invoice_url' as hosted_invoice_url,
           i.created_at, i.due_at, i.paid_at
      from person_keys k
      join stripe.invoices i on i.source_id = k.source_id and i.customer = k.customer
     where k.person_id = ${person_id} and k.kind = 'customer' and i.deleted_at is null
     order by i.created_at desc, i.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}
