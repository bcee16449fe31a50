-- owner: objects, stripe, activities. Every other resource a subscription business has, in the way of 0003; what a sync may not read or
-- reads in a lane of its own; customers on test clocks; new activity types.

create table stripe.plans (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  product text generated always as (raw->>'product') stored,
  active boolean generated always as ((raw->>'active')::boolean) stored,
  nickname text generated always as (raw->>'nickname') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  recurring_interval text generated always as (raw->>'interval') stored,
  recurring_interval_count int generated always as ((raw->>'interval_count')::int) stored,
  usage_type text generated always as (raw->>'usage_type') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.promotion_codes (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  code text generated always as (raw->>'code') stored,
  active boolean generated always as ((raw->>'active')::boolean) stored,
  coupon text generated always as (coalesce(raw#>>'{promotion,coupon}', raw#>>'{coupon,id}')) stored,
  times_redeemed bigint generated always as ((raw->>'times_redeemed')::bigint) stored,
  max_redemptions bigint generated always as ((raw->>'max_redemptions')::bigint) stored,
  expires_at timestamptz generated always as (to_timestamp((raw->>'expires_at')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index promotion_codes_customer on stripe.promotion_codes (source_id, customer);

create table stripe.subscription_schedules (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  subscription text generated always as (raw->>'subscription') stored,
  status text generated always as (raw->>'status') stored,
  phase_start_at timestamptz generated always as (to_timestamp((raw#>>'{current_phase,start_date}')::double precision)) stored,
  phase_end_at timestamptz generated always as (to_timestamp((raw#>>'{current_phase,end_date}')::double precision)) stored,
  canceled_at timestamptz generated always as (to_timestamp((raw->>'canceled_at')::double precision)) stored,
  completed_at timestamptz generated always as (to_timestamp((raw->>'completed_at')::double precision)) stored,
  released_at timestamptz generated always as (to_timestamp((raw->>'released_at')::double precision)) stored,
  test_clock text generated always as (raw->>'test_clock') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index subscription_schedules_customer on stripe.subscription_schedules (source_id, customer);
create index subscription_schedules_subscription on stripe.subscription_schedules (source_id, subscription);

create table stripe.invoice_items (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'date')::double precision)) stored,   -- Stripe calls it `date`
  invoice text generated always as (raw->>'invoice') stored,
  subscription text generated always as (raw#>>'{parent,subscription_details,subscription}') stored,
  price text generated always as (raw#>>'{pricing,price_details,price}') stored,
  product text generated always as (raw#>>'{pricing,price_details,product}') stored,
  description text generated always as (raw->>'description') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  quantity bigint generated always as ((raw->>'quantity')::bigint) stored,
  proration boolean generated always as ((raw->>'proration')::boolean) stored,
  period_start_at timestamptz generated always as (to_timestamp((raw#>>'{period,start}')::double precision)) stored,
  period_end_at timestamptz generated always as (to_timestamp((raw#>>'{period,end}')::double precision)) stored,
  test_clock text generated always as (raw->>'test_clock') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index invoice_items_customer on stripe.invoice_items (source_id, customer);
create index invoice_items_invoice on stripe.invoice_items (source_id, invoice);

create table stripe.credit_notes (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  number text generated always as (raw->>'number') stored,
  invoice text generated always as (raw->>'invoice') stored,
  status text generated always as (raw->>'status') stored,
  reason text generated always as (raw->>'reason') stored,
  type text generated always as (raw->>'type') stored,
  currency text generated always as (raw->>'currency') stored,
  total_minor bigint generated always as ((raw->>'total')::bigint) stored,
  subtotal_minor bigint generated always as ((raw->>'subtotal')::bigint) stored,
  voided_at timestamptz generated always as (to_timestamp((raw->>'voided_at')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index credit_notes_customer on stripe.credit_notes (source_id, customer);
create index credit_notes_invoice on stripe.credit_notes (source_id, invoice);

create table stripe.credit_note_line_items (
  source_id    int not null,
  id           text not null,
  customer     text,                       -- of the credit note; the nested object does not carry it
  created_at   timestamptz,                -- of the credit note
  credit_note  text,                       -- whose line it is
  invoice_line_item text generated always as (raw->>'invoice_line_item') stored,
  type text generated always as (raw->>'type') stored,
  description text generated always as (raw->>'description') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  quantity bigint generated always as ((raw->>'quantity')::bigint) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index credit_note_line_items_customer on stripe.credit_note_line_items (source_id, customer);
create index credit_note_line_items_credit_note on stripe.credit_note_line_items (source_id, credit_note);

create table stripe.setup_intents (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  usage text generated always as (raw->>'usage') stored,
  payment_method text generated always as (raw->>'payment_method') stored,
  error_code text generated always as (raw#>>'{last_setup_error,code}') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index setup_intents_customer on stripe.setup_intents (source_id, customer);

create table stripe.checkout_sessions (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  payment_status text generated always as (raw->>'payment_status') stored,
  mode text generated always as (raw->>'mode') stored,
  email text generated always as (raw#>>'{customer_details,email}') stored,
  subscription text generated always as (raw->>'subscription') stored,
  invoice text generated always as (raw->>'invoice') stored,
  payment_intent text generated always as (raw->>'payment_intent') stored,
  payment_link text generated always as (raw->>'payment_link') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_total_minor bigint generated always as ((raw->>'amount_total')::bigint) stored,
  expires_at timestamptz generated always as (to_timestamp((raw->>'expires_at')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index checkout_sessions_customer on stripe.checkout_sessions (source_id, customer);
create index checkout_sessions_subscription on stripe.checkout_sessions (source_id, subscription);

create table stripe.balance_transactions (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  type text generated always as (raw->>'type') stored,
  reporting_category text generated always as (raw->>'reporting_category') stored,
  status text generated always as (raw->>'status') stored,
  source text generated always as (raw->>'source') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  fee_minor bigint generated always as ((raw->>'fee')::bigint) stored,
  net_minor bigint generated always as ((raw->>'net')::bigint) stored,
  exchange_rate numeric generated always as ((raw->>'exchange_rate')::numeric) stored,
  available_at timestamptz generated always as (to_timestamp((raw->>'available_on')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index balance_transactions_source on stripe.balance_transactions (source_id, source);

create table stripe.payouts (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  type text generated always as (raw->>'type') stored,
  method text generated always as (raw->>'method') stored,
  automatic boolean generated always as ((raw->>'automatic')::boolean) stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  arrival_at timestamptz generated always as (to_timestamp((raw->>'arrival_date')::double precision)) stored,
  balance_transaction text generated always as (raw->>'balance_transaction') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.tax_rates (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  display_name text generated always as (raw->>'display_name') stored,
  active boolean generated always as ((raw->>'active')::boolean) stored,
  inclusive boolean generated always as ((raw->>'inclusive')::boolean) stored,
  percentage numeric generated always as ((raw->>'percentage')::numeric) stored,
  tax_type text generated always as (raw->>'tax_type') stored,
  country text generated always as (raw->>'country') stored,
  state text generated always as (raw->>'state') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.quotes (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  number text generated always as (raw->>'number') stored,
  status text generated always as (raw->>'status') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_total_minor bigint generated always as ((raw->>'amount_total')::bigint) stored,
  subscription text generated always as (raw->>'subscription') stored,
  invoice text generated always as (raw->>'invoice') stored,
  expires_at timestamptz generated always as (to_timestamp((raw->>'expires_at')::double precision)) stored,
  accepted_at timestamptz generated always as (to_timestamp((raw#>>'{status_transitions,accepted_at}')::double precision)) stored,
  finalized_at timestamptz generated always as (to_timestamp((raw#>>'{status_transitions,finalized_at}')::double precision)) stored,
  test_clock text generated always as (raw->>'test_clock') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index quotes_customer on stripe.quotes (source_id, customer);

create table stripe.disputes (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  reason text generated always as (raw->>'reason') stored,
  charge text generated always as (raw->>'charge') stored,
  payment_intent text generated always as (raw->>'payment_intent') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  evidence_due_at timestamptz generated always as (to_timestamp((raw#>>'{evidence_details,due_by}')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index disputes_charge on stripe.disputes (source_id, charge);

create table stripe.payment_methods (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  type text generated always as (raw->>'type') stored,
  card_brand text generated always as (raw#>>'{card,brand}') stored,
  card_last4 text generated always as (raw#>>'{card,last4}') stored,
  card_exp_year int generated always as ((raw#>>'{card,exp_year}')::int) stored,
  card_exp_month int generated always as ((raw#>>'{card,exp_month}')::int) stored,
  card_funding text generated always as (raw#>>'{card,funding}') stored,
  card_country text generated always as (raw#>>'{card,country}') stored,
  email text generated always as (raw#>>'{billing_details,email}') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index payment_methods_customer on stripe.payment_methods (source_id, customer);

create table stripe.tax_ids (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  type text generated always as (raw->>'type') stored,
  value text generated always as (raw->>'value') stored,
  country text generated always as (raw->>'country') stored,
  verification_status text generated always as (raw#>>'{verification,status}') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index tax_ids_customer on stripe.tax_ids (source_id, customer);

create view stripe.invoiceitems as select * from stripe.invoice_items;   -- Stripe's own spelling of its path

-- Objects of customers on a test clock tell so themselves where Stripe says it.
alter table stripe.customers     add column test_clock text generated always as (raw->>'test_clock') stored;
alter table stripe.subscriptions add column test_clock text generated always as (raw->>'test_clock') stored;
alter table stripe.invoices      add column test_clock text generated always as (raw->>'test_clock') stored;
create index customers_test_clock on stripe.customers (source_id, id) where test_clock is not null;

alter table sources
  add column include_test_clocks boolean not null default false,   -- whether customers on test clocks become people
  add column permission_probed_at timestamptz;                     -- when a permission that was missing was last tried again

alter table sync_runs
  add column lane text not null default 'main';    -- payment_methods walk beside the main run, as slowly as it takes

alter table sync_ranges
  add column skipped text;                          -- the permission the key lacks, or 'not_offered': nothing was read, nothing is wrong

-- The same list as src/activities/definition.ts; a test compares them. Ids are never given out twice.
insert into activity_types (id, name) values
  (16, 'dispute_opened'),
  (17, 'dispute_closed'),
  (18, 'invoice_overdue'),
  (19, 'past_due'),
  (20, 'credit_note'),
  (21, 'checkout_completed');

-- Views for people and BI tools; docs/sql.md explains them. Amounts are in minor units of their currency. What was deleted in Stripe
-- and what runs on a test clock is left out.

-- Every item of every subscription that has not ended, with names, and what it is worth a month before discounts and tax.
create view stripe.current_subscriptions as
select s.source_id, s.id as subscription, i.id as subscription_item, s.customer, c.email, c.name as customer_name, s.status,
       i.product, d.name as product_name, i.price, p.raw->>'nickname' as price_name, i.quantity, p.currency, p.unit_amount_minor,
       p.recurring_interval, p.recurring_interval_count,
       round(p.unit_amount_minor * coalesce(i.quantity, 1) / (p.recurring_interval_count * case p.recurring_interval
         when 'day' then 12 / 365.25 when 'week' then 84 / 365.25 when 'month' then 1 when 'year' then 12 end), 2) as per_month_minor,
       s.created_at, s.trial_end_at, to_timestamp((i.raw->>'current_period_end')::double precision) as period_end_at,
       s.cancel_at_period_end, s.canceled_at
  from stripe.subscriptions s
  join stripe.subscription_items i on i.source_id = s.source_id and i.subscription = s.id and i.deleted_at is null
  left join stripe.customers c on c.source_id = s.source_id and c.id = s.customer
  left join stripe.prices p on p.source_id = s.source_id and p.id = i.price
  left join stripe.products d on d.source_id = s.source_id and d.id = i.product
 where s.deleted_at is null and s.test_clock is null and s.status in ('trialing', 'active', 'past_due', 'unpaid', 'paused');

-- Every paid invoice, with who paid and what was credited of it since.
create view stripe.paid_invoices as
select v.source_id, v.id as invoice, v.number, v.customer, c.email, c.name as customer_name, v.subscription,
       v.raw->>'billing_reason' as billing_reason, v.currency, v.total_minor, v.amount_paid_minor,
       coalesce(n.credited_minor, 0) as credited_minor, v.created_at, v.paid_at
  from stripe.invoices v
  left join stripe.customers c on c.source_id = v.source_id and c.id = v.customer
  left join lateral (select sum(total_minor)::bigint as credited_minor from stripe.credit_notes
                      where source_id = v.source_id and invoice = v.id and deleted_at is null and status = 'issued') n on true
 where v.deleted_at is null and v.test_clock is null and v.status = 'paid';

-- Every line of every invoice that was issued, with the names of what was sold.
create view stripe.invoiced_lines as
select l.source_id, l.id as line, l.invoice, v.number, v.status, l.customer, c.email, l.subscription, l.product, d.name as product_name,
       l.price, p.raw->>'nickname' as price_name, l.raw->>'description' as description, l.quantity, l.currency, l.amount_minor,
       coalesce((l.raw#>>'{parent,subscription_item_details,proration}')::boolean,
                (l.raw#>>'{parent,invoice_item_details,proration}')::boolean, false) as proration,
       l.period_start_at, l.period_end_at, v.created_at, v.paid_at
  from stripe.invoice_line_items l
  join stripe.invoices v on v.source_id = l.source_id and v.id = l.invoice and v.deleted_at is null
  left join stripe.customers c on c.source_id = l.source_id and c.id = l.customer
  left join stripe.prices p on p.source_id = l.source_id and p.id = l.price
  left join stripe.products d on d.source_id = l.source_id and d.id = l.product
 where l.deleted_at is null and v.test_clock is null and v.status <> 'draft';

-- Every charge, with the invoice it paid, the fee Stripe took, and what came of it.
create view stripe.payments as
select h.source_id, h.id as charge, h.customer, c.email, b.invoice, h.status, h.currency, h.amount_minor, h.amount_refunded_minor,
       h.failure_code, h.raw#>>'{outcome,reason}' as decline_code, h.raw#>>'{payment_method_details,type}' as method,
       h.raw#>>'{payment_method_details,card,brand}' as card_brand, t.fee_minor, t.net_minor, t.currency as settled_currency,
       t.available_at, w.id as dispute, w.status as dispute_status, h.created_at
  from stripe.charges h
  left join stripe.customers c on c.source_id = h.source_id and c.id = h.customer
  left join lateral (select invoice from stripe.invoice_payments
                      where source_id = h.source_id and payment_intent = h.payment_intent and deleted_at is null limit 1) b on true
  left join stripe.balance_transactions t on t.source_id = h.source_id and t.id = h.raw->>'balance_transaction'
  left join lateral (select id, status from stripe.disputes
                      where source_id = h.source_id and charge = h.id order by created_at desc limit 1) w on true
 where h.deleted_at is null and c.test_clock is null;

-- Cards that customers have on file, with the day they expire (the last of their month).
create view stripe.cards as
select m.source_id, m.id as payment_method, m.customer, c.email, m.card_brand, m.card_last4, m.card_funding, m.card_country,
       (make_date(m.card_exp_year, m.card_exp_month, 1) + interval '1 month - 1 day')::date as expires_on,
       m.id = c.raw#>>'{invoice_settings,default_payment_method}' as is_default
  from stripe.payment_methods m
  join stripe.customers c on c.source_id = m.source_id and c.id = m.customer and c.deleted_at is null
 where m.deleted_at is null and m.type = 'card' and c.test_clock is null;
