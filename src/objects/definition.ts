/** Every Stripe resource kept as rows, under the name of its table in schema `stripe`. */
export const RESOURCES = [
  'customers',
  'products',
  'prices',
  'coupons',
  'subscriptions',
  'subscription_items',
  'invoices',
  'invoice_line_items',
  'invoice_payments',
  'payment_intents',
  'charges',
  'refunds',
] as const;

export type Resource = (typeof RESOURCES)[number];

/** A Stripe object as Stripe sent it. */
export type Json = Record<string, unknown>;

/** Resources that arrive inside another one and have no list, event or life of their own. */
export const NESTED = {
  subscriptions: { list: 'items', child: 'subscription_items', parent: 'subscription' },
  invoices: { list: 'lines', child: 'invoice_line_items', parent: 'invoice' },
} as const satisfies Partial<
  Record<Resource, { list: string; child: Resource; parent: 'subscription' | 'invoice' }>
>;

/** Whose ids the account's owner may choose, so that a deleted one can be made again. */
export const RECREATABLE: ReadonlySet<Resource> = new Set(['products', 'coupons']);
