-- owner: stripe. The connection to a Stripe account and the state of its first sync.

create table sources (
  id                     int generated always as identity primary key,
  name                   text not null,
  account_id             text,
  mode                   text not null check (mode in ('live', 'test')),
  time_zone              text not null default 'UTC',
  default_currency       text,
  state                  text not null,   -- connecting | permission_missing | webhook_full | syncing | live | degraded | key_revoked | paused | disconnected
  state_detail           jsonb not null default '{}',
  key_sealed             text not null,   -- AES-256-GCM, never leaves the stripe room
  key_hint               text not null,   -- 'rk_test_…4f2a' for the screen
  permissions            jsonb not null default '{}',
  webhook_path           text not null unique,  -- unguessable part of the public address
  webhook_endpoint_id    text,
  webhook_secret_sealed  text,
  history_cutoff_at      timestamptz not null,  -- activities before this instant are history: they start nothing
  last_event_at          timestamptz,     -- created of the newest event seen
  last_webhook_at        timestamptz,     -- when a webhook last arrived
  events_polled_until    timestamptz,     -- /v1/events is complete up to here
  connected_at           timestamptz not null,
  updated_at             timestamptz not null
);

create table sync_runs (
  id          int generated always as identity primary key,
  source_id   int not null references sources (id) on delete cascade,
  state       text not null check (state in ('running', 'complete', 'failed', 'cancelled')),
  started_at  timestamptz not null,
  finished_at timestamptz,
  requests    bigint not null default 0,
  rate_limited bigint not null default 0
);
create index sync_runs_source on sync_runs (source_id, id desc);

-- One row per piece of a list that is fetched page by page. A run is complete only when every range is done.
create table sync_ranges (
  id         bigint generated always as identity primary key,
  run_id     int not null references sync_runs (id) on delete cascade,
  source_id  int not null,
  resource   text not null,
  phase      smallint not null,           -- 1: the last 90 days and all small lists, 2: the rest of history
  parent     text,                        -- for lists that hang off an object (lines of one invoice)
  from_at    timestamptz,
  until_at   timestamptz,
  cursor     text,                        -- id of the last object stored; the next page starts after it
  pages      int not null default 0,
  objects    int not null default 0,
  done_at    timestamptz,
  error      jsonb,                       -- {code, message, request_id, at} of the last failed try
  attempts   int not null default 0
);
create index sync_ranges_open on sync_ranges (run_id, phase, resource) where done_at is null;
create index sync_ranges_run on sync_ranges (run_id, resource);
