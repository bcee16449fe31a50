-- owner: access. Who may sign in, what they did, and the settings of this installation.

create table users (
  id            text primary key,
  email         text not null,
  name          text not null,
  password_hash text not null,
  role          text not null check (role in ('owner', 'member')),
  created_at    timestamptz not null
);
create unique index users_email on users (lower(email));

create table sessions (
  token_hash bytea primary key,           -- sha-256 of the cookie's token; the token itself is never stored
  user_id    text not null references users (id) on delete cascade,
  csrf_token text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_user on sessions (user_id);

create table audit_log (
  id      bigint generated always as identity primary key,
  at      timestamptz not null,
  user_id text,
  action  text not null,                  -- 'source.connected', 'playbook.switched_on', …
  subject text,
  detail  jsonb not null default '{}'
);
create index audit_log_at on audit_log (at desc);

create table settings (
  key   text primary key,                 -- 'workspace_name', 'time_zone', 'reporting_currency', …
  value jsonb not null
);
