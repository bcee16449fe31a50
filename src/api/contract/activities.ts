import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Id, Instant, Json, Minor, nullable } from './notation.ts';

export const Activity = Type.Object({
  id: Type.Integer(),
  person_id: Id,
  person_name: nullable(Type.String()),
  person_email: nullable(Type.String()),
  type: Type.String(),
  label: Type.String(),
  occurred_at: Instant,
  amount_minor: nullable(Minor),
  currency: nullable(Type.String()),
  source_id: nullable(Id),
  /** The Stripe object it is about. */
  object_id: nullable(Type.String()),
  attributes: Json,
});
export type Activity = Static<typeof Activity>;

/** Where the next, older page begins. */
export const ActivityCursor = Type.Object({ occurred_at: Instant, id: Type.Integer() });
export type ActivityCursor = Static<typeof ActivityCursor>;

export const ActivityPage = Type.Object({
  rows: Type.Array(Activity),
  next: nullable(ActivityCursor),
});
export type ActivityPage = Static<typeof ActivityPage>;

/** `types` is comma-separated; `before_at` and `before_id` are the two halves of `next`. */
export const ActivityQuery = Type.Object({
  types: Type.Optional(Type.String()),
  before_at: Type.Optional(Instant),
  before_id: Type.Optional(Type.Integer()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type ActivityQuery = Static<typeof ActivityQuery>;
