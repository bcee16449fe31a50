-- owner: audiences. A definition, who matches it (as intervals), and when an answer changes by the clock alone.

create table audiences (
  id           int generated always as identity primary key,
  name         text not null,
  description  text not null default '',
  definition   jsonb not null,
  state        text not null default 'live' check (state in ('live', 'archived')),
  template_key text unique,
  built_at     timestamptz,               -- when the first full evaluation finished; null while it runs
  created_at   timestamptz not null,
  updated_at   timestamptz not null
);

create table audience_members (
  audience_id int not null,
  person_id   int not null,
  entered_at  timestamptz not null,
  left_at     timestamptz,
  primary key (person_id, audience_id, entered_at)
) partition by hash (person_id);
do $$ begin for i in 0..15 loop
  execute format('create table audience_members_%s partition of audience_members for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;
create unique index audience_members_open on audience_members (person_id, audience_id) where left_at is null;
create index audience_members_audience on audience_members (audience_id, entered_at desc, person_id desc) where left_at is null;

-- The instant at which a person's answer next changes although nothing happens. A sweep turns what is due into marks.
create table audience_instants (
  audience_id int not null,
  person_id   int not null,
  due_at      timestamptz not null,
  primary key (audience_id, person_id)
);
create index audience_instants_due on audience_instants (due_at);
