-- owner: objects. Stripe's objects as they are now, one table a resource under Stripe's own name, pleasant for anyone's SQL.
-- `raw` is the object as Stripe sent it; every other typed column is computed from it by the database, so they cannot disagree.
-- version_at is the instant the row shows: an event's `created`, or the start of the request that fetched it. deleted_at is a tombstone:
-- a deleted object stays as a row, so that a late update cannot bring it back.

create schema if not exists stripe;

create table stripe.customers (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'id') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  email text generated always as (raw->>'email') stored,
  name text generated always as (raw->>'name') stored,
  currency text generated always as (raw->>'currency') stored,
  delinquent boolean generated always as ((raw->>'delinquent')::boolean) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index customers_customer on stripe.customers (source_id, customer);

create table stripe.products (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  name text generated always as (raw->>'name') stored,
  active boolean generated always as ((raw->>'active')::boolean) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.prices (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  product text generated always as (raw->>'product') stored,
  active boolean generated always as ((raw->>'active')::boolean) stored,
  currency text generated always as (raw->>'currency') stored,
  unit_amount_minor bigint generated always as ((raw->>'unit_amount')::bigint) stored,
  recurring_interval text generated always as (raw#>>'{recurring,interval}') stored,
  recurring_interval_count int generated always as ((raw#>>'{recurring,interval_count}')::int) stored,
  usage_type text generated always as (raw#>>'{recurring,usage_type}') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.coupons (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  name text generated always as (raw->>'name') stored,
  duration text generated always as (raw->>'duration') stored,
  percent_off numeric generated always as ((raw->>'percent_off')::numeric) stored,
  amount_off_minor bigint generated always as ((raw->>'amount_off')::bigint) stored,
  currency text generated always as (raw->>'currency') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.subscriptions (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  currency text generated always as (raw->>'currency') stored,
  start_at timestamptz generated always as (to_timestamp((raw->>'start_date')::double precision)) stored,
  trial_start_at timestamptz generated always as (to_timestamp((raw->>'trial_start')::double precision)) stored,
  trial_end_at timestamptz generated always as (to_timestamp((raw->>'trial_end')::double precision)) stored,
  cancel_at_period_end boolean generated always as ((raw->>'cancel_at_period_end')::boolean) stored,
  canceled_at timestamptz generated always as (to_timestamp((raw->>'canceled_at')::double precision)) stored,
  ended_at timestamptz generated always as (to_timestamp((raw->>'ended_at')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index subscriptions_customer on stripe.subscriptions (source_id, customer);

create table stripe.subscription_items (
  source_id    int not null,
  id           text not null,
  customer     text,                       -- of the parent object; the nested object does not carry it
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  subscription text generated always as (raw->>'subscription') stored,
  price text generated always as (raw#>>'{price,id}') stored,
  product text generated always as (raw#>>'{price,product}') stored,
  quantity bigint generated always as ((raw->>'quantity')::bigint) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index subscription_items_customer on stripe.subscription_items (source_id, customer);

create table stripe.invoices (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  number text generated always as (raw->>'number') stored,
  status text generated always as (raw->>'status') stored,
  subscription text generated always as (raw#>>'{parent,subscription_details,subscription}') stored,
  currency text generated always as (raw->>'currency') stored,
  total_minor bigint generated always as ((raw->>'total')::bigint) stored,
  amount_due_minor bigint generated always as ((raw->>'amount_due')::bigint) stored,
  amount_paid_minor bigint generated always as ((raw->>'amount_paid')::bigint) stored,
  due_at timestamptz generated always as (to_timestamp((raw->>'due_date')::double precision)) stored,
  paid_at timestamptz generated always as (to_timestamp((raw#>>'{status_transitions,paid_at}')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index invoices_customer on stripe.invoices (source_id, customer);

create table stripe.invoice_line_items (
  source_id    int not null,
  id           text not null,
  customer     text,                       -- of the parent object; the nested object does not carry it
  created_at   timestamptz,                -- of the invoice
  invoice text generated always as (raw->>'invoice') stored,
  subscription text generated always as (coalesce(raw#>>'{parent,subscription_item_details,subscription}', raw#>>'{parent,invoice_item_details,subscription}', raw->>'subscription')) stored,
  subscription_item text generated always as (raw#>>'{parent,subscription_item_details,subscription_item}') stored,
  price text generated always as (raw#>>'{pricing,price_details,price}') stored,
  product text generated always as (raw#>>'{pricing,price_details,product}') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  quantity bigint generated always as ((raw->>'quantity')::bigint) stored,
  period_start_at timestamptz generated always as (to_timestamp((raw#>>'{period,start}')::double precision)) stored,
  period_end_at timestamptz generated always as (to_timestamp((raw#>>'{period,end}')::double precision)) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index invoice_line_items_customer on stripe.invoice_line_items (source_id, customer);

create table stripe.invoice_payments (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  invoice text generated always as (raw->>'invoice') stored,
  status text generated always as (raw->>'status') stored,
  payment_intent text generated always as (raw#>>'{payment,payment_intent}') stored,
  charge text generated always as (raw#>>'{payment,charge}') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_paid_minor bigint generated always as ((raw->>'amount_paid')::bigint) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create table stripe.payment_intents (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  latest_charge text generated always as (raw->>'latest_charge') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index payment_intents_customer on stripe.payment_intents (source_id, customer);

create table stripe.charges (
  source_id    int not null,
  id           text not null,
  customer     text generated always as (raw->>'customer') stored,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  amount_refunded_minor bigint generated always as ((raw->>'amount_refunded')::bigint) stored,
  payment_intent text generated always as (raw->>'payment_intent') stored,
  failure_code text generated always as (raw->>'failure_code') stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);
create index charges_customer on stripe.charges (source_id, customer);

create table stripe.refunds (
  source_id    int not null,
  id           text not null,
  created_at   timestamptz generated always as (to_timestamp((raw->>'created')::double precision)) stored,
  status text generated always as (raw->>'status') stored,
  charge text generated always as (raw->>'charge') stored,
  payment_intent text generated always as (raw->>'payment_intent') stored,
  currency text generated always as (raw->>'currency') stored,
  amount_minor bigint generated always as ((raw->>'amount')::bigint) stored,
  raw          jsonb not null,
  version_at   timestamptz not null,
  version_kind text not null check (version_kind in ('event', 'fetch')),
  synced_at    timestamptz not null,
  deleted_at   timestamptz,
  primary key (source_id, id)
);

create index subscription_items_subscription on stripe.subscription_items (source_id, subscription);
create index invoices_subscription on stripe.invoices (source_id, subscription);
create index invoice_line_items_invoice on stripe.invoice_line_items (source_id, invoice);
create index invoice_payments_invoice on stripe.invoice_payments (source_id, invoice);
create index invoice_payments_intent on stripe.invoice_payments (source_id, payment_intent);
create index charges_intent on stripe.charges (source_id, payment_intent);
create index refunds_charge on stripe.refunds (source_id, charge);

-- Every event ever received, kept for good (Stripe forgets after 30 days). It is also the queue of events still to be applied.
create table stripe.events (
  source_id    int not null,
  id           text not null,
  type         text not null,
  created_at   timestamptz not null,
  object_id    text,
  origin       text not null check (origin in ('webhook', 'poll', 'backfill')),
  received_at  timestamptz not null,
  processed_at timestamptz,
  attempts     int not null default 0,
  error        text,
  raw          jsonb not null,
  primary key (source_id, id)
);
create index events_waiting on stripe.events (source_id, created_at, id) where processed_at is null;
create index events_created on stripe.events (source_id, created_at desc);
create index events_object on stripe.events (source_id, object_id, created_at);
