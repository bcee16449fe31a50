-- owner: stripe. What caring for a connected account needs to remember: settings, checks, the secret that goes, the limit that is shared.

alter table sources
  add column if not exists include_test_clocks boolean not null default false,
  add column rate_share real not null default 1 check (rate_share between 0.05 and 1),  -- of the share of the whole installation
  add column webhook_previous_secret_sealed text,    -- of the endpoint that was replaced; its deliveries may still come
  add column webhook_previous_until timestamptz,     -- until when they are believed
  add column webhook_previous_endpoint_id text,      -- the endpoint that was replaced, while it still has to be removed
  add column address_check jsonb,                    -- {at, ok, sentence} of the last look at our own public address
  add column endpoint_seen_at timestamptz,           -- when Stripe was last asked how our endpoint is
  add column tails_read_at timestamptz,              -- when the ends of lists without events were last read
  add column tails_pending_at timestamptz,           -- when their unsettled objects were last read
  add column checked_at timestamptz,                 -- when the light check last ran
  add column removed_at timestamptz;                 -- removed by its owner, with something of it kept

-- A run after the first looks for what vanished from Stripe once its lists are read.
alter table sync_runs
  add column sweep jsonb not null default '{}';      -- {resource: last id looked at, or '' when done}

-- What the nightly light check found, newest 30 of each source.
create table source_checks (
  id         int generated always as identity primary key,
  source_id  int not null references sources (id) on delete cascade,
  at         timestamptz not null,
  reads      int not null,
  compared   int not null,
  missing    int not null,
  extra      int not null,
  different  int not null,
  repaired   int not null,
  sentence   text not null
);
create index source_checks_source on source_checks (source_id, id desc);

-- What went wrong with deliveries, hour by hour: refused at our door, or found by polling because they never came.
create table webhook_hours (
  source_id int not null references sources (id) on delete cascade,
  hour_at   timestamptz not null,
  refused   int not null default 0,
  missed    int not null default 0,
  primary key (source_id, hour_at)
);

-- Who uses a source's rate limit now. A row is a process that said so in the last seconds; losing it in a crash costs nothing.
create unlogged table limiter_shares (
  source_id  int not null,
  process_id text not null,
  demand     real not null,               -- requests a second it would send if it could
  seen_at    timestamptz not null,        -- by the database's clock, which is the same for all
  primary key (source_id, process_id)
);

-- The removal of a source: what to keep, which step is next, and what is gone so far. Outlives the source.
create table source_removals (
  source_id   int primary key,
  keep        text not null check (keep in ('everything', 'people', 'nothing')),
  step        text not null,              -- where to go on: 'people', 'events', a resource, 'marks/<last person>', 'connection'
  removed     jsonb not null default '{}',
  started_at  timestamptz not null,
  finished_at timestamptz
);
