import type Stripe from 'stripe';
import { Agenda } from './agenda.ts';
import type { SimulatorClock } from './clock.ts';
import { DAY } from './clock.ts';
import { Collection } from './collection.ts';
import { createIds } from './ids.ts';
import type { Ids } from './ids.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { BalanceTransactionRow, PayoutRow } from './resources/balance.ts';
import type { CheckoutSessionRow } from './resources/checkout-session.ts';
import type { CreditNoteRow } from './resources/credit-note.ts';
import type { DisputeRow } from './resources/dispute.ts';
import type { PaymentMethodRow } from './resources/payment-method.ts';
import type { PromotionCodeRow } from './resources/promotion-code.ts';
import type { QuoteRow } from './resources/quote.ts';
import type { ScheduleRow } from './resources/schedule.ts';
import type { SetupIntentRow } from './resources/setup-intent.ts';
import type { TaxIdRow, TaxRateRow } from './resources/tax.ts';
import type { TestClockRow } from './resources/test-clock.ts';
import type { AccountSettings } from './resources/account.ts';
import type { ChargeRow } from './resources/charge.ts';
import type { CustomerRow } from './resources/customer.ts';
import type { CouponRow, DiscountRow } from './resources/discount.ts';
import { settleEventData } from './resources/event.ts';
import type { EventRow } from './resources/event.ts';
import type { InvoiceItemRow } from './resources/invoice-item.ts';
import type { InvoiceRow } from './resources/invoice.ts';
import type { InvoicePaymentRow, PaymentIntentRow, RefundRow } from './resources/payment.ts';
import type { PriceRow } from './resources/price.ts';
import type { ProductRow } from './resources/product.ts';
import type { Resource, RowOf, Snapshot } from './resources/registry.ts';
import type { SubscriptionRow } from './resources/subscription.ts';
import type { WebhookEndpointRow } from './resources/webhook-endpoint.ts';

export interface DunningSettings {
  /** Days between one failed attempt and the next. */
  retry_days: number[];
  /** What becomes of the subscription when the last retry fails. */
  final: 'cancel' | 'unpaid' | 'past_due';
}

export interface Settings {
  seed: number;
  livemode: boolean;
  opened_at: number;
  account: AccountSettings;
  dunning: DunningSettings;
}

/** Stripe lists events for this long. */
export const EVENT_RETENTION = 30 * DAY;

interface Source {
  ids: Ids;
  random: Random;
}

/** Everything the simulated account consists of. Billing functions take it first. */
export class State {
  /** Ids and chance of everything that was there from the start. */
  readonly main: Source;
  /** Those of what was added later, so that old seeds keep their old objects. */
  readonly side: Source;
  #source: Source;
  readonly agenda = new Agenda();
  readonly customers = new Collection<CustomerRow>();
  readonly products = new Collection<ProductRow>();
  readonly prices = new Collection<PriceRow>();
  readonly coupons = new Collection<CouponRow>();
  readonly discounts = new Collection<DiscountRow>();
  readonly subscriptions = new Collection<SubscriptionRow>();
  readonly invoiceItems = new Collection<InvoiceItemRow>();
  readonly invoices = new Collection<InvoiceRow>();
  readonly invoicePayments = new Collection<InvoicePaymentRow>();
  readonly paymentIntents = new Collection<PaymentIntentRow>();
  readonly charges = new Collection<ChargeRow>();
  readonly refunds = new Collection<RefundRow>();
  readonly taxRates = new Collection<TaxRateRow>();
  readonly taxIds = new Collection<TaxIdRow>((row) => (row.deleted ? null : row.customer));
  readonly paymentMethods = new Collection<PaymentMethodRow>((row) => row.customer);
  readonly promotionCodes = new Collection<PromotionCodeRow>();
  readonly creditNotes = new Collection<CreditNoteRow>((row) => row.invoice);
  readonly disputes = new Collection<DisputeRow>();
  readonly balanceTransactions = new Collection<BalanceTransactionRow>();
  readonly payouts = new Collection<PayoutRow>();
  readonly setupIntents = new Collection<SetupIntentRow>();
  readonly checkoutSessions = new Collection<CheckoutSessionRow>();
  readonly quotes = new Collection<QuoteRow>();
  readonly schedules = new Collection<ScheduleRow>();
  readonly testClocks = new Collection<TestClockRow>();
  readonly events = new Collection<EventRow>();
  readonly webhookEndpoints = new Collection<WebhookEndpointRow>();
  /** Invoice items no invoice has taken yet, by customer. */
  readonly pendingItems = new Map<string, string[]>();
  readonly deletedCoupons = new Set<string>();
  /** Live subscriptions by customer, so that deleting a customer need not search. */
  readonly subscriptionsOf = new Map<string, string[]>();
  /** Events older than this are not recorded at all while a history is being built. */
  recordEventsFrom = Number.NEGATIVE_INFINITY;
  /** Whether charges and refunds move a balance. Not in an account of exact size. */
  recordsBalance = true;
  /** Balance transactions no payout has taken yet. */
  readonly notPaidOut = new Set<string>();
  /** The latest day on which something becomes available. */
  balanceDueAt = 0;
  /** Set while history is built: events keep their rows and are rendered when first read. */
  lazyEvents = false;
  onEvent: (event: EventRow) => void = () => {};
  /** Events so far; their `sequence`. */
  emitted = 0;
  readonly settings: Settings;
  readonly clock: SimulatorClock;

  constructor(settings: Settings, clock: SimulatorClock) {
    this.settings = settings;
    this.clock = clock;
    const { seed } = settings;
    this.main = { ids: createIds(seed), random: createRandom(seed) };
    this.side = { ids: createIds(seed ^ 0x51de), random: createRandom(seed, 5) };
    this.#source = this.main;
  }

  get ids(): Ids {
    return this.#source.ids;
  }

  get random(): Random {
    return this.#source.random;
  }

  /**
   * Does something, and all that follows from it later, with ids and chance of their own: whatever
   * happens in it leaves the main story as it would have been without.
   */
  aside<T>(run: () => T): T {
    const source = this.#source;
    const { aside } = this.agenda;
    this.#source = this.side;
    this.agenda.aside = true;
    try {
      return run();
    } finally {
      this.#source = source;
      this.agenda.aside = aside;
    }
  }

  now(): number {
    return this.clock.now();
  }

  /** Records an event at the present instant. `before` makes it an update. */
  emit<R extends Resource>(
    type: Stripe.Event.Type,
    resource: R,
    row: RowOf[R],
    before?: RowOf[R],
  ): void {
    const created = this.now();
    if (created < this.recordEventsFrom) return;
    const id = this.ids.make('evt_', 24);
    this.emitted += 1;
    const snapshot: Snapshot = { resource, row };
    const { api_version } = this.settings.account;
    const event: EventRow = {
      id,
      created,
      sequence: this.emitted,
      type,
      snapshot,
      before: before === undefined ? null : { resource, row: before },
      data: null,
      pending_webhooks: 0,
      ...(api_version === undefined ? {} : { api_version }),
    };
    this.events.put(event);
    if (this.lazyEvents) return;
    settleEventData(this, event);
    this.onEvent(event);
  }
}
