-- owner: people. Who the data is about. Everything keyed by a person is hash-partitioned by person_id into 16, alike.

create sequence person_ids as int;

create table people (
  person_id     int not null primary key,
  email         text,
  name          text,
  country       text,
  created_at    timestamptz not null,     -- first seen as a customer, by Stripe's clock
  updated_at    timestamptz not null,
  merged_into   int                       -- set when this person turned out to be another; the row stays for undo
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table people_%s partition of people for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;
create index people_email on people (lower(email));
create index people_created on people (created_at desc, person_id desc);
create index people_sort_name on people (lower(coalesce(name, email, '')), person_id);
create index people_merged on people (merged_into) where merged_into is not null;

-- External id -> person. Not partitioned: it is how a person_id is found. Its unique key is also what two transactions that meet the
-- same new customer wait for.
create table person_keys (
  kind      text not null check (kind in ('customer', 'email')),
  key       text not null,                -- '<source_id>/<cus_…>' or the lower-cased address
  person_id int not null,
  source_id int  generated always as (case when kind = 'customer' then split_part(key, '/', 1)::int end) stored,
  customer  text generated always as (case when kind = 'customer' then substr(key, strpos(key, '/') + 1) end) stored,
  primary key (kind, key)
);
create index person_keys_person on person_keys (person_id);
create index person_keys_source on person_keys (source_id, person_id) where source_id is not null;

-- One narrow row of hot facts a person, recomputed from objects whenever the person is looked at again.
create table person_state (
  person_id              int not null primary key,
  subscription_status    text not null,   -- none | trialing | active | past_due | unpaid | paused | canceled | incomplete
  plan                   text,            -- name of the product with the largest MRR
  currency               text,
  mrr_minor              bigint not null default 0,
  lifetime_paid_minor    bigint not null default 0,
  active_subscriptions   smallint not null default 0,
  trialing_subscriptions smallint not null default 0,
  trial_ends_at          timestamptz,
  renews_at              timestamptz,
  first_paid_at          timestamptz,
  last_paid_at           timestamptz,
  delinquent_since_at    timestamptz,
  updated_at             timestamptz not null
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table person_state_%s partition of person_state for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;
create index person_state_mrr on person_state (mrr_minor desc, person_id desc);
create index person_state_paid on person_state (lifetime_paid_minor desc, person_id desc);

-- The people to look at again. Whoever changes something about a person appends a row in the same transaction; a worker takes rows in
-- batches and the row goes with the transaction that did the work. A person who is waiting already is not appended again.
create table person_marks (
  id        bigint generated always as identity primary key,
  person_id int not null,
  marked_at timestamptz not null
);
create index person_marks_person on person_marks (person_id);
