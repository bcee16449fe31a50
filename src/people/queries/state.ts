import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { STANDINGS } from '../definition.ts';

/**
 * The objects of the customer `k`, found through that customer alone (`offset 0` keeps it so). Left to
 * the planner, a table that has just grown is read whole for every person, since it still seems empty.
 */
const ownedBy = (table: 'customers' | 'subscriptions' | 'charges' | 'invoices') => sql`
  (select * from ${sql.table(`stripe.${table}`)} own
    where own.source_id = k.source_id and own.customer = k.customer offset 0)`;

export interface PersonMrr {
  person_id: number;
  mrr_minor: number;
  currency: string | null;
  plan: string | null;
}

/**
 * Name, address and country from the newest customer that still exists and has one; a person whose
 * customers are all deleted keeps what was known. Created when their first customer was.
 */
export async function updatePeople(tx: Context, person_ids: readonly number[]): Promise<void> {
  await sql`
    with owned as (
      select k.person_id, c.created_at, c.email, c.name,
             c.raw #>> '{address,country}' as country, c.deleted_at is null as lives
        from person_keys k cross join lateral ${ownedBy('customers')} as c
       where k.person_id = any(${person_ids}::int[])),
    facts as (
      select person_id, min(created_at) as created_at, bool_or(lives) as lives,
             (array_agg(trim(email) order by created_at desc) filter (where lives and trim(email) <> ''))[1] as email,
             (array_agg(name order by created_at desc) filter (where lives and name <> ''))[1] as name,
             (array_agg(country order by created_at desc) filter (where lives and country <> ''))[1] as country
        from owned group by person_id)
    update people p
       set email = case when f.lives then f.email else p.email end,
           name = case when f.lives then f.name else p.name end,
           country = case when f.lives then f.country else p.country end,
           created_at = coalesce(f.created_at, p.created_at),
           updated_at = ${tx.clock.now()}
      from facts f
     where p.person_id = f.person_id and p.merged_into is null
       and (p.email, p.name, p.country, p.created_at) is distinct from (
             case when f.lives then f.email else p.email end,
             case when f.lives then f.name else p.name end,
             case when f.lives then f.country else p.country end,
             coalesce(f.created_at, p.created_at))`.execute(tx.db);
}

/** Everything of person_state but MRR and plan. People who were merged lose their row. */
export async function upsertState(tx: Context, person_ids: readonly number[]): Promise<void> {
  await sql`
    delete from person_state s using people p
     where s.person_id = any(${person_ids}::int[]) and p.person_id = s.person_id
       and p.merged_into is not null`.execute(tx.db);
  await sql`
    with asked as (
      select person_id from people
       where person_id = any(${person_ids}::int[]) and merged_into is null),
    keys as (
      select person_id, source_id, customer from person_keys join asked using (person_id)
       where kind = 'customer'),
    subscriptions as (
      select k.person_id, s.status, s.currency, s.created_at, s.trial_end_at,
             array_position(${STANDINGS}::text[], s.status) as standing,
             case when s.status in ('active', 'trialing', 'past_due') and not s.cancel_at_period_end
                  then ${periodEnd} end as renews_at
        from keys k cross join lateral ${ownedBy('subscriptions')} as s
       where s.deleted_at is null),
    subscribed as (
      select person_id, (${STANDINGS}::text[])[min(standing)] as subscription_status,
             count(*) filter (where status = 'active') as active_subscriptions,
             count(*) filter (where status = 'trialing') as trialing_subscriptions,
             min(trial_end_at) filter (where status = 'trialing') as trial_ends_at,
             min(renews_at) as renews_at,
             bool_or(status in ('past_due', 'unpaid')) as owes,
             (array_agg(currency order by created_at desc))[1] as currency
        from subscriptions group by person_id),
    paid as (
      select k.person_id, min(c.created_at) as first_paid_at, max(c.created_at) as last_paid_at,
             (array_agg(c.currency order by c.created_at desc))[1] as currency
        from keys k cross join lateral ${ownedBy('charges')} as c
       where c.status = 'succeeded' and c.amount_minor > 0 and c.deleted_at is null
       group by k.person_id),
    owing as (
      select k.person_id, min(coalesce(i.due_at, i.created_at)) as since_at
        from keys k cross join lateral ${ownedBy('invoices')} as i
       where i.status = 'open' and i.amount_due_minor > i.amount_paid_minor and i.deleted_at is null
       group by k.person_id),
    customers as (
      select k.person_id, bool_or(c.delinquent and c.deleted_at is null) as owes,
             (array_agg(c.currency order by c.created_at desc) filter (where c.currency is not null))[1] as currency
        from keys k cross join lateral ${ownedBy('customers')} as c
       group by k.person_id)
    insert into person_state as state (person_id, subscription_status, currency, active_subscriptions,
      trialing_subscriptions, trial_ends_at, renews_at, first_paid_at, last_paid_at,
      delinquent_since_at, updated_at)
    select a.person_id, coalesce(s.subscription_status, 'none'),
           coalesce(p.currency, s.currency, c.currency),
           coalesce(s.active_subscriptions, 0), coalesce(s.trialing_subscriptions, 0),
           s.trial_ends_at, s.renews_at, p.first_paid_at, p.last_paid_at,
           case when s.owes or c.owes then o.since_at end, ${tx.clock.now()}
      from asked a
      left join subscribed s using (person_id)
      left join paid p using (person_id)
      left join owing o using (person_id)
      left join customers c using (person_id)
     order by a.person_id
    on conflict (person_id) do update set
      subscription_status = excluded.subscription_status,
      -- The currency of the MRR wins as long as there is one.
      currency = case when state.mrr_minor > 0 then state.currency else excluded.currency end,
      active_subscriptions = excluded.active_subscriptions,
      trialing_subscriptions = excluded.trialing_subscriptions,
      trial_ends_at = excluded.trial_ends_at,
      renews_at = excluded.renews_at,
      first_paid_at = excluded.first_paid_at,
      last_paid_at = excluded.last_paid_at,
      delinquent_since_at = excluded.delinquent_since_at,
      updated_at = excluded.updated_at`.execute(tx.db);
}

/** Items may renew on different days; the next of them, unless the subscription ends before. */
const periodEnd = sql`(
  select to_timestamp(min((item ->> 'current_period_end')::bigint))
    from jsonb_array_elements(s.raw #> '{items,data}') as item
  having coalesce((s.raw ->> 'cancel_at')::bigint > min((item ->> 'current_period_end')::bigint), true))`;

/**
 * What a person paid in the currency of their state: charges that went through, less what was given
 * back. Other currencies cannot be added without a rate and are left out.
 */
export async function updateLifetime(tx: Context, person_ids: readonly number[]): Promise<void> {
  await sql`
    with paid as (
      select k.person_id, c.currency, sum(c.amount_minor - c.amount_refunded_minor)::bigint as total_minor
        from person_keys k cross join lateral ${ownedBy('charges')} as c
       where k.person_id = any(${person_ids}::int[]) and c.status = 'succeeded' and c.deleted_at is null
       group by k.person_id, c.currency),
    lifetime as (
      select s.person_id, coalesce(p.total_minor, 0) as total_minor
        from person_state s left join paid p using (person_id, currency)
       where s.person_id = any(${person_ids}::int[]))
    update person_state s set lifetime_paid_minor = l.total_minor
      from lifetime l
     where s.person_id = l.person_id and s.lifetime_paid_minor <> l.total_minor`.execute(tx.db);
}

/** Writes MRR, its currency and plan. Answers whose currency that changed. */
export async function updateMrr(tx: Context, people: readonly PersonMrr[]): Promise<number[]> {
  const { rows } = await sql<{ person_id: number; turned: boolean }>`
    with given as (
      select person_id, round(mrr_minor)::bigint as mrr_minor, currency, plan
        from jsonb_to_recordset(${JSON.stringify(people)}::jsonb)
          as given(person_id int, mrr_minor numeric, currency text, plan text)),
    before as (select s.person_id, s.currency from person_state s join given using (person_id))
    update person_state s
       set mrr_minor = given.mrr_minor, plan = given.plan,
           currency = coalesce(given.currency, s.currency)
      from given join before using (person_id)
     where s.person_id = given.person_id
       and (s.mrr_minor, s.plan, s.currency) is distinct from
           (given.mrr_minor, given.plan, coalesce(given.currency, s.currency))
    returning s.person_id, s.currency is distinct from before.currency as turned`.execute(tx.db);
  return rows.filter((row) => row.turned).map((row) => row.person_id);
}
