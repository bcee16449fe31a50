import { amendSubscription } from './billing/prorate.ts';
import type { AmendOptions } from './billing/prorate.ts';
import { cancelSubscription, uncancelSubscription } from './billing/cancel.ts';
import type { CancelOptions } from './billing/cancel.ts';
import { changeCustomer, changeSubscription } from './billing/change.ts';
import { createCustomer, deleteCustomer, failRefund, refundCharge } from './billing/customer.ts';
import type { CustomerOptions } from './billing/customer.ts';
import { endDiscount, startDiscount } from './billing/discount.ts';
import { pauseCollection, pauseSubscription, resumeSubscription } from './billing/pause.ts';
import { endTrial } from './billing/renew.ts';
import { attachCard } from './billing/payment-method.ts';
import { setOutcome, subscribe } from './billing/subscribe.ts';
import type { PaymentOutcome, SubscribeOptions } from './billing/subscribe.ts';
import { secondsOf } from './clock.ts';
import { renderCharge } from './resources/charge.ts';
import type { CardRow } from './resources/customer.ts';
import { renderCustomer } from './resources/customer.ts';
import { renderDiscount } from './resources/discount.ts';
import { renderRefund } from './resources/payment.ts';
import { renderSubscription } from './resources/subscription.ts';
import type { PauseBehavior } from './resources/subscription.ts';
import type { RefundRow } from './resources/payment.ts';
import type { DunningSettings } from './state.ts';
import { isKnownVersion } from './versions/version.ts';
import { InvoiceVerbs } from './verbs/invoice-verbs.ts';

/** An instant as the control plane may send it. */
export type Instant = Date | string;

/**
 * What can be done to the account, as its owner or its customers would. Every verb first lets the
 * clock catch up, makes all objects and events Stripe would, and answers with the main object in
 * Stripe's shape.
 */
export class World extends InvoiceVerbs {
  /** The simulator's clock. */
  now(): Date {
    return new Date(this.state.now() * 1000);
  }

  /** Upgrades the account to another version of the API, in which its events are from now on. */
  setApiVersion(version: string) {
    if (!isKnownVersion(version)) throw new Error(`There is no version ${version} here`);
    this.ready().settings.account.api_version = version;
  }

  createCustomer(options: CustomerOptions = {}) {
    const state = this.ready();
    return renderCustomer(state, createCustomer(state, options));
  }

  updateCustomer(id: string, change: Omit<CustomerOptions, 'card' | 'id'>) {
    const state = this.ready();
    return renderCustomer(state, changeCustomer(state, id, change));
  }

  deleteCustomer(id: string) {
    deleteCustomer(this.ready(), id);
    return { id, object: 'customer' as const, deleted: true as const };
  }

  attachCard(customer: string, card?: Partial<CardRow>) {
    const state = this.ready();
    return renderCustomer(state, attachCard(state, customer, card));
  }

  subscribe(options: Omit<SubscribeOptions, 'backdate'> & { backdate?: Instant }) {
    const state = this.ready();
    const { backdate, ...rest } = options;
    const row = subscribe(state, {
      ...rest,
      ...(backdate === undefined ? {} : { backdate: new Date(backdate) }),
    });
    return renderSubscription(state, row);
  }

  changeSubscription(id: string, options: AmendOptions) {
    const state = this.ready();
    return renderSubscription(state, amendSubscription(state, id, options));
  }

  /** The customer need not wait for the trial's end: it ends now and is billed. */
  endTrial(id: string) {
    const state = this.ready();
    return renderSubscription(state, endTrial(state, id));
  }

  /** Takes one item away, with its proration. */
  deleteSubscriptionItem(item: string, proration?: AmendOptions['proration']) {
    const state = this.ready();
    const owner = [...state.subscriptions].find((row) => row.items.some(({ id }) => id === item));
    if (owner === undefined) throw new Error(`The simulator holds no subscription item ${item}`);
    const options = { remove: item, ...(proration === undefined ? {} : { proration }) };
    return renderSubscription(state, amendSubscription(state, owner.id, options));
  }

  updateSubscription(id: string, change: { metadata: Record<string, string> }) {
    const state = this.ready();
    return renderSubscription(state, changeSubscription(state, id, change));
  }

  /** At once unless `at_period_end`. */
  cancel(id: string, options: CancelOptions = {}) {
    const state = this.ready();
    return renderSubscription(state, cancelSubscription(state, id, options));
  }

  uncancel(id: string) {
    const state = this.ready();
    return renderSubscription(state, uncancelSubscription(state, id));
  }

  pause(id: string) {
    const state = this.ready();
    return renderSubscription(state, pauseSubscription(state, id));
  }

  resume(id: string) {
    const state = this.ready();
    return renderSubscription(state, resumeSubscription(state, id));
  }

  /** Null takes the pause of collection back. */
  pauseCollection(id: string, pause: { behavior: PauseBehavior; resumes_at?: Instant } | null) {
    const state = this.ready();
    const resumes_at =
      pause?.resumes_at === undefined ? null : secondsOf(new Date(pause.resumes_at));
    const paused = pause === null ? null : { behavior: pause.behavior, resumes_at };
    return renderSubscription(state, pauseCollection(state, id, paused));
  }

  /** How the customer's next payments go: `succeeds`, `requires_action` or a decline code. */
  setPaymentOutcome(customer: string, payment: PaymentOutcome) {
    setOutcome(this.ready(), customer, payment);
  }

  /** What happens to failing renewals from now on. */
  setDunning(dunning: Partial<DunningSettings>) {
    Object.assign(this.ready().settings.dunning, dunning);
  }

  /** All that is left of a charge, or an amount in minor units. */
  refund(charge: string, amount?: number, reason?: RefundRow['reason']) {
    const state = this.ready();
    return renderRefund(state, refundCharge(state, charge, amount, reason));
  }

  /** The bank refuses to take a refund; the money is back on the balance. */
  failRefund(id: string) {
    const state = this.ready();
    return renderRefund(state, failRefund(state, id));
  }

  /** Changes what is written on a charge. */
  updateCharge(id: string, change: { description?: string; metadata?: Record<string, string> }) {
    const state = this.ready();
    const before = state.charges.get(id);
    const after = state.charges.put({ ...before, ...change });
    state.emit('charge.updated', 'charge', after, before);
    return renderCharge(state, after);
  }

  /** On a subscription, or on the customer as a whole. */
  addDiscount(target: { subscription: string } | { customer: string }, coupon: string) {
    const state = this.ready();
    if ('customer' in target) {
      const discount = startDiscount(state, coupon, target.customer, null);
      changeCustomer(state, target.customer, { discount: discount.id });
      return renderDiscount(state, discount);
    }
    const subscription = state.subscriptions.get(target.subscription);
    const discount = startDiscount(state, coupon, subscription.customer, subscription.id);
    const discounts = [...subscription.discounts, discount.id];
    changeSubscription(state, subscription.id, { discounts });
    return renderDiscount(state, discount);
  }

  removeDiscount(discount: string) {
    endDiscount(this.ready(), discount);
  }
}
