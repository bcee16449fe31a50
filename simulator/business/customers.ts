import type { Task } from '../agenda.ts';
import { cancelSubscription, isEnded, uncancelSubscription } from '../billing/cancel.ts';
import { createCustomer, deleteCustomer } from '../billing/customer.ts';
import { resumeSubscription } from '../billing/pause.ts';
import { setOutcome, subscribe } from '../billing/subscribe.ts';
import { DAY } from '../clock.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { StarterCatalogue } from '../starter-catalogue.ts';
import type { State } from '../state.ts';
import { Decisions, FEEDBACK } from './decisions.ts';
import { Extras } from './extras.ts';
import { inventPerson } from './people.ts';

const ADVERTS = ['search', 'newsletter', 'friend', 'conference', 'podcast'] as const;

/** What may happen to a subscription in a month, as probabilities of a monthly one. */
const MONTHLY = {
  churn: 0.03,
  trouble: 0.028,
  upgrade: 0.02,
  downgrade: 0.009,
  seats: 0.1,
  add_on: 0.008,
  yearly: 0.006,
  pause: 0.003,
  hold: 0.002,
  refund: 0.005,
  details: 0.006,
  deletion: 0.0004,
};

/**
 * Made-up customers of a made-up company. They sign up, try, pay, change their minds, run into
 * declines, leave and come back, all through the same billing verbs as everybody else.
 */
export class Customers {
  readonly #state: State;
  readonly #catalogue: StarterCatalogue;
  readonly decisions: Decisions;
  readonly extras: Extras;
  /** Every subscription ever started, for whoever wants to pick one. */
  readonly subscriptions: string[] = [];
  #lastEmail = 'someone@example.com';
  #number = 0;

  constructor(state: State, catalogue: StarterCatalogue) {
    this.#state = state;
    this.#catalogue = catalogue;
    this.extras = new Extras(state, catalogue);
    this.decisions = new Decisions(state, catalogue, this.extras);
  }

  save() {
    const { subscriptions } = this;
    return { subscriptions, last_email: this.#lastEmail, number: this.#number };
  }

  restore(saved: ReturnType<Customers['save']>): void {
    this.subscriptions.push(...saved.subscriptions);
    this.#lastEmail = saved.last_email;
    this.#number = saved.number;
  }

  /** Runs one of this business's own tasks; false for any other. */
  run(task: Task): boolean {
    if (task.kind === 'business_arrive') this.arrive();
    else if (task.kind === 'business_live') this.#live(task.id);
    else if (task.kind === 'business_return') this.#comeBack(task.id);
    else if (task.kind === 'business_mend') setOutcome(this.#state, task.id, 'succeeds');
    else if (task.kind === 'business_leave') this.#leave(task.id);
    else if (task.kind === 'business_stay') this.#stay(task.id);
    else if (task.kind === 'business_resume') this.#resume(task.id);
    else return this.extras.run(task);
    return true;
  }

  /** Somebody new: most start a trial, some buy at once, a few only leave their address. */
  arrive(): string {
    const { random } = this.#state;
    this.#number += 1;
    const person = inventPerson(random, this.#number);
    // Now and then one mail address has two customers.
    const email = random.chance(0.02) ? this.#lastEmail : person.email;
    this.#lastEmail = email;
    const customer = createCustomer(this.#state, {
      ...person,
      email,
      metadata: { source: random.pick(ADVERTS) },
    });
    this.extras.arrived(customer);
    if (random.chance(0.05)) return customer.id;
    if (random.chance(0.55)) this.#startTrial(customer.id);
    else this.#buy(customer.id);
    return customer.id;
  }

  #choose(): { price: string; quantity: number } {
    const { random } = this.#state;
    const plan = this.#catalogue.plans[random.weighted([45, 30, 17, 8])];
    if (plan === undefined) throw new Error('The catalogue has four plans');
    const price = random.chance(0.2) ? plan.yearly : plan.monthly;
    return { price, quantity: plan.by_seat ? random.int(2, 25) : 1 };
  }

  #coupon(): { coupon?: string; promotion_code?: string } {
    const { random } = this.#state;
    if (!random.chance(0.13)) return {};
    const { welcome, quarter, friends, off_ten } = this.#catalogue.coupons;
    const coupon = random.pick([welcome, welcome, quarter, friends, off_ten]);
    return { coupon, ...this.extras.codeFor(coupon) };
  }

  #startTrial(customer: string): void {
    const { random } = this.#state;
    const fate = random.weighted([58, 24, 18]);
    const subscription = subscribe(this.#state, {
      customer,
      items: [this.#choose()],
      trial_days: 14,
      missing_payment_method: 'cancel',
      payment: fate === 2 ? 'none' : 'succeeds',
      ...this.#coupon(),
    });
    if (fate === 1) {
      const gone = this.#state.now() + random.int(1 * DAY, 13 * DAY);
      this.#state.agenda.add(gone, 'business_leave', subscription.id);
    }
    this.#follow(subscription);
  }

  #buy(customer: string): void {
    const { random } = this.#state;
    const payment = random.weighted([95, 3, 2]);
    const subscription = subscribe(this.#state, {
      customer,
      items: [this.#choose()],
      payment: ['succeeds', 'declines', 'requires_action'][payment] ?? 'succeeds',
      ...this.#coupon(),
    });
    // A card that failed once is usually replaced by the second try, a new subscription.
    if (subscription.status === 'incomplete' && random.chance(0.6)) {
      this.#state.agenda.add(this.#state.now() + DAY, 'business_return', customer);
    }
    this.#follow(subscription);
  }

  #follow(subscription: SubscriptionRow): void {
    this.extras.bought(subscription);
    this.subscriptions.push(subscription.id);
    const next = this.#state.now() + this.#state.random.int(15 * DAY, 45 * DAY);
    this.#state.agenda.add(next, 'business_live', subscription.id);
  }

  #leave(id: string): void {
    if (!isEnded(this.#state.subscriptions.get(id))) {
      cancelSubscription(this.#state, id, { feedback: this.#state.random.pick(FEEDBACK) });
    }
  }

  #stay(id: string): void {
    const subscription = this.#state.subscriptions.get(id);
    if (!isEnded(subscription) && subscription.cancel_at_period_end) {
      uncancelSubscription(this.#state, id);
    }
  }

  #resume(id: string): void {
    if (this.#state.subscriptions.get(id).status === 'paused') resumeSubscription(this.#state, id);
  }

  #comeBack(customer: string): void {
    const row = this.#state.customers.get(customer);
    if (row.deleted || (this.#state.subscriptionsOf.get(customer) ?? []).length > 0) return;
    setOutcome(this.#state, customer, 'succeeds');
    this.#buy(customer);
  }

  /** One month in the life of a subscription. */
  #live(id: string): void {
    const { random, agenda } = this.#state;
    const now = this.#state.now();
    const subscription = this.#state.subscriptions.get(id);
    if (isEnded(subscription)) {
      if (random.chance(0.1)) {
        agenda.add(now + random.int(5 * DAY, 200 * DAY), 'business_return', subscription.customer);
      }
      return;
    }
    agenda.add(now + random.int(25 * DAY, 35 * DAY), 'business_live', id);
    if (subscription.status !== 'active' || subscription.cancel_at_period_end) return;
    this.extras.lived(subscription);
    const price = this.#state.prices.get(subscription.items[0]?.price ?? '');
    // Who paid for a year has fewer occasions to change anything.
    const pace = price.interval === 'year' ? 0.35 : 1;
    const happens = (probability: number) => random.chance(probability * pace);
    if (happens(MONTHLY.churn)) this.decisions.churn(subscription);
    else if (happens(MONTHLY.trouble)) this.decisions.trouble(subscription);
    else if (happens(MONTHLY.upgrade)) this.decisions.move(subscription, 1);
    else if (happens(MONTHLY.downgrade)) this.decisions.move(subscription, -1);
    else if (happens(MONTHLY.seats)) this.decisions.seats(subscription);
    else if (happens(MONTHLY.add_on) && subscription.items.length === 1)
      this.decisions.addOn(subscription);
    else if (happens(MONTHLY.yearly)) this.decisions.goYearly(subscription);
    else if (happens(MONTHLY.pause)) this.decisions.pause(subscription);
    else if (happens(MONTHLY.hold)) this.decisions.hold(subscription);
    else if (happens(MONTHLY.refund)) this.decisions.refund(subscription);
    else if (happens(MONTHLY.details)) this.decisions.details(subscription, this.#number);
    else if (happens(MONTHLY.deletion)) deleteCustomer(this.#state, subscription.customer);
  }
}
