import {
  completeCheckoutSession,
  expireCheckoutSession,
  openCheckoutSession,
  settleCheckoutSession,
} from '../billing/checkout.ts';
import type { Buyer, CheckoutOptions } from '../billing/checkout.ts';
import { createPromotionCode, updatePromotionCode } from '../billing/promotion-code.ts';
import type { PromotionCodeOptions } from '../billing/promotion-code.ts';
import { acceptQuote, cancelQuote, createQuote, finalizeQuote } from '../billing/quote.ts';
import type { QuoteOptions } from '../billing/quote.ts';
import { cancelSchedule, createSchedule, releaseSchedule } from '../billing/schedule.ts';
import type { ScheduleOptions } from '../billing/schedule.ts';
import { renderCheckoutSession } from '../resources/checkout-session.ts';
import { renderPromotionCode } from '../resources/promotion-code.ts';
import { renderQuote } from '../resources/quote.ts';
import { renderSchedule } from '../resources/schedule.ts';
import { MoneyVerbs } from './money-verbs.ts';

/** The ways in which something is sold. */
export class SellingVerbs extends MoneyVerbs {
  createPromotionCode(options: PromotionCodeOptions) {
    const state = this.ready();
    return renderPromotionCode(state, createPromotionCode(state, options));
  }

  updatePromotionCode(id: string, change: { active?: boolean; metadata?: Record<string, string> }) {
    const state = this.ready();
    return renderPromotionCode(state, updatePromotionCode(state, id, change));
  }

  openCheckoutSession(options: CheckoutOptions) {
    const state = this.ready();
    return renderCheckoutSession(state, openCheckoutSession(state, options));
  }

  completeCheckoutSession(id: string, buyer: Buyer = {}) {
    const state = this.ready();
    return renderCheckoutSession(state, completeCheckoutSession(state, id, buyer));
  }

  settleCheckoutSession(id: string, outcome: 'succeeds' | 'fails') {
    const state = this.ready();
    return renderCheckoutSession(state, settleCheckoutSession(state, id, outcome));
  }

  expireCheckoutSession(id: string) {
    const state = this.ready();
    return renderCheckoutSession(state, expireCheckoutSession(state, id));
  }

  createQuote(options: QuoteOptions) {
    const state = this.ready();
    return renderQuote(state, createQuote(state, options));
  }

  finalizeQuote(id: string) {
    const state = this.ready();
    return renderQuote(state, finalizeQuote(state, id));
  }

  acceptQuote(id: string) {
    const state = this.ready();
    return renderQuote(state, acceptQuote(state, id));
  }

  cancelQuote(id: string) {
    const state = this.ready();
    return renderQuote(state, cancelQuote(state, id));
  }

  /** Plans a subscription in phases: a new one of a customer, or one that exists. */
  scheduleSubscription(options: ScheduleOptions) {
    const state = this.ready();
    return renderSchedule(state, createSchedule(state, options));
  }

  releaseSchedule(id: string) {
    const state = this.ready();
    return renderSchedule(state, releaseSchedule(state, id));
  }

  cancelSchedule(id: string) {
    const state = this.ready();
    return renderSchedule(state, cancelSchedule(state, id));
  }
}
