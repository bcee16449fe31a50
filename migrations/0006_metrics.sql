-- owner: metrics. The MRR ledger: rate versions of each subscription item, and the movements they add up to.
-- Amounts are minor units with six decimals, summed exactly and rounded only for display.

create table mrr_versions (
  person_id       int not null,
  source_id       int not null,
  subscription_id text not null,
  item_id         text not null,
  seq             int not null,           -- order within the item
  price_id        text,
  product_id      text,
  quantity        numeric,
  currency        text not null,
  mrr_minor       numeric(24, 6) not null,
  from_at         timestamptz not null,
  until_at        timestamptz,            -- half-open; null while in force
  grade           text not null check (grade in ('A', 'B', 'C')),  -- A recorded time, B first billing evidence, C inferred
  rule            text not null,
  evidence        jsonb not null,         -- ids of invoice lines, subscriptions, events
  sentence        text not null,
  primary key (person_id, source_id, item_id, seq)
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table mrr_versions_%s partition of mrr_versions for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;

create table mrr_movements (
  person_id    int not null,
  on_date      date not null,             -- day in the account's time zone
  currency     text not null,
  kind         text not null check (kind in ('new', 'reactivation', 'expansion', 'contraction', 'churn')),
  amount_minor numeric(24, 6) not null,   -- signed
  mrr_after_minor numeric(24, 6) not null,
  reason       text not null,
  grade        text not null,
  parts        jsonb not null,            -- [{item_id, from_minor, to_minor, evidence, sentence}]
  primary key (person_id, on_date, currency)
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table mrr_movements_%s partition of mrr_movements for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;
create index mrr_movements_date on mrr_movements (on_date, currency) include (kind, amount_minor);

-- MRR as of each day is the running sum of these. Kept in the transaction that changes the movements.
create table mrr_days (
  on_date      date not null,
  currency     text not null,
  kind         text not null,
  amount_minor numeric(24, 6) not null,
  people       int not null,
  primary key (on_date, currency, kind)
);
