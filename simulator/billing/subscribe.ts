import { DAY, HOUR, secondsOf } from '../clock.ts';
import type { ItemRow, MissingPaymentMethod, SubscriptionRow } from '../resources/subscription.ts';
import { onClockOf } from '../resources/test-clock.ts';
import type { State } from '../state.ts';
import { changeInvoice, changeSubscription } from './change.ts';
import { finalizeInvoice, voidInvoice } from './collect-payment.ts';
import { startDiscount } from './discount.ts';
import { redeemPromotionCode } from './promotion-code.ts';
import { draftInvoice, itemLines } from './draft-invoice.ts';
import { collectInvoice } from './dun.ts';
import { attachCard } from './payment-method.ts';
import { nextBoundary } from './period.ts';

/** `none` leaves the customer without a card; any other word is a decline code. */
export type PaymentOutcome = 'succeeds' | 'declines' | 'requires_action' | 'none' | (string & {});

export interface SubscribeOptions {
  customer: string;
  items: { price: string; quantity?: number }[];
  trial_days?: number;
  coupon?: string;
  /** The id of a code, instead of the coupon behind it. */
  promotion_code?: string;
  /** The quote it comes from. */
  quote?: string;
  /** Ids of rates that every line is taxed by. */
  tax_rates?: string[];
  /** How the first and all later payments go, until changed. Default `succeeds`. */
  payment?: PaymentOutcome;
  collection_method?: 'charge_automatically' | 'send_invoice';
  days_until_due?: number;
  /** Counts the subscription from an earlier instant; the periods since then are billed now. */
  backdate?: Date;
  /** What a trial without card does at its end. Default `create_invoice`. */
  missing_payment_method?: MissingPaymentMethod;
  metadata?: Record<string, string>;
}

/** Sets how this customer's payments go from now on. */
export function setOutcome(state: State, customer: string, payment: PaymentOutcome): void {
  const outcome = payment === 'declines' ? 'card_declined' : payment;
  const row = state.customers.get(customer);
  state.customers.put({ ...row, outcome: outcome === 'none' ? 'card_declined' : outcome });
}

function buildItems(
  state: State,
  options: SubscribeOptions,
  start: number,
  trialEnd: number | null,
) {
  return options.items.map((item): ItemRow => {
    const price = state.prices.get(item.price);
    if (price.interval === null) throw new Error(`Price ${price.id} is not recurring`);
    const end = nextBoundary(start, price.interval, price.interval_count, state.now());
    return {
      id: state.ids.make('si_', 14),
      created: state.now(),
      price: price.id,
      quantity: item.quantity ?? 1,
      current_period_start: start,
      current_period_end: trialEnd ?? end,
    };
  });
}

/** Cuts a backdated item into the periods passed so far; the last one is the current period. */
function periodsOf(state: State, item: ItemRow, anchor: number): { start: number; end: number }[] {
  const price = state.prices.get(item.price);
  const periods = [];
  let start = item.current_period_start;
  while (start < item.current_period_end) {
    const end = nextBoundary(anchor, price.interval ?? 'month', price.interval_count, start);
    periods.push({ start, end });
    start = end;
  }
  return periods;
}

function newRow(state: State, options: SubscribeOptions, start: number): SubscriptionRow {
  const now = state.now();
  const trialEnd = options.trial_days ? now + options.trial_days * DAY : null;
  const collection_method = options.collection_method ?? 'charge_automatically';
  const sent = collection_method === 'send_invoice';
  const first = state.prices.get(options.items[0]?.price ?? '');
  return {
    id: state.ids.make('sub_', 24),
    created: now,
    customer: options.customer,
    status: trialEnd !== null ? 'trialing' : sent ? 'active' : 'incomplete',
    currency: first.currency,
    items: buildItems(state, options, start, trialEnd),
    discounts: [],
    collection_method,
    days_until_due: sent ? (options.days_until_due ?? 30) : null,
    start_date: start,
    billing_cycle_anchor: trialEnd ?? start,
    trial_start: trialEnd === null ? null : now,
    trial_end: trialEnd,
    missing_payment_method: options.missing_payment_method ?? 'create_invoice',
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    ended_at: null,
    cancel_reason: null,
    cancel_feedback: null,
    cancel_comment: null,
    pause_collection: null,
    paused: null,
    latest_invoice: null,
    metadata: options.metadata ?? {},
    ...(options.tax_rates === undefined ? {} : { default_tax_rates: options.tax_rates }),
    ...onClockOf(state, options.customer),
  };
}

/**
 * Creates a subscription with its first invoice. A trial starts `trialing` with an invoice over
 * nothing; otherwise the subscription is born `incomplete` and becomes `active` with the payment,
 * or expires 23 hours later.
 */
export function subscribe(state: State, options: SubscribeOptions): SubscriptionRow {
  const now = state.now();
  const payment = options.payment;
  const customer = state.customers.get(options.customer);
  const sent = options.collection_method === 'send_invoice';
  if (payment !== undefined) setOutcome(state, customer.id, payment);
  if (customer.card === null && payment !== 'none' && !sent) attachCard(state, customer.id);
  const start = options.backdate === undefined ? now : secondsOf(options.backdate);
  let row = newRow(state, options, start);
  const invoiceId = state.ids.make('in_', 24);
  row = state.subscriptions.put({ ...row, latest_invoice: invoiceId });
  const code = options.promotion_code;
  const coupon = code === undefined ? options.coupon : redeemPromotionCode(state, code);
  if (coupon !== undefined) {
    const discount = startDiscount(state, coupon, customer.id, row.id, code);
    row = state.subscriptions.put({ ...row, discounts: [discount.id] });
  }
  const live = state.subscriptionsOf.get(customer.id) ?? [];
  state.subscriptionsOf.set(customer.id, [...live, row.id]);
  const trialing = row.trial_end !== null;
  const lines = row.items.flatMap((item) =>
    trialing
      ? itemLines(state, row, item, { start: now, end: item.current_period_end }, true)
      : periodsOf(state, item, start).flatMap((period) => itemLines(state, row, item, period)),
  );
  const items = row.items.map((item) => {
    const current = trialing ? undefined : periodsOf(state, item, start).at(-1);
    return current === undefined ? item : { ...item, current_period_start: current.start };
  });
  row = state.subscriptions.put({ ...row, items });
  state.emit('customer.subscription.created', 'subscription', row);
  draftInvoice(state, {
    id: invoiceId,
    customer: customer.id,
    subscription: row,
    billing_reason: 'subscription_create',
    lines,
    period_start: now,
    period_end: now,
    ...(options.quote === undefined ? {} : { quote: options.quote }),
  });
  scheduleSubscription(state, row);
  if (sent && !trialing) {
    state.agenda.add(now + HOUR, 'finalize_invoice', invoiceId);
    return row;
  }
  const opened = finalizeInvoice(state, invoiceId);
  if (opened.status === 'open') collectInvoice(state, invoiceId);
  const after = state.subscriptions.get(row.id);
  if (after.status !== 'incomplete') return after;
  if (opened.status === 'paid') return changeSubscription(state, row.id, { status: 'active' });
  changeInvoice(state, invoiceId, { auto_advance: false }, false);
  state.agenda.add(now + 23 * HOUR, 'expire_incomplete', row.id);
  return after;
}

/** Puts a subscription's next renewal (and the notice before a trial's end) on the agenda. */
export function scheduleSubscription(state: State, row: SubscriptionRow): void {
  const next = Math.min(...row.items.map((item) => item.current_period_end));
  state.agenda.add(next, 'renew', row.id);
  if (row.status === 'trialing' && row.trial_end !== null) {
    const notice = Math.max(state.now(), row.trial_end - 3 * DAY);
    state.agenda.add(notice, 'trial_will_end', row.id);
  }
}

/** A first payment that never came. */
export function expireIncomplete(state: State, id: string): void {
  const subscription = state.subscriptions.get(id);
  if (subscription.status !== 'incomplete') return;
  changeSubscription(state, id, { status: 'incomplete_expired', ended_at: state.now() });
  if (subscription.latest_invoice !== null) voidInvoice(state, subscription.latest_invoice);
}
