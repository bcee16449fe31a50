import type { ItemRow, SubscriptionRow } from '../resources/subscription.ts';
import type { InvoiceItemRow } from '../resources/invoice-item.ts';
import { onClockOf } from '../resources/test-clock.ts';
import type { State } from '../state.ts';
import { fullPrice, share } from './amount.ts';
import { changeSubscription } from './change.ts';
import { finalizeInvoice } from './collect-payment.ts';
import { describeProration } from './describe.ts';
import { activeDiscounts, discountedProration } from './discount.ts';
import { draftInvoice, itemLines } from './draft-invoice.ts';
import { collectInvoice } from './dun.ts';
import { nextBoundary } from './period.ts';
import { scheduleSubscription } from './subscribe.ts';

export type Proration = 'create_prorations' | 'none' | 'always_invoice';

export interface AmendOptions {
  /** The item to change; needed only when there are several. */
  item?: string;
  price?: string;
  quantity?: number;
  add?: { price: string; quantity?: number };
  /** Id of an item to take away. */
  remove?: string;
  proration?: Proration;
}

/**
 * The part of an item's price that falls on the rest of its period: to the second, rounded to the
 * minor unit, percentage discounts baked in. Negative for a credit.
 */
function prorate(
  state: State,
  subscription: SubscriptionRow,
  item: ItemRow,
  credit: boolean,
): InvoiceItemRow {
  const now = state.now();
  const price = state.prices.get(item.price);
  const rest = item.current_period_end - now;
  const whole = item.current_period_end - item.current_period_start;
  const part = share(fullPrice(price, item.quantity), rest, whole);
  const discounts = activeDiscounts(state, subscription, subscription.customer);
  const amount = discountedProration(state, part, discounts);
  const latest =
    subscription.latest_invoice === null ? null : state.invoices.get(subscription.latest_invoice);
  const lines = latest?.lines.filter(
    (line) => line.subscription_item === item.id && !line.proration,
  );
  return {
    id: state.ids.make('ii_', 24),
    created: now,
    customer: subscription.customer,
    subscription: subscription.id,
    subscription_item: item.id,
    price: price.id,
    product: price.product,
    unit_amount_decimal: price.unit_amount_decimal,
    quantity: item.quantity,
    amount: credit ? -amount : amount,
    currency: subscription.currency,
    description: describeProration(state, price, item.quantity, now, credit),
    period_start: now,
    period_end: item.current_period_end,
    proration: true,
    credited:
      credit && latest !== null && lines !== undefined && lines.length > 0
        ? { invoice: latest.id, invoice_line_items: lines.map((line) => line.id) }
        : null,
    invoice: null,
  };
}

/** Records an item that waits for the next invoice. */
export function addPendingItem(state: State, made: InvoiceItemRow): InvoiceItemRow {
  const item = state.invoiceItems.put({ ...made, ...onClockOf(state, made.customer) });
  const pending = state.pendingItems.get(item.customer) ?? [];
  state.pendingItems.set(item.customer, [...pending, item.id]);
  state.emit('invoiceitem.created', 'invoiceitem', item);
  return item;
}

/** The items as they shall be, by the options. Unchanged items keep their identity. */
function amendedItems(state: State, subscription: SubscriptionRow, options: AmendOptions) {
  const target = options.item ?? subscription.items[0]?.id;
  const kept = subscription.items
    .filter((item) => item.id !== options.remove)
    .map((item) =>
      item.id !== target || (options.price === undefined && options.quantity === undefined)
        ? item
        : {
            ...item,
            price: options.price ?? item.price,
            quantity: options.quantity ?? item.quantity,
          },
    );
  if (options.add === undefined) return kept;
  const price = state.prices.get(options.add.price);
  const anchor = subscription.billing_cycle_anchor;
  const sibling = kept.find((item) => sameInterval(state, item.price, price.id));
  const trial = subscription.status === 'trialing' ? subscription.trial_end : null;
  const end = nextBoundary(anchor, price.interval ?? 'month', price.interval_count, state.now());
  const added: ItemRow = {
    id: state.ids.make('si_', 14),
    created: state.now(),
    price: price.id,
    quantity: options.add.quantity ?? 1,
    current_period_start: sibling?.current_period_start ?? state.now(),
    current_period_end: sibling?.current_period_end ?? trial ?? end,
  };
  return [...kept, added];
}

function sameInterval(state: State, a: string, b: string): boolean {
  const left = state.prices.get(a);
  const right = state.prices.get(b);
  return left.interval === right.interval && left.interval_count === right.interval_count;
}

/**
 * Changes what a subscription consists of. Prorations wait for the next invoice, or are invoiced
 * at once. A new billing interval starts a new cycle now and is always invoiced at once.
 */
export function amendSubscription(
  state: State,
  id: string,
  options: AmendOptions,
): SubscriptionRow {
  const now = state.now();
  const subscription = state.subscriptions.get(id);
  const proration = options.proration ?? 'create_prorations';
  const amended = amendedItems(state, subscription, options);
  const billed = subscription.status === 'active' || subscription.status === 'past_due';
  const before = new Map(subscription.items.map((item) => [item.id, item]));
  const after = new Map(amended.map((item) => [item.id, item]));
  const gone = subscription.items.filter((item) => after.get(item.id) !== item);
  const fresh = amended.filter((item) => before.get(item.id) !== item);
  const restarts =
    subscription.status !== 'trialing' &&
    fresh.some((item) => {
      const old = before.get(item.id);
      return old !== undefined && !sameInterval(state, old.price, item.price);
    });
  if (billed && proration !== 'none') {
    for (const item of gone) addPendingItem(state, prorate(state, subscription, item, true));
    for (const item of restarts ? [] : fresh) {
      addPendingItem(state, prorate(state, subscription, item, false));
    }
  }
  const items = restarts ? amended.map((item) => restart(state, item, now)) : amended;
  const changed = changeSubscription(state, id, {
    items,
    ...(restarts ? { billing_cycle_anchor: now } : {}),
  });
  if (restarts || options.add !== undefined) scheduleSubscription(state, changed);
  if (!billed || (proration !== 'always_invoice' && !restarts)) return changed;
  return invoiceAmendment(state, changed, restarts);
}

function restart(state: State, item: ItemRow, now: number): ItemRow {
  const price = state.prices.get(item.price);
  const end = nextBoundary(now, price.interval ?? 'month', price.interval_count, now);
  return { ...item, current_period_start: now, current_period_end: end };
}

function invoiceAmendment(state: State, subscription: SubscriptionRow, restarts: boolean) {
  const now = state.now();
  const lines = !restarts
    ? []
    : subscription.items.flatMap((item) =>
        itemLines(state, subscription, item, {
          start: item.current_period_start,
          end: item.current_period_end,
        }),
      );
  const invoice = draftInvoice(state, {
    customer: subscription.customer,
    subscription,
    billing_reason: 'subscription_update',
    lines,
    period_start: now,
    period_end: now,
  });
  changeSubscription(state, subscription.id, { latest_invoice: invoice.id });
  finalizeInvoice(state, invoice.id);
  collectInvoice(state, invoice.id);
  return state.subscriptions.get(subscription.id);
}
