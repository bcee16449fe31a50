/**
 * What a person's subscriptions add up to: the best of them, best first. In good standing comes
 * before in trouble, in trouble before over. A first payment that never came (`incomplete_expired`)
 * is not a subscription at all. Browser-safe.
 */
export const STANDINGS = [
  'active',
  'trialing',
  'past_due',
  'unpaid',
  'paused',
  'incomplete',
  'canceled',
  'none',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** The columns a list of people can be sorted by. */
export const PEOPLE_SORTS = ['created', 'name', 'mrr', 'lifetime', 'status'] as const;
export type PeopleSort = (typeof PEOPLE_SORTS)[number];
