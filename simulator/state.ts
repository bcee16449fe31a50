import type Stripe from 'stripe';
import { Agenda } from './agenda.ts';
import type { SimulatorClock } from './clock.ts';
import { DAY } from './clock.ts';
import { Collection } from './collection.ts';
import { createIds } from './ids.ts';
import type { Ids } from './ids.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
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

/** Everything the simulated account consists of. Billing functions take it first. */
export class State {
  readonly ids: Ids;
  readonly random: Random;
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
  readonly events = new Collection<EventRow>();
  readonly webhookEndpoints = new Collection<WebhookEndpointRow>();
  /** Invoice items no invoice has taken yet, by customer. */
  readonly pendingItems = new Map<string, string[]>();
  readonly deletedCoupons = new Set<string>();
  /** Live subscriptions by customer, so that deleting a customer need not search. */
  readonly subscriptionsOf = new Map<string, string[]>();
  /** Events older than this are not recorded at all while a history is being built. */
  recordEventsFrom = Number.NEGATIVE_INFINITY;
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
    this.ids = createIds(settings.seed);
    this.random = createRandom(settings.seed);
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
    const event: EventRow = {
      id,
      created,
      sequence: this.emitted,
      type,
      snapshot,
      before: before === undefined ? null : { resource, row: before },
      data: null,
      pending_webhooks: 0,
    };
    this.events.put(event);
    if (this.lazyEvents) return;
    settleEventData(this, event);
    this.onEvent(event);
  }
}
