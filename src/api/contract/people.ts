import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MOVEMENT_KINDS } from '../../metrics/definition.ts';
import { MailRow } from './outbox.ts';
import { Day, Flag, Id, Instant, Json, Minor, nullable, oneOf } from './notation.ts';
import { PersonRow } from './person-row.ts';
import { Run } from './playbooks.ts';

export { PersonRow };

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
  phone: nullable(Type.String()),
  address: nullable(Type.Record(Type.String(), nullable(Type.String()))),
  currency: nullable(Type.String()),
  /** As in Stripe: negative is credit, positive is owed. */
  balance_minor: nullable(Minor),
  delinquent: nullable(Type.Boolean()),
  locales: Type.Array(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
  /** Null while only the customer's id is known. */
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
  /** What a period costs before discounts and tax; null when that is not one number. */
  amount_minor: nullable(Minor),
  interval: nullable(Type.String()),
  interval_count: nullable(Type.Integer()),
  quantity: nullable(Type.Integer()),
  created_at: nullable(Instant),
  trial_ends_at: nullable(Instant),
  renews_at: nullable(Instant),
  cancel_at_period_end: Type.Boolean(),
  canceled_at: nullable(Instant),
  ended_at: nullable(Instant),
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
  amount_due_minor: nullable(Minor),
  amount_paid_minor: nullable(Minor),
  hosted_invoice_url: nullable(Type.String()),
  created_at: nullable(Instant),
  due_at: nullable(Instant),
  paid_at: nullable(Instant),
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

/** A change of this person's MRR on one day, with the subscription items that made it. */
export const PersonMovement = Type.Object({
  person_id: Id,
  on_date: Day,
  currency: Type.String(),
  kind: oneOf(MOVEMENT_KINDS),
  /** Signed. */
  amount_minor: Minor,
  mrr_after_minor: Minor,
  /** Its words are in MOVEMENT_REASONS of metrics/definition.ts. */
  reason: Type.String(),
  grade: Type.String(),
  parts: Type.Array(
    Type.Object({
      item_id: Type.String(),
      subscription_id: Type.String(),
      from_minor: Minor,
      to_minor: Minor,
      reason: Type.String(),
      evidence: Json,
      sentence: Type.String(),
    }),
  ),
});
export type PersonMovement = Static<typeof PersonMovement>;

/** What a subscription item was worth a month, from one instant until another, and why. */
export const RateVersion = Type.Object({
  source_id: Id,
  subscription_id: Type.String(),
  item_id: Type.String(),
  price_id: nullable(Type.String()),
  product_id: nullable(Type.String()),
  quantity: nullable(Type.String()),
  currency: Type.String(),
  mrr_minor: Minor,
  from_at: Instant,
  until_at: nullable(Instant),
  grade: Type.String(),
  rule: Type.String(),
  evidence: Json,
  sentence: Type.String(),
});
export type RateVersion = Static<typeof RateVersion>;

/** GET /api/people/:id */
export const PersonDetail = Type.Object({
  person: PersonRow,
  state: PersonState,
  /** Every address the person is known by, former ones included. */
  emails: Type.Array(Type.String()),
  customers: Type.Array(PersonCustomer),
  subscriptions: Type.Array(PersonSubscription),
  invoices: Type.Array(PersonInvoice),
  audiences: Type.Array(PersonAudience),
  runs: Type.Array(Run),
  mails: Type.Array(MailRow),
  /** MRR after each day on which it moved, oldest first. */
  mrr_history: Type.Array(MrrPoint),
  /** Oldest first. */
  movements: Type.Array(PersonMovement),
  /** Oldest first. */
  versions: Type.Array(RateVersion),
});
export type PersonDetail = Static<typeof PersonDetail>;
