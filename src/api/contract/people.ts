import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MailRow } from './outbox.ts';
import { Day, Flag, Id, Instant, Json, Minor, nullable } from './notation.ts';
import { Run } from './playbooks.ts';

export const PersonRow = Type.Object({
  person_id: Id,
  email: nullable(Type.String()),
  name: nullable(Type.String()),
  country: nullable(Type.String()),
  created_at: Instant,
  subscription_status: Type.String(),
  plan: nullable(Type.String()),
  currency: nullable(Type.String()),
  mrr_minor: Minor,
  lifetime_paid_minor: Minor,
  trial_ends_at: nullable(Instant),
  last_paid_at: nullable(Instant),
});
export type PersonRow = Static<typeof PersonRow>;

export const PeoplePage = Type.Object({
  rows: Type.Array(PersonRow),
  next_cursor: nullable(Type.String()),
  total: Type.Integer(),
});
export type PeoplePage = Static<typeof PeoplePage>;

export const PeopleQuery = Type.Object({
  search: Type.Optional(Type.String({ maxLength: 200 })),
  sort: Type.Optional(Type.String({ maxLength: 40 })),
  descending: Type.Optional(Flag),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  status: Type.Optional(Type.String({ maxLength: 40 })),
  audience_id: Type.Optional(Id),
});
export type PeopleQuery = Static<typeof PeopleQuery>;

/** A Stripe customer this person owns. */
export const PersonCustomer = Type.Object({
  source_id: Id,
  customer: Type.String(),
  email: nullable(Type.String()),
  name: nullable(Type.String()),
  created_at: nullable(Instant),
  deleted_at: nullable(Instant),
});
export type PersonCustomer = Static<typeof PersonCustomer>;

export const PersonSubscription = Type.Object({
  source_id: Id,
  id: Type.String(),
  customer: Type.String(),
  status: Type.String(),
  currency: nullable(Type.String()),
  plan: nullable(Type.String()),
  created_at: nullable(Instant),
  trial_ends_at: nullable(Instant),
  renews_at: nullable(Instant),
  cancel_at_period_end: Type.Boolean(),
  canceled_at: nullable(Instant),
});
export type PersonSubscription = Static<typeof PersonSubscription>;

export const PersonInvoice = Type.Object({
  source_id: Id,
  id: Type.String(),
  customer: Type.String(),
  number: nullable(Type.String()),
  status: nullable(Type.String()),
  currency: nullable(Type.String()),
  total_minor: nullable(Minor),
  amount_paid_minor: nullable(Minor),
  created_at: nullable(Instant),
});
export type PersonInvoice = Static<typeof PersonInvoice>;

/** The hot facts of a person. */
export const PersonState = Type.Object({
  subscription_status: Type.String(),
  plan: nullable(Type.String()),
  currency: nullable(Type.String()),
  mrr_minor: Minor,
  lifetime_paid_minor: Minor,
  active_subscriptions: Type.Integer(),
  trialing_subscriptions: Type.Integer(),
  trial_ends_at: nullable(Instant),
  renews_at: nullable(Instant),
  first_paid_at: nullable(Instant),
  last_paid_at: nullable(Instant),
  delinquent_since_at: nullable(Instant),
});
export type PersonState = Static<typeof PersonState>;

export const PersonAudience = Type.Object({
  audience_id: Id,
  name: Type.String(),
  entered_at: Instant,
  left_at: nullable(Instant),
});
export type PersonAudience = Static<typeof PersonAudience>;

export const MrrPoint = Type.Object({ on_date: Day, currency: Type.String(), mrr_minor: Minor });
export type MrrPoint = Static<typeof MrrPoint>;

export const PersonMovement = Type.Object({
  on_date: Day,
  currency: Type.String(),
  kind: Type.String(),
  amount_minor: Type.Number(),
  mrr_after_minor: Type.Number(),
  reason: Type.String(),
  grade: Type.String(),
  parts: Type.Array(Json),
});
export type PersonMovement = Static<typeof PersonMovement>;

/** GET /api/people/:id */
export const PersonDetail = Type.Object({
  person: PersonRow,
  state: PersonState,
  customers: Type.Array(PersonCustomer),
  subscriptions: Type.Array(PersonSubscription),
  invoices: Type.Array(PersonInvoice),
  audiences: Type.Array(PersonAudience),
  runs: Type.Array(Run),
  mails: Type.Array(MailRow),
  mrr_history: Type.Array(MrrPoint),
  movements: Type.Array(PersonMovement),
});
export type PersonDetail = Static<typeof PersonDetail>;
