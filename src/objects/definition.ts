/** Every Stripe resource kept as rows, under the name of its table in schema `stripe`. */
export const RESOURCES = [
  'customers',
  'products',
  'prices',
  'plans',
  'coupons',
  'promotion_codes',
  'tax_rates',
  'subscriptions',
  'subscription_items',
  'subscription_schedules',
  'invoices',
  'invoice_line_items',
  'invoice_items',
  'invoice_payments',
  'credit_notes',
  'credit_note_line_items',
  'payment_intents',
  'setup_intents',
  'charges',
  'refunds',
  'disputes',
  'checkout_sessions',
  'quotes',
  'payment_methods',
  'tax_ids',
  'balance_transactions',
  'payouts',
] as const;
export type Resource = (typeof RESOURCES)[number];

/** A Stripe object as Stripe sent it. */
export type Json = Record<string, unknown>;

/** Columns that a nested row takes from its parent, because the nested object does not tell them. */
export type Inherited = 'customer' | 'created_at' | 'credit_note';

/** A list inside of an object, whose members follow that object: they have no event or version of their own. */
export interface Nesting {
  parent: Resource;
  /** The parent's field that holds the first page. */
  list: string;
  child: Resource;
  /** The child's column that names its parent. */
  column: 'subscription' | 'invoice' | 'credit_note';
  inherits: readonly Inherited[];
}

export const NESTINGS: readonly Nesting[] = [
  {
    parent: 'subscriptions',
    list: 'items',
    child: 'subscription_items',
    column: 'subscription',
    inherits: ['customer'],
  },
  {
    parent: 'invoices',
    list: 'lines',
    child: 'invoice_line_items',
    column: 'invoice',
    inherits: ['customer', 'created_at'],
  },
  {
    parent: 'credit_notes',
    list: 'lines',
    child: 'credit_note_line_items',
    column: 'credit_note',
    inherits: ['customer', 'created_at', 'credit_note'],
  },
];

/** The nested list of a resource, or null. */
export function nestingOf(resource: Resource): Nesting | null {
  return NESTINGS.find((nesting) => nesting.parent === resource) ?? null;
}

/** How the rows of a nested resource come about, or null when it is none. */
export function nestingOfChild(resource: Resource): Nesting | null {
  return NESTINGS.find((nesting) => nesting.child === resource) ?? null;
}

/** Whose ids the account's owner may choose, so that a deleted one can be made again. */
export const RECREATABLE: ReadonlySet<Resource> = new Set(['products', 'coupons', 'plans']);

/** Resources whose row names the customer it belongs to. */
const WITHOUT_CUSTOMER = [
  'products',
  'prices',
  'plans',
  'coupons',
  'tax_rates',
  'invoice_payments',
  'refunds',
  'disputes',
  'balance_transactions',
  'payouts',
] as const satisfies readonly Resource[];
export type CustomerResource = Exclude<Resource, (typeof WITHOUT_CUSTOMER)[number]>;

/** Whether the rows of a resource name the customer they belong to. */
export function hasCustomer(resource: Resource): resource is CustomerResource {
  return !(WITHOUT_CUSTOMER as readonly Resource[]).includes(resource);
}
