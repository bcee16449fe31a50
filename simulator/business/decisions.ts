import { cancelSubscription } from '../billing/cancel.ts';
import { changeCustomer } from '../billing/change.ts';
import { refundCharge } from '../billing/customer.ts';
import { pauseCollection, pauseSubscription } from '../billing/pause.ts';
import { amendSubscription } from '../billing/prorate.ts';
import { setOutcome } from '../billing/subscribe.ts';
import { DAY, HOUR } from '../clock.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { StarterCatalogue } from '../starter-catalogue.ts';
import type { State } from '../state.ts';
import type { Extras } from './extras.ts';
import { inventPerson } from './people.ts';

export const FEEDBACK = [
  'too_expensive',
  'missing_features',
  'unused',
  'switched_service',
  'too_complex',
  'other',
] as const;
const DECLINES = ['insufficient_funds', 'generic_decline', 'expired_card', 'do_not_honor'] as const;

/** What a paying customer may decide, or run into. Later consequences go on the agenda. */
export class Decisions {
  readonly #state: State;
  readonly #catalogue: StarterCatalogue;

  readonly #extras: Extras;

  constructor(state: State, catalogue: StarterCatalogue, extras: Extras) {
    this.#state = state;
    this.#catalogue = catalogue;
    this.#extras = extras;
  }

  churn(subscription: SubscriptionRow): void {
    const { random, agenda } = this.#state;
    const feedback = random.pick(FEEDBACK);
    if (random.chance(0.75)) {
      cancelSubscription(this.#state, subscription.id, { at_period_end: true, feedback });
      if (random.chance(0.1)) {
        const later = this.#state.now() + random.int(HOUR, 10 * DAY);
        agenda.add(later, 'business_stay', subscription.id);
      }
      return;
    }
    if (random.chance(0.3)) this.refund(subscription);
    cancelSubscription(this.#state, subscription.id, { feedback });
  }

  /** The card starts to fail; most people mend it within days of the failed renewal. */
  trouble(subscription: SubscriptionRow): void {
    const { random, agenda } = this.#state;
    setOutcome(this.#state, subscription.customer, random.pick(DECLINES));
    if (!random.chance(0.7)) return;
    const renewal = Math.min(...subscription.items.map((item) => item.current_period_end));
    agenda.add(renewal + random.int(HOUR, 12 * DAY), 'business_mend', subscription.customer);
  }

  /** To the next larger or smaller plan. */
  move(subscription: SubscriptionRow, step: 1 | -1): void {
    const item = subscription.items[0];
    if (item === undefined) return;
    const yearly = this.#state.prices.get(item.price).interval === 'year';
    const { plans } = this.#catalogue;
    const at = plans.findIndex((plan) => plan.monthly === item.price || plan.yearly === item.price);
    const plan = plans[at + step];
    if (plan === undefined || at < 0) return;
    amendSubscription(this.#state, subscription.id, {
      item: item.id,
      price: yearly ? plan.yearly : plan.monthly,
      quantity: plan.by_seat ? this.#state.random.int(3, 8) : 1,
      proration: this.#state.random.chance(0.2) ? 'always_invoice' : 'create_prorations',
    });
  }

  seats(subscription: SubscriptionRow): void {
    const item = subscription.items[0];
    if (item === undefined || item.quantity < 2) return;
    const quantity = Math.max(2, item.quantity + this.#state.random.pick([-2, -1, 1, 1, 2, 3, 5]));
    if (quantity === item.quantity) return;
    amendSubscription(this.#state, subscription.id, { item: item.id, quantity });
  }

  addOn(subscription: SubscriptionRow): void {
    const first = this.#state.prices.get(subscription.items[0]?.price ?? '');
    if (first.interval !== 'month') return;
    const add = { price: this.#catalogue.add_on, quantity: this.#state.random.int(2, 30) };
    amendSubscription(this.#state, subscription.id, { add });
  }

  goYearly(subscription: SubscriptionRow): void {
    const item = subscription.items[0];
    const plan = this.#catalogue.plans.find((entry) => entry.monthly === item?.price);
    if (plan === undefined || subscription.items.length > 1) return;
    amendSubscription(this.#state, subscription.id, { price: plan.yearly });
  }

  pause(subscription: SubscriptionRow): void {
    pauseSubscription(this.#state, subscription.id);
    const later = this.#state.now() + this.#state.random.int(20 * DAY, 70 * DAY);
    const kind = this.#state.random.chance(0.7) ? 'business_resume' : 'business_leave';
    this.#state.agenda.add(later, kind, subscription.id);
  }

  hold(subscription: SubscriptionRow): void {
    const behavior = this.#state.random.pick([
      'void',
      'mark_uncollectible',
      'keep_as_draft',
    ] as const);
    const resumes_at = this.#state.now() + this.#state.random.int(20 * DAY, 60 * DAY);
    pauseCollection(this.#state, subscription.id, { behavior, resumes_at });
  }

  refund(subscription: SubscriptionRow): void {
    if (subscription.latest_invoice === null) return;
    const invoice = this.#state.invoices.get(subscription.latest_invoice);
    const payment = invoice.payments[0];
    if (invoice.status !== 'paid' || payment === undefined) return;
    const intent = this.#state.invoicePayments.get(payment).payment_intent;
    const charge = this.#state.paymentIntents.get(intent).latest_charge;
    if (charge === null || this.#state.charges.get(charge).amount_refunded > 0) return;
    const part = this.#state.random.chance(0.4) ? Math.ceil(invoice.amount_paid / 2) : undefined;
    const refund = refundCharge(this.#state, charge, part);
    this.#extras.refunded(invoice.id, refund);
  }

  details(subscription: SubscriptionRow, number: number): void {
    const person = inventPerson(this.#state.random, number);
    const change = this.#state.random.chance(0.5)
      ? { phone: `+1555${String(this.#state.random.int(0, 9_999_999)).padStart(7, '0')}` }
      : { name: person.name };
    changeCustomer(this.#state, subscription.customer, change);
  }
}
