-- owner: reports.
create table dashboards (
  id           int generated always as identity primary key,
  name         text not null,
  description  text not null default '',
  tiles        jsonb not null,
  template_key text unique,
  created_at   timestamptz not null,
  updated_at   timestamptz not null
);
