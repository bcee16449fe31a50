import { DAY } from '../clock.ts';
import type { CheckoutSessionRow } from '../resources/checkout-session.ts';
import type { CustomerRow } from '../resources/customer.ts';
import { subtotalOf, sumsOf } from '../resources/line-item.ts';
import type { OfferRow } from '../resources/line-item.ts';
import type { PaymentIntentRow } from '../resources/payment.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import { moveCharge } from './collect-payment.ts';
import { createCustomer } from './customer.ts';
import { attachCard } from './payment-method.ts';
import { createSetupIntent, succeedSetupIntent } from './setup-intent.ts';
import { subscribe } from './subscribe.ts';

export interface CheckoutOptions {
  mode?: CheckoutSessionRow['mode'];
  items?: { price: string; quantity?: number }[];
  customer?: string;
  coupon?: string;
  promotion_code?: string;
  trial_days?: number;
  client_reference_id?: string;
  metadata?: Record<string, string>;
}

/** Lines of an offer; percentage coupons are shown on each. */
export function offerOf(
  state: State,
  items: { price: string; quantity?: number }[],
  coupon: string | null = null,
): OfferRow[] {
  const percent = coupon === null ? 0 : (state.coupons.get(coupon).percent_off ?? 0);
  return items.map((item) => {
    const quantity = item.quantity ?? 1;
    const row = { id: state.ids.make('li_', 24), price: item.price, quantity, amount_discount: 0 };
    return { ...row, amount_discount: Math.round((subtotalOf(state, row) * percent) / 100) };
  });
}

/** A buyer is sent to the payment page. It waits for a day. */
export function openCheckoutSession(state: State, options: CheckoutOptions): CheckoutSessionRow {
  const now = state.now();
  const code = options.promotion_code;
  const coupon =
    code === undefined ? (options.coupon ?? null) : state.promotionCodes.get(code).coupon;
  const items = offerOf(state, options.items ?? [], coupon);
  const mode = options.mode ?? 'subscription';
  const first = items[0] === undefined ? undefined : state.prices.get(items[0].price);
  const row = state.checkoutSessions.put({
    id: state.ids.make(`cs_${state.settings.livemode ? 'live' : 'test'}_`, 58),
    created: now,
    mode,
    status: 'open',
    payment_status: mode === 'setup' || options.trial_days ? 'no_payment_required' : 'unpaid',
    currency: first?.currency ?? state.settings.account.default_currency,
    items,
    coupon,
    promotion_code: code ?? null,
    customer: options.customer ?? null,
    details: null,
    client_reference_id: options.client_reference_id ?? null,
    subscription: null,
    invoice: null,
    payment_intent: null,
    setup_intent:
      mode === 'setup' ? createSetupIntent(state, customerOf(options.customer)).id : null,
    expires_at: now + DAY,
    trial_days: options.trial_days ?? null,
    metadata: options.metadata ?? {},
  });
  state.agenda.add(row.expires_at, 'expire_checkout', row.id);
  return row;
}

const customerOf = (customer: string | undefined) => (customer === undefined ? {} : { customer });

function sold(state: State, session: CheckoutSessionRow, customer: string) {
  const { coupon, promotion_code, trial_days } = session;
  const subscription = subscribe(state, {
    customer,
    items: session.items.map(({ price, quantity }) => ({ price, quantity })),
    ...(trial_days === null ? {} : { trial_days }),
    ...(promotion_code === null ? (coupon === null ? {} : { coupon }) : { promotion_code }),
  });
  return { subscription: subscription.id, invoice: subscription.latest_invoice };
}

/** A payment without an invoice. */
function chargeOnce(
  state: State,
  session: CheckoutSessionRow,
  customer: CustomerRow,
  paid: boolean,
) {
  const amount = sumsOf(state, session.items).total;
  const created = state.now();
  const base = { created, customer: customer.id, amount, currency: session.currency };
  let intent: PaymentIntentRow = state.paymentIntents.put({
    ...base,
    id: state.ids.make('pi_', 24),
    payment_method: customer.card?.id ?? null,
    description: 'Checkout',
    status: paid ? 'requires_confirmation' : 'requires_action',
    latest_charge: null,
    decline_code: null,
    canceled_at: null,
  });
  state.emit('payment_intent.created', 'payment_intent', intent);
  if (!paid) return intent.id;
  intent = settleIntent(state, intent, customer);
  return intent.id;
}

function settleIntent(state: State, intent: PaymentIntentRow, customer: CustomerRow) {
  const id = state.ids.make('ch_', 24);
  const { amount, currency, description } = intent;
  const charge = state.charges.put({
    id,
    created: state.now(),
    customer: customer.id,
    payment_intent: intent.id,
    card: customer.card,
    amount,
    amount_refunded: 0,
    currency,
    description,
    status: 'succeeded',
    decline_code: null,
    email: customer.email,
    name: customer.name,
    balance_transaction: moveCharge(state, id, amount, intent),
  });
  state.emit('charge.succeeded', 'charge', charge);
  const after = state.paymentIntents.put({ ...intent, status: 'succeeded', latest_charge: id });
  state.emit('payment_intent.succeeded', 'payment_intent', after);
  return after;
}

export interface Buyer {
  name?: string;
  email?: string;
  country?: string;
  /** `pending`: by a slow method in payment mode, settled later by `settleCheckoutSession`. */
  payment?: 'succeeds' | 'pending';
}

/** The buyer fills in the page and pays. */
export function completeCheckoutSession(
  state: State,
  id: string,
  buyer: Buyer = {},
): CheckoutSessionRow {
  const before = state.checkoutSessions.get(id);
  if (before.status !== 'open') throw new Error(`Checkout session ${id} is ${before.status}`);
  const { name, email, country, payment = 'succeeds' } = buyer;
  const known = before.customer === null ? undefined : state.customers.get(before.customer);
  const details = {
    name: name ?? known?.name ?? null,
    email: email ?? known?.email ?? null,
    country: country ?? known?.country ?? null,
  };
  let customer = known ?? createCustomer(state, details);
  if (before.mode !== 'setup' && customer.card === null) customer = attachCard(state, customer.id);
  const done: Partial<CheckoutSessionRow> =
    before.mode === 'subscription' ? sold(state, before, customer.id) : {};
  if (before.mode === 'payment') {
    done.payment_intent = chargeOnce(state, before, customer, payment === 'succeeds');
  }
  if (before.setup_intent !== null) {
    const intent = state.setupIntents.get(before.setup_intent);
    state.setupIntents.put({ ...intent, customer: customer.id });
    succeedSetupIntent(state, intent.id);
  }
  const free = before.payment_status === 'no_payment_required';
  const after = state.checkoutSessions.put({
    ...before,
    ...done,
    customer: customer.id,
    details,
    status: 'complete',
    payment_status: free ? before.payment_status : payment === 'pending' ? 'unpaid' : 'paid',
  });
  state.emit('checkout.session.completed', 'checkout_session', after);
  return after;
}

/** What became of a payment by a slow method. */
export function settleCheckoutSession(
  state: State,
  id: string,
  outcome: 'succeeds' | 'fails',
): CheckoutSessionRow {
  const before = state.checkoutSessions.get(id);
  if (before.payment_status !== 'unpaid' || before.payment_intent === null) {
    throw new Error(`Checkout session ${id} waits for no payment`);
  }
  const intent = state.paymentIntents.get(before.payment_intent);
  if (outcome === 'fails') {
    const failed = { ...intent, status: 'requires_payment_method' as const };
    state.emit('payment_intent.payment_failed', 'payment_intent', state.paymentIntents.put(failed));
    state.emit('checkout.session.async_payment_failed', 'checkout_session', before);
    return before;
  }
  settleIntent(state, intent, state.customers.get(intent.customer));
  const after = state.checkoutSessions.put({ ...before, payment_status: 'paid' });
  state.emit('checkout.session.async_payment_succeeded', 'checkout_session', after);
  return after;
}

export function expireCheckoutSession(state: State, id: string): CheckoutSessionRow {
  const before = state.checkoutSessions.get(id);
  if (before.status !== 'open') throw new Error(`Checkout session ${id} is ${before.status}`);
  const after = state.checkoutSessions.put({ ...before, status: 'expired' });
  state.emit('checkout.session.expired', 'checkout_session', after);
  return after;
}

export function expireWhenDue(state: State, id: string): void {
  if (state.checkoutSessions.get(id).status === 'open') expireCheckoutSession(state, id);
}

/** The page by which a subscription came about that exists already. */
export function recordCheckout(state: State, subscription: SubscriptionRow): CheckoutSessionRow {
  const items = subscription.items.map(({ price, quantity }) => ({ price, quantity }));
  const customer = state.customers.get(subscription.customer);
  const opened = openCheckoutSession(state, { items });
  const trial = subscription.status === 'trialing';
  const after = state.checkoutSessions.put({
    ...opened,
    status: 'complete',
    payment_status: trial ? 'no_payment_required' : 'paid',
    customer: customer.id,
    details: { name: customer.name, email: customer.email, country: customer.country },
    subscription: subscription.id,
    invoice: subscription.latest_invoice,
  });
  state.emit('checkout.session.completed', 'checkout_session', after);
  return after;
}
