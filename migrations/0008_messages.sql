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
  updated_at   timestamptz not null
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

create table outbox (
  id            text primary key,         -- deterministic: the same cause never makes a second row
  person_id     int not null,
  email_id      int not null references emails (id),
  class         text not null,
  run_id        text,                     -- the playbook run that sent it
  to_address    text not null,
  subject       text not null,
  html          text not null,
  plain         text not null,
  state         text not null check (state in ('waiting', 'leased', 'sent', 'kept', 'suppressed', 'failed')),
  result_code   text,                     -- accepted, unsubscribed, suppressed, no_address, smtp_…
  result_detail text,
  attempts      int not null default 0,
  message_id    text not null,            -- Message-ID header, deterministic as well
  created_at    timestamptz not null,
  due_at        timestamptz not null,
  leased_until  timestamptz,
  sent_at       timestamptz
);
create index outbox_due on outbox (due_at) where state in ('waiting', 'leased');
create index outbox_created on outbox (created_at desc, id);
create index outbox_person on outbox (person_id, created_at desc);
