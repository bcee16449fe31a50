import type { Resource } from '../../objects/index.ts';
import type { Params } from '../client/client.ts';

/** Come inside of other objects, or customer by customer. */
type Unlisted =
  | 'subscription_items'
  | 'invoice_line_items'
  | 'credit_note_line_items'
  | 'tax_ids'
  | 'payment_methods';

/** What is fetched list by list. */
export type ListResource = Exclude<Resource, Unlisted> | 'events';

export interface ListSpec {
  resource: ListResource;
  path: string;
  params?: Params;
  /** Expansions to ask for as well; where one is refused, the list is read without them. */
  wishes?: readonly string[];
  /** The permission that opens it. */
  slug: string;
  /**
   * True when the last 90 days are fetched first and the rest later. Customers and subscriptions
   * are needed whole to be useful, and the rest is small or (events) no older than 30 days.
   */
  recent_first: boolean;
  /** False for a list without a filter by `created`: it is read by one reader, from end to end. */
  by_created: boolean;
  /** The field with the instant the list is ordered by, where it is not `created`. */
  time_field?: string;
}

type Options = Partial<Omit<ListSpec, 'resource' | 'path' | 'slug'>>;

function list(resource: ListResource, path: string, slug: string, options: Options = {}): ListSpec {
  const usual = { recent_first: false, by_created: true };
  return { resource, path: `/v1/${path}`, slug: `rak_${slug}_read`, ...usual, ...options };
}

const TIERS: Params = { expand: ['data.tiers'] };
const LONG: Options = { recent_first: true };

/** Every list of a sync. The order is the order on the screen. */
export const LISTS: readonly ListSpec[] = [
  list('customers', 'customers', 'customer', { wishes: ['data.tax_ids'] }),
  // Without `status=all` Stripe leaves out the cancelled ones.
  list('subscriptions', 'subscriptions', 'subscription', { params: { status: 'all' } }),
  list('subscription_schedules', 'subscription_schedules', 'subscription'),
  list('invoices', 'invoices', 'invoice', LONG),
  list('invoice_items', 'invoiceitems', 'invoice', { ...LONG, time_field: 'date' }),
  list('invoice_payments', 'invoice_payments', 'invoice', LONG),
  list('credit_notes', 'credit_notes', 'credit_note', LONG),
  list('payment_intents', 'payment_intents', 'payment_intent', LONG),
  list('setup_intents', 'setup_intents', 'setup_intent', LONG),
  list('charges', 'charges', 'charge', LONG),
  list('refunds', 'refunds', 'refund', LONG),
  list('disputes', 'disputes', 'dispute'),
  list('checkout_sessions', 'checkout/sessions', 'checkout_session', LONG),
  list('quotes', 'quotes', 'quote', { by_created: false }),
  list('balance_transactions', 'balance_transactions', 'balance_transaction_source', LONG),
  list('payouts', 'payouts', 'payout'),
  list('products', 'products', 'product'),
  list('prices', 'prices', 'plan', { params: TIERS }),
  list('plans', 'plans', 'plan', { params: TIERS }),
  list('coupons', 'coupons', 'coupon'),
  list('promotion_codes', 'promotion_codes', 'promotion_code'),
  list('tax_rates', 'tax_rates', 'tax_rate'),
  list('events', 'events', 'event'),
];

export function listOf(resource: string): ListSpec {
  const spec = LISTS.find((one) => one.resource === resource);
  if (!spec) throw new Error(`there is no list of ${resource}`);
  return spec;
}

/** The instant a listed object is ordered by, in seconds; null when it has none. */
export function secondOf(resource: ListResource, object: Record<string, unknown>): number | null {
  const value = object[listOf(resource).time_field ?? 'created'];
  return typeof value === 'number' ? value : null;
}

/** Lists inside of objects, with the call that answers their further pages. */
const NESTED_CALLS = {
  subscription_items: (id: string): [string, Params] => [
    '/v1/subscription_items',
    { subscription: id },
  ],
  invoice_line_items: (id: string): [string, Params] => [`/v1/invoices/${id}/lines`, {}],
  credit_note_line_items: (id: string): [string, Params] => [`/v1/credit_notes/${id}/lines`, {}],
  tax_ids: (id: string): [string, Params] => [`/v1/customers/${id}/tax_ids`, {}],
} as const;

/** The call for the further pages of a list that hangs off the object `id`. */
export function nestedCall(child: Resource, id: string, after: string | undefined) {
  const [path, own] = NESTED_CALLS[child as keyof typeof NESTED_CALLS](id);
  const params: Params = {
    ...own,
    limit: 100,
    ...(after === undefined ? {} : { starting_after: after }),
  };
  return [path, params] as const;
}

/**
 * Objects with events and versions of their own that a list brings along when asked to. They are
 * taken off their parent again, so that it looks the same however it arrived.
 */
export interface Carried {
  resource: Resource;
  field: string;
}

const CARRIED: Partial<Record<ListResource, Carried>> = {
  customers: { resource: 'tax_ids', field: 'tax_ids' },
};

export function carriedBy(resource: ListResource): Carried | null {
  return CARRIED[resource] ?? null;
}

/** The permission that opens a resource. */
export function slugOf(resource: Resource): string {
  if (resource === 'payment_methods') return 'rak_payment_method_read';
  return resource === 'tax_ids' ? 'rak_customer_read' : listOf(resource).slug;
}

/** Where one object is fetched; those without a list of their own have a path of their own. */
export function pathOfOne(resource: Resource, id: string): string {
  if (resource === 'payment_methods') return `/v1/payment_methods/${id}`;
  if (resource === 'tax_ids') return `/v1/tax_ids/${id}`;
  return `${listOf(resource).path}/${id}`;
}

/** What to ask for with one object, so that it looks as in its list. */
export function expansionOfOne(resource: Resource): Params {
  const spec = LISTS.find((one) => one.resource === resource);
  const carried = spec && carriedBy(spec.resource);
  const wished = (spec?.wishes ?? []).filter((name) => name !== `data.${carried?.field}`);
  const names = [...((spec?.params?.expand as string[] | undefined) ?? []), ...wished];
  return names.length > 0 ? { expand: names.map((name) => name.replace(/^data\./, '')) } : {};
}

const DAY_MS = 86_400_000;

export interface PlannedRange {
  resource: ListResource;
  phase: 1 | 2;
  from_at: Date | null;
  until_at: Date | null;
}

/**
 * The ranges a sync starts with; with `only`, those of some resources. They cover all time,
 * whatever our clock or Stripe's says: the newest has no end and the oldest no beginning.
 */
export function planRanges(now: Date, only?: readonly ListResource[]): PlannedRange[] {
  // Whole seconds, as Stripe's `created` filter has them.
  const recent = new Date(Math.floor((now.getTime() - 90 * DAY_MS) / 1000) * 1000);
  return LISTS.filter(({ resource }) => !only || only.includes(resource)).flatMap(
    ({ resource, recent_first }): PlannedRange[] =>
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
