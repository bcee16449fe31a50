/** What a connection can be in. Each has a sentence and a next step (`describe-state.ts`). */
export const SOURCE_STATES = [
  'connecting',
  'permission_missing',
  'webhook_full',
  'syncing',
  'live',
  'degraded',
  'key_revoked',
  'paused',
  'disconnected',
  'deleting',
] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** States in which nothing is read from Stripe and nothing is applied. */
export const RESTING_STATES: ReadonlySet<SourceState> = new Set([
  'paused',
  'disconnected',
  'deleting',
]);

export type Mode = 'live' | 'test';

/** The version all requests ask for and our webhook endpoint is pinned to. */
export const API_VERSION = '2026-10-28.endive';

/** Stripe lists events of the last 30 days; beyond, only a new copy of all lists helps. */
export const EVENTS_REACH_MS = 29 * 86_400_000;

export interface Permission {
  /** Stripe's name of the permission, as its 403 answers tell it. */
  slug: string;
  /** What it opens, in our words. */
  resource: string;
  /** The row of Stripe's key form. */
  label: string;
  /** The column of that row. */
  access: 'Read' | 'Write';
  /** A harmless read that only a key with this permission may do. */
  path: string;
  /** Without a needed one nothing is connected. */
  needed: boolean;
  why: string;
}

const FOLDERS: Readonly<Record<string, string>> = {
  checkout_sessions: 'checkout/sessions',
  test_clocks: 'test_helpers/test_clocks',
};

/** Every permission Headwater asks for: the connect screen, the guide, the pre-filled form and the probe read this table. */
export const PERMISSIONS: readonly Permission[] = [
  read('customer', 'customers', 'Customers', '/v1/customers', 'people: names, e-mail addresses'),
  read('subscription', 'subscriptions', 'Subscriptions', '/v1/subscriptions', 'trials, MRR, churn'),
  read('invoice', 'invoices', 'Invoices', '/v1/invoices', 'what was billed, line by line'),
  read('charge', 'charges', 'Charges', '/v1/charges', 'payments and failed payments'),
  read('refund', 'refunds', 'Refunds', '/v1/refunds', 'money given back'),
  read(
    'payment_intent',
    'payment_intents',
    'Payment Intents',
    '/v1/payment_intents',
    'which payment paid which invoice',
  ),
  read('product', 'products', 'Products', '/v1/products', 'names of plans'),
  read('plan', 'prices', 'Prices', '/v1/prices', 'amounts and intervals of plans'),
  read('coupon', 'coupons', 'Coupons', '/v1/coupons', 'discounts in MRR'),
  read('event', 'events', 'Events', '/v1/events', 'nothing is missed while the webhook is silent'),
  extra('credit_note', 'credit_notes', 'Credit notes', 'what was credited, line by line'),
  extra('dispute', 'disputes', 'Disputes', 'payments that customers contest'),
  extra('payment_method', 'payment_methods', 'Payment Methods', 'cards, and when they expire'),
  extra('setup_intent', 'setup_intents', 'SetupIntents', 'who tried to save a way to pay'),
  extra(
    'checkout_session',
    'checkout_sessions',
    'Checkout Sessions',
    'checkouts begun, completed and left',
  ),
  extra('promotion_code', 'promotion_codes', 'Promotion Codes', 'which code brought whom'),
  extra('tax_rate', 'tax_rates', 'Tax Rates', 'names of taxes on invoices'),
  extra('quote', 'quotes', 'Quotes', 'offers and what became of them'),
  extra(
    'balance_transaction_source',
    'balance_transactions',
    'Balance Transaction Sources',
    'fees and exchange rates',
  ),
  extra('payout', 'payouts', 'Payouts', 'what reached the bank, and when'),
  extra('billing_clock', 'test_clocks', 'Test Clocks', 'which test customers live by a clock'),
  {
    slug: 'rak_webhook_write',
    resource: 'webhook_endpoints',
    label: 'Webhook Endpoints',
    access: 'Write',
    path: '/v1/webhook_endpoints',
    needed: true,
    why: 'Stripe tells us of every change; the only thing Headwater ever writes',
  },
  {
    slug: 'rak_accounts_kyc_basic_read',
    resource: 'account',
    label: 'Accounts',
    access: 'Read',
    path: '/v1/account',
    needed: false,
    why: 'the name, currency and time zone of the account',
  },
];

function read(
  slug: string,
  resource: string,
  label: string,
  path: string,
  why: string,
): Permission {
  return { slug: `rak_${slug}_read`, resource, label, access: 'Read', path, needed: true, why };
}

/** One that only its own resource needs; without it that resource is skipped. */
function extra(slug: string, resource: string, label: string, why: string): Permission {
  const path = `/v1/${FOLDERS[resource] ?? resource}`;
  return { ...read(slug, resource, label, path, why), needed: false };
}

/** Stripe's form for a new restricted key with name and permissions filled in. Stripe ignores what it does not know. */
export function keyFormUrl(mode: Mode): string {
  const permissions = PERMISSIONS.map(({ slug }) => `permissions[]=${slug}`).join('&');
  const folder = mode === 'test' ? 'test/' : '';
  return `https://dashboard.stripe.com/${folder}apikeys/create?name=Headwater&${permissions}`;
}

/** The event types our webhook endpoint is created with. */
export const WEBHOOK_EVENTS: readonly string[] = [
  group('customer', 'created updated deleted'),
  group('customer.discount', 'created updated deleted'),
  group('customer.tax_id', 'created updated deleted'),
  group(
    'customer.subscription',
    'created updated deleted paused resumed trial_will_end pending_update_applied pending_update_expired',
  ),
  group('subscription_schedule', 'created updated canceled completed released aborted expiring'),
  group(
    'invoice',
    'created updated finalized finalization_failed sent paid payment_succeeded payment_failed ' +
      'payment_action_required payment_attempt_required overdue overpaid will_be_due marked_uncollectible voided deleted',
  ),
  group('invoice_payment', 'paid'),
  group('invoiceitem', 'created deleted'),
  group('charge', 'succeeded pending failed captured expired updated refunded refund.updated'),
  group('refund', 'created updated failed'),
  group('charge.dispute', 'created updated closed funds_withdrawn funds_reinstated'),
  group('payment_intent', 'created succeeded payment_failed canceled'),
  group('setup_intent', 'created succeeded setup_failed canceled requires_action'),
  group('payment_method', 'attached updated automatically_updated detached'),
  group('product', 'created updated deleted'),
  group('price', 'created updated deleted'),
  group('plan', 'created updated deleted'),
  group('coupon', 'created updated deleted'),
  group('promotion_code', 'created updated'),
  group('credit_note', 'created updated voided'),
  group('checkout.session', 'completed expired async_payment_succeeded async_payment_failed'),
  group('payout', 'created updated paid failed canceled'),
  group('tax_rate', 'created updated'),
  group('quote', 'created accepted finalized canceled'),
].flat();

function group(prefix: string, names: string): string[] {
  return names.split(' ').map((name) => `${prefix}.${name}`);
}
