-- owner: activities, people. Activities that come by the clock alone, or from several objects of a person together.

-- The same list as src/activities/definition.ts; a test compares them. Ids are never given out twice.
insert into activity_types (id, name) values
  (22, 'trial_ending'),
  (23, 'card_expiring'),
  (24, 'reactivated');

-- When the next activity of a person is due although nothing happens. A sweep turns what is due into marks.
create table activity_instants (
  person_id int not null primary key,
  due_at    timestamptz not null
);
create index activity_instants_due on activity_instants (due_at);

-- Everybody is looked at once, for what they had been through before and for their first instant.
insert into person_marks (person_id, marked_at)
select person_id, now() from people where merged_into is null order by person_id;
