-- owner: playbooks. Journeys as drawn, and one row for every person under way.

create table playbooks (
  id           int generated always as identity primary key,
  name         text not null,
  description  text not null default '',
  state        text not null default 'off' check (state in ('off', 'live', 'paused')),
  live_since   timestamptz,               -- only what happens from here on lets people in
  version      int not null default 1,    -- the version new runs follow
  template_key text unique,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  archived_at  timestamptz                -- out of the lists; runs of the past keep pointing here
);

create table playbook_versions (
  playbook_id int not null references playbooks (id) on delete cascade,
  version     int not null,
  definition  jsonb not null,
  created_at  timestamptz not null,
  primary key (playbook_id, version)
);

create table playbook_runs (
  id           text primary key,          -- hash of (playbook, entry activity): entering twice is one run, also after a merge
  playbook_id  int not null references playbooks (id) on delete cascade,
  version      int not null,
  person_id    int not null,
  state        text not null check (state in ('entered', 'waiting', 'asking', 'acting', 'finished', 'exited', 'failed')),
  node         text,                      -- the step the person is at; null before the first and after the last
  due_at       timestamptz,               -- when the machine must look at it next; null once it is over
  entered_at   timestamptz not null,
  finished_at  timestamptz,
  exit_reason  text,
  seq          int not null default 0,    -- lines of trace written so far
  context      jsonb not null default '{}' -- {entry: the activity that let the person in}
);
create index playbook_runs_due on playbook_runs (playbook_id, due_at) where due_at is not null;
create index playbook_runs_playbook on playbook_runs (playbook_id, entered_at desc, id desc);
create index playbook_runs_person on playbook_runs (person_id);

-- What happened to a run, step by step.
create table playbook_steps (
  run_id text not null references playbook_runs (id) on delete cascade,
  seq    int not null,
  at     timestamptz not null,
  node   text,
  what   text not null,
  detail jsonb not null default '{}',
  primary key (run_id, seq)
);
