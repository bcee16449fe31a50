-- owner: activities. What happened, append-only. The row is narrow; its attributes are a side table.
-- id is the first 52 bits of a hash (exact in a JSON number) of the activity's deterministic key, so that saying the same thing twice adds nothing.

create table activity_types (
  id   smallint primary key,
  name text not null unique
);
-- The same list as src/activities/definition.ts; a test compares them. Ids are never given out twice.
insert into activity_types (id, name) values
  (1, 'charge'),
  (2, 'invoice'),
  (3, 'new_trial'),
  (4, 'trial_cancelled'),
  (5, 'trial_expired'),
  (6, 'subscription_change'),
  (7, 'subscription_cancelled'),
  (8, 'subscription_started'),
  (9, 'trial_converted'),
  (10, 'payment_failed'),
  (11, 'payment_recovered'),
  (12, 'invoice_paid'),
  (13, 'refund'),
  (14, 'email_sent'),
  (15, 'email_failed');

create table activities (
  occurred_at  timestamptz not null,
  id           bigint not null,
  person_id    int not null,
  type         smallint not null,
  amount_minor bigint,
  currency     text,
  recorded_at  timestamptz not null,
  primary key (person_id, id)
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table activities_%s partition of activities for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;
create index activities_type_person on activities (type, person_id, occurred_at) include (amount_minor);
create index activities_type_at on activities (type, occurred_at) include (person_id, amount_minor);
create index activities_person_at on activities (person_id, occurred_at desc, id desc);
create index activities_at on activities (occurred_at desc);

create table activity_payloads (
  person_id  int not null,
  id         bigint not null,
  source_id  int,
  object_id  text,                        -- the Stripe object it is about
  attributes jsonb not null,
  primary key (person_id, id)
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table activity_payloads_%s partition of activity_payloads for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;

-- Kept at write time, so that lifetime counts and sums need no raw rows.
create table person_activity_totals (
  person_id    int not null,
  type         smallint not null,
  currency     text not null default '',
  n            int not null,
  total_minor  bigint not null,
  first_at     timestamptz not null,
  last_at      timestamptz not null,
  primary key (person_id, type, currency)
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table person_activity_totals_%s partition of person_activity_totals for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;

