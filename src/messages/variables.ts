import { formatMoney } from '../platform/index.ts';

/** What is known about a person at the moment a mail is made. */
export interface PersonFacts {
  person_id: number;
  email: string | null;
  name: string | null;
  country: string | null;
  created_at: Date;
  subscription_status: string | null;
  plan: string | null;
  currency: string | null;
  mrr_minor: number | null;
  lifetime_paid_minor: number | null;
  trial_ends_at: Date | null;
  renews_at: Date | null;
  first_paid_at: Date | null;
  last_paid_at: Date | null;
}

/** The activity that let the person in, as kept with the run. */
export interface ActivityFacts {
  name: string;
  /** ISO instant. */
  occurred_at: string;
  amount_minor: number | null;
  currency: string | null;
  attributes: Record<string, unknown>;
}

export interface VariableSources {
  person: PersonFacts;
  activity: ActivityFacts | null;
  workspace_name: string;
  unsubscribe_url: string;
}

/**
 * The scope a template sees; the paths are VARIABLES of definition.ts. What is not known is left
 * out rather than null, so that a preview can name it as missing.
 */
export function buildVariables(sources: VariableSources): Record<string, unknown> {
  const { person, activity } = sources;
  const name = person.name?.trim() || null;
  return {
    person: known({
      name,
      first_name: name?.split(/\s+/)[0] ?? null,
      email: person.email,
      country: person.country,
      created_at: person.created_at,
    }),
    subscription: known({
      status: person.subscription_status,
      plan: person.plan,
      currency: person.currency,
      mrr: money(person.mrr_minor, person.currency),
      mrr_minor: person.mrr_minor,
      lifetime_paid: money(person.lifetime_paid_minor, person.currency),
      lifetime_paid_minor: person.lifetime_paid_minor,
      trial_ends_at: person.trial_ends_at,
      renews_at: person.renews_at,
      first_paid_at: person.first_paid_at,
      last_paid_at: person.last_paid_at,
    }),
    activity: activity ? activityVariables(activity) : {},
    workspace: { name: sources.workspace_name },
    unsubscribe_url: sources.unsubscribe_url,
  };
}

function activityVariables(activity: ActivityFacts): Record<string, unknown> {
  return known({
    ...activity.attributes,
    name: activity.name,
    occurred_at: activity.occurred_at,
    amount: money(activity.amount_minor, activity.currency),
    amount_minor: activity.amount_minor,
    currency: activity.currency,
  });
}

function money(amountMinor: number | null, currency: string | null): string | null {
  return amountMinor === null || currency === null ? null : formatMoney(amountMinor, currency);
}

/** Times become ISO text (the `date` filter reads it), unknowns disappear. */
function known(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  );
}
