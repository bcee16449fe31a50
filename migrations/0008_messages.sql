-- owner: messages. E-mails as written, consent, suppression, and the outbox they leave through.

create table emails (
  id           int generated always as identity primary key,
  name         text not null,
  class        text not null check (class in ('marketing', 'transactional', 'internal')),
  subject      text not null,             -- Liquid
  source       text not null,             -- Liquid in MJML, as the author wrote it
  html         text not null,             -- MJML compiled at save; still Liquid
  plain        text not null,             -- text part; still Liquid
  template_key text unique,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  archived_at  timestamptz                -- out of the lists; mail it already caused keeps pointing here
);

create table suppressions (
  address text primary key,               -- lower-cased
  reason  text not null check (reason in ('bounced', 'complained', 'manual')),
  at      timestamptz not null
);

create table consents (
  person_id int not null,
  topic     text not null,                -- 'all' until topics exist
  state     text not null check (state in ('subscribed', 'unsubscribed')),
  how       text not null,
  at        timestamptz not null,
  primary key (person_id, topic)
);

-- One row a mail. waiting -> leased (a worker took it) -> handing_over (the mail server has the line) -> sent.
-- Nothing has left before handing_over, so only a worker that dies in that state leaves doubt; the row is then
-- handed over again under the same Message-ID, and uncertain_handovers counts that it happened.
create table outbox (
  id            text primary key,         -- deterministic: the same cause never makes a second row
  person_id     int not null,
  email_id      int not null references emails (id),
  class         text not null,
  run_id        text,                     -- the playbook run that sent it
  to_address    text not null,
  to_name       text not null default '',
  subject       text not null,
  html          text not null,
  plain         text not null,
  state         text not null check (state in ('waiting', 'leased', 'handing_over', 'sent', 'kept', 'suppressed', 'failed')),
  result_code   text,                     -- closed list: RESULT_CODES in src/messages/definition.ts
  result_detail text,
  attempts      int not null default 0,
  uncertain_handovers int not null default 0,
  message_id    text not null,            -- Message-ID header, deterministic as well
  created_at    timestamptz not null,
  due_at        timestamptz not null,     -- when to look at it next: the next attempt, or when its lease runs out
  lease         text,                     -- who holds it
  sent_at       timestamptz
);
create index outbox_due on outbox (due_at) where state in ('waiting', 'leased', 'handing_over');
create index outbox_created on outbox (created_at desc, id desc);
create index outbox_person on outbox (person_id, created_at desc);
create index outbox_run on outbox (run_id) where run_id is not null;
