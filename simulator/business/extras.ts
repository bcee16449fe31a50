import type { Task } from '../agenda.ts';
import { openCheckoutSession, recordCheckout } from '../billing/checkout.ts';
import { issueCreditNote } from '../billing/credit-note.ts';
import { answerDispute, closeDispute, openDispute } from '../billing/dispute.ts';
import { failPayout, payOut } from '../billing/pay-out.ts';
import {
  attachPaymentMethod,
  detachPaymentMethod,
  updatePaymentMethod,
} from '../billing/payment-method.ts';
import { createPromotionCode } from '../billing/promotion-code.ts';
import { cancelQuote, createQuote, finalizeQuote, recordAcceptance } from '../billing/quote.ts';
import { createSchedule } from '../billing/schedule.ts';
import { cancelSetupIntent, createSetupIntent, recordSetup } from '../billing/setup-intent.ts';
import { addTaxId, createTaxRate } from '../billing/tax.ts';
import { DAY, HOUR } from '../clock.ts';
import type { CustomerRow } from '../resources/customer.ts';
import type { RefundRow } from '../resources/payment.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { StarterCatalogue } from '../starter-catalogue.ts';
import type { State } from '../state.ts';

const EUROPEAN = new Set(['DE', 'FR', 'NL', 'ES', 'IT', 'SE', 'PL', 'AT']);

/** What may happen beside a subscription in a month, as probabilities. */
const MONTHLY = {
  dispute: 0.003,
  second_card: 0.008,
  new_card_number: 0.01,
  setup: 0.006,
  plan_ahead: 0.004,
  forgotten_checkout: 0.01,
  offer: 0.004,
};

/**
 * What surrounds the lives of the made-up customers: tax numbers, promotion codes, the pages and
 * offers by which they bought, disputes, further cards, payouts. All of it happens aside and never
 * changes what anybody buys or pays, so that a seed's customers and amounts stay what they were.
 */
export class Extras {
  readonly #state: State;
  readonly #catalogue: StarterCatalogue;

  constructor(state: State, catalogue: StarterCatalogue) {
    this.#state = state;
    this.#catalogue = catalogue;
  }

  /** What the company sets up before its first customer. */
  open(): void {
    this.#state.aside(() => {
      const { welcome, quarter, friends } = this.#catalogue.coupons;
      for (const [code, coupon] of [
        ['HELLO', welcome],
        ['SPRING', quarter],
        ['MATES', friends],
      ] as const) {
        createPromotionCode(this.#state, { code, coupon });
      }
      createTaxRate(this.#state, { display_name: 'VAT', percentage: 19, country: 'DE' });
      createTaxRate(this.#state, { display_name: 'VAT', percentage: 20, country: 'GB' });
      const sales = { display_name: 'Sales tax', tax_type: 'sales_tax', country: 'US' } as const;
      createTaxRate(this.#state, { ...sales, percentage: 8.875 });
      this.#state.agenda.add(this.#state.now() + 7 * DAY, 'business_payout', '');
    });
  }

  /** One of these extras' own tasks; false for any other. */
  run(task: Task): boolean {
    if (task.kind === 'business_payout') this.#payOut();
    else if (task.kind === 'business_evidence') answerDispute(this.#state, task.id);
    else if (task.kind === 'business_verdict') {
      closeDispute(this.#state, task.id, this.#state.random.chance(0.35) ? 'won' : 'lost');
    } else return false;
    return true;
  }

  /** Some businesses leave their tax number. */
  arrived(customer: CustomerRow): void {
    this.#state.aside(() => {
      const { random } = this.#state;
      const country = customer.country ?? '';
      if (!random.chance(0.12)) return;
      const digits = String(random.int(100_000_000, 999_999_999));
      if (EUROPEAN.has(country)) {
        addTaxId(this.#state, customer.id, { type: 'eu_vat', value: `${country}${digits}` });
      } else if (country === 'GB') {
        addTaxId(this.#state, customer.id, { type: 'gb_vat', value: `GB${digits}` });
      } else if (country === 'US') {
        const value = `${digits.slice(0, 2)}-${digits.slice(2)}`;
        addTaxId(this.#state, customer.id, { type: 'us_ein', value });
      }
    });
  }

  /** The code by which somebody has a coupon; most have it without. */
  codeFor(coupon: string): { promotion_code?: string } {
    return this.#state.aside(() => {
      if (!this.#state.random.chance(0.5)) return {};
      const code = [...this.#state.promotionCodes].find((row) => row.coupon === coupon);
      return code === undefined ? {} : { promotion_code: code.id };
    });
  }

  /** The way somebody came to a subscription: a checkout page, an offer, a card given for a trial. */
  bought(subscription: SubscriptionRow): void {
    this.#state.aside(() => {
      const { random } = this.#state;
      if (subscription.status !== 'active' && subscription.status !== 'trialing') return;
      const way = random.weighted([55, 30, 5, 10]);
      if (way === 1) recordCheckout(this.#state, subscription);
      else if (way === 2) recordAcceptance(this.#state, subscription);
      else if (way === 3) recordSetup(this.#state, subscription.customer);
    });
  }

  /** A refund is often put down as a credit note too. */
  refunded(invoice: string, refund: RefundRow): void {
    this.#state.aside(() => {
      if (!this.#state.random.chance(0.6)) return;
      issueCreditNote(this.#state, {
        invoice,
        amount: refund.amount,
        by: refund.id,
        reason: this.#state.random.pick(['duplicate', 'order_change', 'product_unsatisfactory']),
      });
    });
  }

  /** A month beside a paying subscription. */
  lived(subscription: SubscriptionRow): void {
    this.#state.aside(() => {
      const happens = (probability: number) => this.#state.random.chance(probability);
      const { customer } = subscription;
      if (happens(MONTHLY.dispute)) this.#dispute(subscription);
      if (happens(MONTHLY.second_card)) this.#secondCard(customer);
      if (happens(MONTHLY.new_card_number)) this.#newNumber(customer);
      if (happens(MONTHLY.setup)) this.#setup(customer);
      if (happens(MONTHLY.plan_ahead)) this.#planAhead(subscription);
      if (happens(MONTHLY.forgotten_checkout)) {
        openCheckoutSession(this.#state, { customer, items: [this.#something()] });
      }
      if (happens(MONTHLY.offer)) this.#offer(customer);
    });
  }

  #something(): { price: string; quantity: number } {
    const plan = this.#state.random.pick(this.#catalogue.plans);
    return { price: plan.monthly, quantity: plan.by_seat ? this.#state.random.int(2, 12) : 1 };
  }

  #dispute(subscription: SubscriptionRow): void {
    const { random, agenda } = this.#state;
    const invoice = this.#state.invoices.find(subscription.latest_invoice ?? '');
    const payment = this.#state.invoicePayments.find(invoice?.payments[0] ?? '');
    const intent = this.#state.paymentIntents.find(payment?.payment_intent ?? '');
    const charge = this.#state.charges.find(intent?.latest_charge ?? '');
    if (charge?.status !== 'succeeded' || charge.amount_refunded > 0) return;
    if (charge.disputed === true) return;
    const reason = random.pick(['fraudulent', 'product_not_received', 'subscription_canceled']);
    const opened = openDispute(this.#state, charge.id, { reason, inquiry: random.chance(0.2) });
    const answered = this.#state.now() + random.int(DAY, 6 * DAY);
    const warned = opened.status === 'warning_needs_response';
    if (!warned && random.chance(0.6)) agenda.add(answered, 'business_evidence', opened.id);
    agenda.add(answered + random.int(10 * DAY, 50 * DAY), 'business_verdict', opened.id);
  }

  #secondCard(customer: string): void {
    const row = this.#state.customers.get(customer);
    const spare = this.#state.paymentMethods.of(customer).find(({ id }) => id !== row.card?.id);
    if (spare === undefined) attachPaymentMethod(this.#state, customer);
    else detachPaymentMethod(this.#state, spare.id);
  }

  /** The bank sends a new card with a later date, and the network tells. */
  #newNumber(customer: string): void {
    const { card } = this.#state.customers.get(customer);
    if (card === null) return;
    const exp_year = card.exp_year + this.#state.random.int(1, 3);
    updatePaymentMethod(this.#state, card.id, { exp_year, automatically: true });
  }

  #setup(customer: string): void {
    if (this.#state.random.chance(0.6)) recordSetup(this.#state, customer);
    else cancelSetupIntent(this.#state, createSetupIntent(this.#state, { customer }).id);
  }

  /** A discount negotiated by hand: the subscription is led by a schedule for some months. */
  #planAhead(subscription: SubscriptionRow): void {
    const item = subscription.items[0];
    const led = (subscription.schedule ?? null) !== null;
    if (item === undefined || led || subscription.cancel_at !== null) return;
    createSchedule(this.#state, {
      subscription: subscription.id,
      phases: [
        {
          items: [{ price: item.price, quantity: item.quantity }],
          months: this.#state.random.int(1, 4),
        },
      ],
    });
  }

  #offer(customer: string): void {
    const quote = createQuote(this.#state, { customer, items: [this.#something()] });
    if (this.#state.random.chance(0.7)) finalizeQuote(this.#state, quote.id);
    if (this.#state.random.chance(0.3)) cancelQuote(this.#state, quote.id);
  }

  /** Once a week everything available goes to the bank; now and then the bank sends it back. */
  #payOut(): void {
    const { random, agenda, balanceTransactions } = this.#state;
    agenda.add(this.#state.now() + 7 * DAY - random.int(0, HOUR), 'business_payout', '');
    let available = 0;
    for (const id of this.#state.notPaidOut) {
      const row = balanceTransactions.get(id);
      if (row.status === 'available') available += row.amount - row.fee;
    }
    if (available <= 0) return;
    const made = payOut(this.#state);
    if (random.chance(0.01)) failPayout(this.#state, made.id);
  }
}
