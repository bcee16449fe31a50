-- owner: templates. What was installed from the starter set, so that a removed piece stays removed.
create table installed_templates (
  key          text primary key,          -- 'audience/on-a-trial'
  installed_at timestamptz not null,
  removed_at   timestamptz
);
