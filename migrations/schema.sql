-- What the migrations add up to, for reading. Written by test/schema.test.ts; partitions are left out.

create table headwater.activities (
  occurred_at timestamp with time zone not null,
  id bigint not null,
  person_id integer not null,
  type smallint not null,
  amount_minor bigint,
  currency text,
  recorded_at timestamp with time zone not null,
  PRIMARY KEY (person_id, id)
) partition by HASH (person_id);
CREATE INDEX activities_at ON ONLY headwater.activities USING btree (occurred_at DESC);
CREATE INDEX activities_person_at ON ONLY headwater.activities USING btree (person_id, occurred_at DESC, id DESC);
CREATE INDEX activities_type_at ON ONLY headwater.activities USING btree (type, occurred_at) INCLUDE (person_id, amount_minor);
CREATE INDEX activities_type_person ON ONLY headwater.activities USING btree (type, person_id, occurred_at) INCLUDE (amount_minor);

create table headwater.activity_instants (
  person_id integer not null,
  due_at timestamp with time zone not null,
  PRIMARY KEY (person_id)
);
CREATE INDEX activity_instants_due ON headwater.activity_instants USING btree (due_at);

create table headwater.activity_payloads (
  person_id integer not null,
  id bigint not null,
  source_id integer,
  object_id text,
  attributes jsonb not null,
  PRIMARY KEY (person_id, id)
) partition by HASH (person_id);

create table headwater.activity_types (
  id smallint not null,
  name text not null,
  UNIQUE (name),
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX activity_types_name_key ON headwater.activity_types USING btree (name);

create table headwater.audience_instants (
  audience_id integer not null,
  person_id integer not null,
  due_at timestamp with time zone not null,
  PRIMARY KEY (audience_id, person_id)
);
CREATE INDEX audience_instants_due ON headwater.audience_instants USING btree (due_at);

create table headwater.audience_members (
  audience_id integer not null,
  person_id integer not null,
  entered_at timestamp with time zone not null,
  left_at timestamp with time zone,
  PRIMARY KEY (person_id, audience_id, entered_at)
) partition by HASH (person_id);
CREATE INDEX audience_members_audience ON ONLY headwater.audience_members USING btree (audience_id, entered_at DESC, person_id DESC) WHERE (left_at IS NULL);
CREATE UNIQUE INDEX audience_members_open ON ONLY headwater.audience_members USING btree (person_id, audience_id) WHERE (left_at IS NULL);

create table headwater.audiences (
  id integer not null identity,
  name text not null,
  description text not null default ''::text,
  definition jsonb not null,
  state text not null default 'live'::text,
  template_key text,
  built_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  UNIQUE (template_key),
  PRIMARY KEY (id),
  CHECK ((state = ANY (ARRAY['live'::text, 'archived'::text])))
);
CREATE UNIQUE INDEX audiences_template_key_key ON headwater.audiences USING btree (template_key);

create table headwater.audit_log (
  id bigint not null identity,
  at timestamp with time zone not null,
  user_id text,
  action text not null,
  subject text,
  detail jsonb not null default '{}'::jsonb,
  PRIMARY KEY (id)
);
CREATE INDEX audit_log_at ON headwater.audit_log USING btree (at DESC);

create table headwater.consents (
  person_id integer not null,
  topic text not null,
  state text not null,
  how text not null,
  at timestamp with time zone not null,
  PRIMARY KEY (person_id, topic),
  CHECK ((state = ANY (ARRAY['subscribed'::text, 'unsubscribed'::text])))
);

create table headwater.dashboards (
  id integer not null identity,
  name text not null,
  description text not null default ''::text,
  tiles jsonb not null,
  template_key text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  UNIQUE (template_key),
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX dashboards_template_key_key ON headwater.dashboards USING btree (template_key);

create table headwater.emails (
  id integer not null identity,
  name text not null,
  class text not null,
  subject text not null,
  source text not null,
  html text not null,
  plain text not null,
  template_key text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  archived_at timestamp with time zone,
  UNIQUE (template_key),
  PRIMARY KEY (id),
  CHECK ((class = ANY (ARRAY['marketing'::text, 'transactional'::text, 'internal'::text])))
);
CREATE UNIQUE INDEX emails_template_key_key ON headwater.emails USING btree (template_key);

create table headwater.installed_templates (
  key text not null,
  installed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  PRIMARY KEY (key)
);

create table headwater.limiter_shares (
  source_id integer not null,
  process_id text not null,
  demand real not null,
  seen_at timestamp with time zone not null,
  PRIMARY KEY (source_id, process_id)
);

create table headwater.migrations (
  version integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  PRIMARY KEY (version)
);

create table headwater.mrr_days (
  on_date date not null,
  currency text not null,
  kind text not null,
  amount_minor numeric(24,6) not null,
  people integer not null,
  PRIMARY KEY (on_date, currency, kind)
);

create table headwater.mrr_movements (
  person_id integer not null,
  on_date date not null,
  currency text not null,
  kind text not null,
  amount_minor numeric(24,6) not null,
  mrr_after_minor numeric(24,6) not null,
  reason text not null,
  grade text not null,
  parts jsonb not null,
  PRIMARY KEY (person_id, on_date, currency),
  CHECK ((kind = ANY (ARRAY['new'::text, 'reactivation'::text, 'expansion'::text, 'contraction'::text, 'churn'::text])))
) partition by HASH (person_id);
CREATE INDEX mrr_movements_date ON ONLY headwater.mrr_movements USING btree (on_date, currency) INCLUDE (kind, amount_minor);

create table headwater.mrr_versions (
  person_id integer not null,
  source_id integer not null,
  subscription_id text not null,
  item_id text not null,
  seq integer not null,
  price_id text,
  product_id text,
  quantity numeric,
  currency text not null,
  mrr_minor numeric(24,6) not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone,
  grade text not null,
  rule text not null,
  evidence jsonb not null,
  sentence text not null,
  PRIMARY KEY (person_id, source_id, item_id, seq),
  CHECK ((grade = ANY (ARRAY['A'::text, 'B'::text, 'C'::text])))
) partition by HASH (person_id);

create table headwater.outbox (
  id text not null,
  person_id integer not null,
  email_id integer not null,
  class text not null,
  run_id text,
  to_address text not null,
  to_name text not null default ''::text,
  subject text not null,
  html text not null,
  plain text not null,
  state text not null,
  result_code text,
  result_detail text,
  attempts integer not null default 0,
  uncertain_handovers integer not null default 0,
  message_id text not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  lease text,
  sent_at timestamp with time zone,
  PRIMARY KEY (id),
  FOREIGN KEY (email_id) REFERENCES emails(id),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'leased'::text, 'handing_over'::text, 'sent'::text, 'kept'::text, 'suppressed'::text, 'failed'::text])))
);
CREATE INDEX outbox_created ON headwater.outbox USING btree (created_at DESC, id DESC);
CREATE INDEX outbox_due ON headwater.outbox USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'leased'::text, 'handing_over'::text]));
CREATE INDEX outbox_person ON headwater.outbox USING btree (person_id, created_at DESC);
CREATE INDEX outbox_run ON headwater.outbox USING btree (run_id) WHERE (run_id IS NOT NULL);

create table headwater.people (
  person_id integer not null,
  email text,
  name text,
  country text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  merged_into integer,
  PRIMARY KEY (person_id)
) partition by HASH (person_id);
CREATE INDEX people_created ON ONLY headwater.people USING btree (created_at DESC, person_id DESC);
CREATE INDEX people_email ON ONLY headwater.people USING btree (lower(email));
CREATE INDEX people_merged ON ONLY headwater.people USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX people_sort_name ON ONLY headwater.people USING btree (lower(COALESCE(name, email, ''::text)), person_id);

create table headwater.person_activity_totals (
  person_id integer not null,
  type smallint not null,
  currency text not null default ''::text,
  n integer not null,
  total_minor bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  PRIMARY KEY (person_id, type, currency)
) partition by HASH (person_id);

create table headwater.person_keys (
  kind text not null,
  key text not null,
  person_id integer not null,
  source_id integer generated: 
CASE
    WHEN (kind = 'customer'::text) THEN (split_part(key, '/'::text, 1))::integer
    ELSE NULL::integer
END,
  customer text generated: 
CASE
    WHEN (kind = 'customer'::text) THEN substr(key, (strpos(key, '/'::text) + 1))
    ELSE NULL::text
END,
  PRIMARY KEY (kind, key),
  CHECK ((kind = ANY (ARRAY['customer'::text, 'email'::text])))
);
CREATE INDEX person_keys_person ON headwater.person_keys USING btree (person_id);
CREATE INDEX person_keys_source ON headwater.person_keys USING btree (source_id, person_id) WHERE (source_id IS NOT NULL);

create table headwater.person_marks (
  id bigint not null identity,
  person_id integer not null,
  marked_at timestamp with time zone not null,
  PRIMARY KEY (id)
);
CREATE INDEX person_marks_person ON headwater.person_marks USING btree (person_id);

create table headwater.person_state (
  person_id integer not null,
  subscription_status text not null,
  plan text,
  currency text,
  mrr_minor bigint not null default 0,
  lifetime_paid_minor bigint not null default 0,
  active_subscriptions smallint not null default 0,
  trialing_subscriptions smallint not null default 0,
  trial_ends_at timestamp with time zone,
  renews_at timestamp with time zone,
  first_paid_at timestamp with time zone,
  last_paid_at timestamp with time zone,
  delinquent_since_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (person_id)
) partition by HASH (person_id);
CREATE INDEX person_state_mrr ON ONLY headwater.person_state USING btree (mrr_minor DESC, person_id DESC);
CREATE INDEX person_state_paid ON ONLY headwater.person_state USING btree (lifetime_paid_minor DESC, person_id DESC);

create table headwater.playbook_runs (
  id text not null,
  playbook_id integer not null,
  version integer not null,
  person_id integer not null,
  state text not null,
  node text,
  due_at timestamp with time zone,
  entered_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  exit_reason text,
  seq integer not null default 0,
  context jsonb not null default '{}'::jsonb,
  PRIMARY KEY (id),
  FOREIGN KEY (playbook_id) REFERENCES playbooks(id) ON DELETE CASCADE,
  CHECK ((state = ANY (ARRAY['entered'::text, 'waiting'::text, 'asking'::text, 'acting'::text, 'finished'::text, 'exited'::text, 'failed'::text])))
);
CREATE INDEX playbook_runs_due ON headwater.playbook_runs USING btree (playbook_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX playbook_runs_person ON headwater.playbook_runs USING btree (person_id);
CREATE INDEX playbook_runs_playbook ON headwater.playbook_runs USING btree (playbook_id, entered_at DESC, id DESC);

create table headwater.playbook_steps (
  run_id text not null,
  seq integer not null,
  at timestamp with time zone not null,
  node text,
  what text not null,
  detail jsonb not null default '{}'::jsonb,
  PRIMARY KEY (run_id, seq),
  FOREIGN KEY (run_id) REFERENCES playbook_runs(id) ON DELETE CASCADE
);

create table headwater.playbook_versions (
  playbook_id integer not null,
  version integer not null,
  definition jsonb not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (playbook_id, version),
  FOREIGN KEY (playbook_id) REFERENCES playbooks(id) ON DELETE CASCADE
);

create table headwater.playbooks (
  id integer not null identity,
  name text not null,
  description text not null default ''::text,
  state text not null default 'off'::text,
  live_since timestamp with time zone,
  version integer not null default 1,
  template_key text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  archived_at timestamp with time zone,
  UNIQUE (template_key),
  PRIMARY KEY (id),
  CHECK ((state = ANY (ARRAY['off'::text, 'live'::text, 'paused'::text])))
);
CREATE UNIQUE INDEX playbooks_template_key_key ON headwater.playbooks USING btree (template_key);

create table headwater.sessions (
  token_hash bytea not null,
  user_id text not null,
  csrf_token text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  PRIMARY KEY (token_hash),
  FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON headwater.sessions USING btree (user_id);

create table headwater.settings (
  key text not null,
  value jsonb not null,
  PRIMARY KEY (key)
);

create table headwater.source_checks (
  id integer not null identity,
  source_id integer not null,
  at timestamp with time zone not null,
  reads integer not null,
  compared integer not null,
  missing integer not null,
  extra integer not null,
  different integer not null,
  repaired integer not null,
  sentence text not null,
  PRIMARY KEY (id),
  FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE
);
CREATE INDEX source_checks_source ON headwater.source_checks USING btree (source_id, id DESC);

create table headwater.source_removals (
  source_id integer not null,
  keep text not null,
  step text not null,
  removed jsonb not null default '{}'::jsonb,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  PRIMARY KEY (source_id),
  CHECK ((keep = ANY (ARRAY['everything'::text, 'people'::text, 'nothing'::text])))
);

create table headwater.sources (
  id integer not null identity,
  name text not null,
  account_id text,
  mode text not null,
  time_zone text not null default 'UTC'::text,
  default_currency text,
  state text not null,
  state_detail jsonb not null default '{}'::jsonb,
  key_sealed text not null,
  key_hint text not null,
  permissions jsonb not null default '{}'::jsonb,
  webhook_path text not null,
  webhook_endpoint_id text,
  webhook_secret_sealed text,
  history_cutoff_at timestamp with time zone not null,
  last_event_at timestamp with time zone,
  last_webhook_at timestamp with time zone,
  events_polled_until timestamp with time zone,
  connected_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  next_poll_at timestamp with time zone,
  idle_polls integer not null default 0,
  poll_reads integer not null default 0,
  poll_reads_since timestamp with time zone,
  include_test_clocks boolean not null default false,
  permission_probed_at timestamp with time zone,
  rate_share real not null default 1,
  webhook_previous_secret_sealed text,
  webhook_previous_until timestamp with time zone,
  webhook_previous_endpoint_id text,
  address_check jsonb,
  endpoint_seen_at timestamp with time zone,
  tails_read_at timestamp with time zone,
  tails_pending_at timestamp with time zone,
  checked_at timestamp with time zone,
  removed_at timestamp with time zone,
  UNIQUE (webhook_path),
  PRIMARY KEY (id),
  CHECK ((mode = ANY (ARRAY['live'::text, 'test'::text]))),
  CHECK (((rate_share >= (0.05)::double precision) AND (rate_share <= (1)::double precision)))
);
CREATE UNIQUE INDEX sources_webhook_path_key ON headwater.sources USING btree (webhook_path);

create table headwater.suppressions (
  address text not null,
  reason text not null,
  at timestamp with time zone not null,
  PRIMARY KEY (address),
  CHECK ((reason = ANY (ARRAY['bounced'::text, 'complained'::text, 'manual'::text])))
);

create table headwater.sync_ranges (
  id bigint not null identity,
  run_id integer not null,
  source_id integer not null,
  resource text not null,
  phase smallint not null,
  parent text,
  from_at timestamp with time zone,
  until_at timestamp with time zone,
  cursor text,
  pages integer not null default 0,
  objects integer not null default 0,
  done_at timestamp with time zone,
  error jsonb,
  attempts integer not null default 0,
  reached_at timestamp with time zone,
  skipped text,
  PRIMARY KEY (id),
  FOREIGN KEY (run_id) REFERENCES sync_runs(id) ON DELETE CASCADE
);
CREATE INDEX sync_ranges_open ON headwater.sync_ranges USING btree (run_id, phase, resource) WHERE (done_at IS NULL);
CREATE INDEX sync_ranges_run ON headwater.sync_ranges USING btree (run_id, resource);

create table headwater.sync_runs (
  id integer not null identity,
  source_id integer not null,
  state text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  requests bigint not null default 0,
  rate_limited bigint not null default 0,
  busy_ms bigint not null default 0,
  lane text not null default 'main'::text,
  sweep jsonb not null default '{}'::jsonb,
  PRIMARY KEY (id),
  FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE,
  CHECK ((state = ANY (ARRAY['running'::text, 'complete'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX sync_runs_source ON headwater.sync_runs USING btree (source_id, id DESC);

create table headwater.users (
  id text not null,
  email text not null,
  name text not null,
  password_hash text not null,
  role text not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (id),
  CHECK ((role = ANY (ARRAY['owner'::text, 'member'::text])))
);
CREATE UNIQUE INDEX users_email ON headwater.users USING btree (lower(email));

create table headwater.webhook_hours (
  source_id integer not null,
  hour_at timestamp with time zone not null,
  refused integer not null default 0,
  missed integer not null default 0,
  PRIMARY KEY (source_id, hour_at),
  FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE
);

create table stripe.balance_transactions (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  type text generated: (raw ->> 'type'::text),
  reporting_category text generated: (raw ->> 'reporting_category'::text),
  status text generated: (raw ->> 'status'::text),
  source text generated: (raw ->> 'source'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  fee_minor bigint generated: ((raw ->> 'fee'::text))::bigint,
  net_minor bigint generated: ((raw ->> 'net'::text))::bigint,
  exchange_rate numeric generated: ((raw ->> 'exchange_rate'::text))::numeric,
  available_at timestamp with time zone generated: to_timestamp(((raw ->> 'available_on'::text))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX balance_transactions_source ON stripe.balance_transactions USING btree (source_id, source);

create table stripe.charges (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  amount_refunded_minor bigint generated: ((raw ->> 'amount_refunded'::text))::bigint,
  payment_intent text generated: (raw ->> 'payment_intent'::text),
  failure_code text generated: (raw ->> 'failure_code'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX charges_customer ON stripe.charges USING btree (source_id, customer);
CREATE INDEX charges_intent ON stripe.charges USING btree (source_id, payment_intent);

create table stripe.checkout_sessions (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  payment_status text generated: (raw ->> 'payment_status'::text),
  mode text generated: (raw ->> 'mode'::text),
  email text generated: (raw #>> '{customer_details,email}'::text[]),
  subscription text generated: (raw ->> 'subscription'::text),
  invoice text generated: (raw ->> 'invoice'::text),
  payment_intent text generated: (raw ->> 'payment_intent'::text),
  payment_link text generated: (raw ->> 'payment_link'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_total_minor bigint generated: ((raw ->> 'amount_total'::text))::bigint,
  expires_at timestamp with time zone generated: to_timestamp(((raw ->> 'expires_at'::text))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX checkout_sessions_customer ON stripe.checkout_sessions USING btree (source_id, customer);
CREATE INDEX checkout_sessions_subscription ON stripe.checkout_sessions USING btree (source_id, subscription);

create table stripe.coupons (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  name text generated: (raw ->> 'name'::text),
  duration text generated: (raw ->> 'duration'::text),
  percent_off numeric generated: ((raw ->> 'percent_off'::text))::numeric,
  amount_off_minor bigint generated: ((raw ->> 'amount_off'::text))::bigint,
  currency text generated: (raw ->> 'currency'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);

create table stripe.credit_note_line_items (
  source_id integer not null,
  id text not null,
  customer text,
  created_at timestamp with time zone,
  credit_note text,
  invoice_line_item text generated: (raw ->> 'invoice_line_item'::text),
  type text generated: (raw ->> 'type'::text),
  description text generated: (raw ->> 'description'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  quantity bigint generated: ((raw ->> 'quantity'::text))::bigint,
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX credit_note_line_items_credit_note ON stripe.credit_note_line_items USING btree (source_id, credit_note);
CREATE INDEX credit_note_line_items_customer ON stripe.credit_note_line_items USING btree (source_id, customer);

create table stripe.credit_notes (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  number text generated: (raw ->> 'number'::text),
  invoice text generated: (raw ->> 'invoice'::text),
  status text generated: (raw ->> 'status'::text),
  reason text generated: (raw ->> 'reason'::text),
  type text generated: (raw ->> 'type'::text),
  currency text generated: (raw ->> 'currency'::text),
  total_minor bigint generated: ((raw ->> 'total'::text))::bigint,
  subtotal_minor bigint generated: ((raw ->> 'subtotal'::text))::bigint,
  voided_at timestamp with time zone generated: to_timestamp(((raw ->> 'voided_at'::text))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX credit_notes_customer ON stripe.credit_notes USING btree (source_id, customer);
CREATE INDEX credit_notes_invoice ON stripe.credit_notes USING btree (source_id, invoice);

create table stripe.customers (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'id'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  email text generated: (raw ->> 'email'::text),
  name text generated: (raw ->> 'name'::text),
  currency text generated: (raw ->> 'currency'::text),
  delinquent boolean generated: ((raw ->> 'delinquent'::text))::boolean,
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  test_clock text generated: (raw ->> 'test_clock'::text),
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX customers_customer ON stripe.customers USING btree (source_id, customer);
CREATE INDEX customers_test_clock ON stripe.customers USING btree (source_id, id) WHERE (test_clock IS NOT NULL);

create table stripe.disputes (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  reason text generated: (raw ->> 'reason'::text),
  charge text generated: (raw ->> 'charge'::text),
  payment_intent text generated: (raw ->> 'payment_intent'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  evidence_due_at timestamp with time zone generated: to_timestamp(((raw #>> '{evidence_details,due_by}'::text[]))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX disputes_charge ON stripe.disputes USING btree (source_id, charge);

create table stripe.events (
  source_id integer not null,
  id text not null,
  type text not null,
  created_at timestamp with time zone not null,
  object_id text,
  origin text not null,
  received_at timestamp with time zone not null,
  processed_at timestamp with time zone,
  attempts integer not null default 0,
  error text,
  raw jsonb not null,
  PRIMARY KEY (source_id, id),
  CHECK ((origin = ANY (ARRAY['webhook'::text, 'poll'::text, 'backfill'::text])))
);
CREATE INDEX events_created ON stripe.events USING btree (source_id, created_at DESC);
CREATE INDEX events_failed ON stripe.events USING btree (source_id) WHERE (error IS NOT NULL);
CREATE INDEX events_object ON stripe.events USING btree (source_id, object_id, created_at);
CREATE INDEX events_waiting ON stripe.events USING btree (source_id, created_at, id) WHERE (processed_at IS NULL);

create table stripe.invoice_items (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'date'::text))::double precision),
  invoice text generated: (raw ->> 'invoice'::text),
  subscription text generated: (raw #>> '{parent,subscription_details,subscription}'::text[]),
  price text generated: (raw #>> '{pricing,price_details,price}'::text[]),
  product text generated: (raw #>> '{pricing,price_details,product}'::text[]),
  description text generated: (raw ->> 'description'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  quantity bigint generated: ((raw ->> 'quantity'::text))::bigint,
  proration boolean generated: ((raw ->> 'proration'::text))::boolean,
  period_start_at timestamp with time zone generated: to_timestamp(((raw #>> '{period,start}'::text[]))::double precision),
  period_end_at timestamp with time zone generated: to_timestamp(((raw #>> '{period,end}'::text[]))::double precision),
  test_clock text generated: (raw ->> 'test_clock'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX invoice_items_customer ON stripe.invoice_items USING btree (source_id, customer);
CREATE INDEX invoice_items_invoice ON stripe.invoice_items USING btree (source_id, invoice);

create table stripe.invoice_line_items (
  source_id integer not null,
  id text not null,
  customer text,
  created_at timestamp with time zone,
  invoice text generated: (raw ->> 'invoice'::text),
  subscription text generated: COALESCE((raw #>> '{parent,subscription_item_details,subscription}'::text[]), (raw #>> '{parent,invoice_item_details,subscription}'::text[]), (raw ->> 'subscription'::text)),
  subscription_item text generated: (raw #>> '{parent,subscription_item_details,subscription_item}'::text[]),
  price text generated: (raw #>> '{pricing,price_details,price}'::text[]),
  product text generated: (raw #>> '{pricing,price_details,product}'::text[]),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  quantity bigint generated: ((raw ->> 'quantity'::text))::bigint,
  period_start_at timestamp with time zone generated: to_timestamp(((raw #>> '{period,start}'::text[]))::double precision),
  period_end_at timestamp with time zone generated: to_timestamp(((raw #>> '{period,end}'::text[]))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX invoice_line_items_customer ON stripe.invoice_line_items USING btree (source_id, customer);
CREATE INDEX invoice_line_items_invoice ON stripe.invoice_line_items USING btree (source_id, invoice);

create table stripe.invoice_payments (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  invoice text generated: (raw ->> 'invoice'::text),
  status text generated: (raw ->> 'status'::text),
  payment_intent text generated: (raw #>> '{payment,payment_intent}'::text[]),
  charge text generated: (raw #>> '{payment,charge}'::text[]),
  currency text generated: (raw ->> 'currency'::text),
  amount_paid_minor bigint generated: ((raw ->> 'amount_paid'::text))::bigint,
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX invoice_payments_intent ON stripe.invoice_payments USING btree (source_id, payment_intent);
CREATE INDEX invoice_payments_invoice ON stripe.invoice_payments USING btree (source_id, invoice);

create table stripe.invoices (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  number text generated: (raw ->> 'number'::text),
  status text generated: (raw ->> 'status'::text),
  subscription text generated: (raw #>> '{parent,subscription_details,subscription}'::text[]),
  currency text generated: (raw ->> 'currency'::text),
  total_minor bigint generated: ((raw ->> 'total'::text))::bigint,
  amount_due_minor bigint generated: ((raw ->> 'amount_due'::text))::bigint,
  amount_paid_minor bigint generated: ((raw ->> 'amount_paid'::text))::bigint,
  due_at timestamp with time zone generated: to_timestamp(((raw ->> 'due_date'::text))::double precision),
  paid_at timestamp with time zone generated: to_timestamp(((raw #>> '{status_transitions,paid_at}'::text[]))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  test_clock text generated: (raw ->> 'test_clock'::text),
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX invoices_customer ON stripe.invoices USING btree (source_id, customer);
CREATE INDEX invoices_subscription ON stripe.invoices USING btree (source_id, subscription);

create table stripe.payment_intents (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  latest_charge text generated: (raw ->> 'latest_charge'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX payment_intents_customer ON stripe.payment_intents USING btree (source_id, customer);

create table stripe.payment_methods (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  type text generated: (raw ->> 'type'::text),
  card_brand text generated: (raw #>> '{card,brand}'::text[]),
  card_last4 text generated: (raw #>> '{card,last4}'::text[]),
  card_exp_year integer generated: ((raw #>> '{card,exp_year}'::text[]))::integer,
  card_exp_month integer generated: ((raw #>> '{card,exp_month}'::text[]))::integer,
  card_funding text generated: (raw #>> '{card,funding}'::text[]),
  card_country text generated: (raw #>> '{card,country}'::text[]),
  email text generated: (raw #>> '{billing_details,email}'::text[]),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX payment_methods_customer ON stripe.payment_methods USING btree (source_id, customer);

create table stripe.payouts (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  type text generated: (raw ->> 'type'::text),
  method text generated: (raw ->> 'method'::text),
  automatic boolean generated: ((raw ->> 'automatic'::text))::boolean,
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  arrival_at timestamp with time zone generated: to_timestamp(((raw ->> 'arrival_date'::text))::double precision),
  balance_transaction text generated: (raw ->> 'balance_transaction'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);

create table stripe.plans (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  product text generated: (raw ->> 'product'::text),
  active boolean generated: ((raw ->> 'active'::text))::boolean,
  nickname text generated: (raw ->> 'nickname'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  recurring_interval text generated: (raw ->> 'interval'::text),
  recurring_interval_count integer generated: ((raw ->> 'interval_count'::text))::integer,
  usage_type text generated: (raw ->> 'usage_type'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);

create table stripe.prices (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  product text generated: (raw ->> 'product'::text),
  active boolean generated: ((raw ->> 'active'::text))::boolean,
  currency text generated: (raw ->> 'currency'::text),
  unit_amount_minor bigint generated: ((raw ->> 'unit_amount'::text))::bigint,
  recurring_interval text generated: (raw #>> '{recurring,interval}'::text[]),
  recurring_interval_count integer generated: ((raw #>> '{recurring,interval_count}'::text[]))::integer,
  usage_type text generated: (raw #>> '{recurring,usage_type}'::text[]),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);

create table stripe.products (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  name text generated: (raw ->> 'name'::text),
  active boolean generated: ((raw ->> 'active'::text))::boolean,
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);

create table stripe.promotion_codes (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  code text generated: (raw ->> 'code'::text),
  active boolean generated: ((raw ->> 'active'::text))::boolean,
  coupon text generated: COALESCE((raw #>> '{promotion,coupon}'::text[]), (raw #>> '{coupon,id}'::text[])),
  times_redeemed bigint generated: ((raw ->> 'times_redeemed'::text))::bigint,
  max_redemptions bigint generated: ((raw ->> 'max_redemptions'::text))::bigint,
  expires_at timestamp with time zone generated: to_timestamp(((raw ->> 'expires_at'::text))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX promotion_codes_customer ON stripe.promotion_codes USING btree (source_id, customer);

create table stripe.quotes (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  number text generated: (raw ->> 'number'::text),
  status text generated: (raw ->> 'status'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_total_minor bigint generated: ((raw ->> 'amount_total'::text))::bigint,
  subscription text generated: (raw ->> 'subscription'::text),
  invoice text generated: (raw ->> 'invoice'::text),
  expires_at timestamp with time zone generated: to_timestamp(((raw ->> 'expires_at'::text))::double precision),
  accepted_at timestamp with time zone generated: to_timestamp(((raw #>> '{status_transitions,accepted_at}'::text[]))::double precision),
  finalized_at timestamp with time zone generated: to_timestamp(((raw #>> '{status_transitions,finalized_at}'::text[]))::double precision),
  test_clock text generated: (raw ->> 'test_clock'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX quotes_customer ON stripe.quotes USING btree (source_id, customer);

create table stripe.refunds (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  charge text generated: (raw ->> 'charge'::text),
  payment_intent text generated: (raw ->> 'payment_intent'::text),
  currency text generated: (raw ->> 'currency'::text),
  amount_minor bigint generated: ((raw ->> 'amount'::text))::bigint,
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX refunds_charge ON stripe.refunds USING btree (source_id, charge);

create table stripe.setup_intents (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  usage text generated: (raw ->> 'usage'::text),
  payment_method text generated: (raw ->> 'payment_method'::text),
  error_code text generated: (raw #>> '{last_setup_error,code}'::text[]),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX setup_intents_customer ON stripe.setup_intents USING btree (source_id, customer);

create table stripe.subscription_items (
  source_id integer not null,
  id text not null,
  customer text,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  subscription text generated: (raw ->> 'subscription'::text),
  price text generated: (raw #>> '{price,id}'::text[]),
  product text generated: (raw #>> '{price,product}'::text[]),
  quantity bigint generated: ((raw ->> 'quantity'::text))::bigint,
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX subscription_items_customer ON stripe.subscription_items USING btree (source_id, customer);
CREATE INDEX subscription_items_subscription ON stripe.subscription_items USING btree (source_id, subscription);

create table stripe.subscription_schedules (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  subscription text generated: (raw ->> 'subscription'::text),
  status text generated: (raw ->> 'status'::text),
  phase_start_at timestamp with time zone generated: to_timestamp(((raw #>> '{current_phase,start_date}'::text[]))::double precision),
  phase_end_at timestamp with time zone generated: to_timestamp(((raw #>> '{current_phase,end_date}'::text[]))::double precision),
  canceled_at timestamp with time zone generated: to_timestamp(((raw ->> 'canceled_at'::text))::double precision),
  completed_at timestamp with time zone generated: to_timestamp(((raw ->> 'completed_at'::text))::double precision),
  released_at timestamp with time zone generated: to_timestamp(((raw ->> 'released_at'::text))::double precision),
  test_clock text generated: (raw ->> 'test_clock'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX subscription_schedules_customer ON stripe.subscription_schedules USING btree (source_id, customer);
CREATE INDEX subscription_schedules_subscription ON stripe.subscription_schedules USING btree (source_id, subscription);

create table stripe.subscriptions (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  status text generated: (raw ->> 'status'::text),
  currency text generated: (raw ->> 'currency'::text),
  start_at timestamp with time zone generated: to_timestamp(((raw ->> 'start_date'::text))::double precision),
  trial_start_at timestamp with time zone generated: to_timestamp(((raw ->> 'trial_start'::text))::double precision),
  trial_end_at timestamp with time zone generated: to_timestamp(((raw ->> 'trial_end'::text))::double precision),
  cancel_at_period_end boolean generated: ((raw ->> 'cancel_at_period_end'::text))::boolean,
  canceled_at timestamp with time zone generated: to_timestamp(((raw ->> 'canceled_at'::text))::double precision),
  ended_at timestamp with time zone generated: to_timestamp(((raw ->> 'ended_at'::text))::double precision),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  test_clock text generated: (raw ->> 'test_clock'::text),
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX subscriptions_customer ON stripe.subscriptions USING btree (source_id, customer);

create table stripe.tax_ids (
  source_id integer not null,
  id text not null,
  customer text generated: (raw ->> 'customer'::text),
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  type text generated: (raw ->> 'type'::text),
  value text generated: (raw ->> 'value'::text),
  country text generated: (raw ->> 'country'::text),
  verification_status text generated: (raw #>> '{verification,status}'::text[]),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
CREATE INDEX tax_ids_customer ON stripe.tax_ids USING btree (source_id, customer);

create table stripe.tax_rates (
  source_id integer not null,
  id text not null,
  created_at timestamp with time zone generated: to_timestamp(((raw ->> 'created'::text))::double precision),
  display_name text generated: (raw ->> 'display_name'::text),
  active boolean generated: ((raw ->> 'active'::text))::boolean,
  inclusive boolean generated: ((raw ->> 'inclusive'::text))::boolean,
  percentage numeric generated: ((raw ->> 'percentage'::text))::numeric,
  tax_type text generated: (raw ->> 'tax_type'::text),
  country text generated: (raw ->> 'country'::text),
  state text generated: (raw ->> 'state'::text),
  raw jsonb not null,
  version_at timestamp with time zone not null,
  version_kind text not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (source_id, id),
  CHECK ((version_kind = ANY (ARRAY['event'::text, 'fetch'::text])))
);
