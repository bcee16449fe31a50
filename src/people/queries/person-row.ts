import { sql } from '../../platform/index.ts';

/** A person as lists show them. Amounts are minor units of `currency`. */
export interface PersonRow {
  person_id: number;
  email: string | null;
  name: string | null;
  country: string | null;
  created_at: Date;
  subscription_status: string;
  plan: string | null;
  currency: string | null;
  mrr_minor: number;
  lifetime_paid_minor: number;
  trial_ends_at: Date | null;
  last_paid_at: Date | null;
}

/** Columns of a PersonRow from `people p join person_state s`. */
export const personColumns = sql`
  p.person_id, p.email, p.name, p.country, p.created_at, s.subscription_status, s.plan, s.currency,
  s.mrr_minor, s.lifetime_paid_minor, s.trial_ends_at, s.last_paid_at`;
