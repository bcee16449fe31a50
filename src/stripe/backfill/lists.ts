import type { Resource } from '../../objects/index.ts';
import type { Params } from '../client/client.ts';

/** What is fetched list by list. Items and lines come inside subscriptions and invoices. */
export type ListResource =
  | Exclude<Resource, 'subscription_items' | 'invoice_line_items'>
  | 'events';

export interface ListSpec {
  resource: ListResource;
  path: string;
  params?: Params;
  /**
   * True when the last 90 days are fetched first and the rest later. Customers and subscriptions
   * are needed whole to be useful, and the rest is small or (events) no older than 30 days.
   */
  recent_first: boolean;
}

/** Every list of a sync. The order is the order on the screen. */
export const LISTS: readonly ListSpec[] = [
  { resource: 'customers', path: '/v1/customers', recent_first: false },
  // Without `status=all` Stripe leaves out the cancelled ones.
  {
    resource: 'subscriptions',
    path: '/v1/subscriptions',
    params: { status: 'all' },
    recent_first: false,
  },
  { resource: 'invoices', path: '/v1/invoices', recent_first: true },
  { resource: 'invoice_payments', path: '/v1/invoice_payments', recent_first: true },
  { resource: 'payment_intents', path: '/v1/payment_intents', recent_first: true },
  { resource: 'charges', path: '/v1/charges', recent_first: true },
  { resource: 'refunds', path: '/v1/refunds', recent_first: true },
  { resource: 'products', path: '/v1/products', recent_first: false },
  {
    resource: 'prices',
    path: '/v1/prices',
    params: { expand: ['data.tiers'] },
    recent_first: false,
  },
  { resource: 'coupons', path: '/v1/coupons', recent_first: false },
  { resource: 'events', path: '/v1/events', recent_first: false },
];

export function listOf(resource: string): ListSpec {
  const spec = LISTS.find((list) => list.resource === resource);
  if (!spec) throw new Error(`there is no list of ${resource}`);
  return spec;
}

const DAY_MS = 86_400_000;

export interface PlannedRange {
  resource: ListResource;
  phase: 1 | 2;
  from_at: Date | null;
  until_at: Date | null;
}

/**
 * The ranges a sync starts with. They cover all time, whatever our clock or Stripe's says: the
 * newest has no end and the oldest no beginning.
 */
export function planRanges(now: Date): PlannedRange[] {
  // Whole seconds, as Stripe's `created` filter has them.
  const recent = new Date(Math.floor((now.getTime() - 90 * DAY_MS) / 1000) * 1000);
  return LISTS.flatMap(({ resource, recent_first }): PlannedRange[] =>
    recent_first
      ? [
          { resource, phase: 1, from_at: recent, until_at: null },
          { resource, phase: 2, from_at: null, until_at: recent },
        ]
      : [{ resource, phase: 1, from_at: null, until_at: null }],
  );
}

const EVENTS_LAST_DAYS = 30;

/**
 * Where a list probably begins, for estimates: where the account seems to, but events no earlier
 * than Stripe keeps them. Only a guess; it limits nothing.
 */
export function guessBeginning(resource: string, now: Date, floor: number | null): number | null {
  if (resource !== 'events') return floor;
  return Math.max(floor ?? 0, now.getTime() - EVENTS_LAST_DAYS * DAY_MS);
}
