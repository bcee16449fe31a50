-- owner: stripe, objects. What following an account by polling and showing its progress need to remember.

alter table sources
  add column next_poll_at timestamptz,               -- when /v1/events is to be asked again
  add column idle_polls   int not null default 0,    -- polls in a row that brought nothing new
  add column poll_reads   int not null default 0,    -- requests spent on polling since poll_reads_since
  add column poll_reads_since timestamptz;

alter table sync_runs
  add column busy_ms bigint not null default 0;      -- time really spent on the run; pauses and restarts do not count

alter table sync_ranges
  add column reached_at timestamptz;                 -- created of the last object stored: everything newer in the range is there

create index events_failed on stripe.events (source_id) where error is not null;
