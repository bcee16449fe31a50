import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Id, Instant, Minor, nullable } from './notation.ts';

/** A person as lists show them. Amounts are minor units of `currency`. */
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
