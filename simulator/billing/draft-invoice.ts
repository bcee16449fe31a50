import { DAY, HOUR } from '../clock.ts';
import type { InvoiceItemRow } from '../resources/invoice-item.ts';
import type { InvoiceRow, LineRow } from '../resources/invoice.ts';
import type { ItemRow, SubscriptionRow } from '../resources/subscription.ts';
import { onClockOf } from '../resources/test-clock.ts';
import type { State } from '../state.ts';
import { chargeParts } from './amount.ts';
import { describeLine, productName } from './describe.ts';
import { activeDiscounts, discountLines, endDiscount } from './discount.ts';
import { taxLines, taxOnTop } from './tax.ts';

/** A line per part of an item's price for one period. */
export function itemLines(
  state: State,
  subscription: SubscriptionRow,
  item: ItemRow,
  period: { start: number; end: number },
  trial = false,
): LineRow[] {
  const price = state.prices.get(item.price);
  const base = {
    price: price.id,
    product: price.product,
    period_start: period.start,
    period_end: period.end,
    subscription: subscription.id,
    subscription_item: item.id,
    invoice_item: null,
    proration: false,
    credited: null,
    discount_amounts: [],
  };
  if (trial) {
    const description = `Trial period for ${productName(state, price)}`;
    const free = { amount: 0, unit_amount_decimal: '0', quantity: item.quantity, description };
    return [{ id: state.ids.make('il_', 24), ...base, ...free }];
  }
  return chargeParts(price, item.quantity).map((part) => ({
    id: state.ids.make('il_', 24),
    ...base,
    amount: part.amount,
    description: describeLine(state, price, part.quantity, part.unit_amount_decimal, part.tier),
    unit_amount_decimal: part.unit_amount_decimal,
    quantity: part.quantity,
  }));
}

const lineOfItem = (state: State, item: InvoiceItemRow): LineRow => ({
  id: state.ids.make('il_', 24),
  amount: item.amount,
  description: item.description,
  price: item.price,
  product: item.product,
  unit_amount_decimal: item.unit_amount_decimal,
  quantity: item.quantity,
  period_start: item.period_start,
  period_end: item.period_end,
  subscription: item.subscription,
  subscription_item: item.subscription_item,
  invoice_item: item.id,
  proration: item.proration,
  credited: item.credited,
  discount_amounts: [],
});

/** Takes the customer's pending items that belong to this subscription or to none. */
function takePending(state: State, customer: string, subscription: string | null, invoice: string) {
  const pending = state.pendingItems.get(customer);
  if (pending === undefined) return [];
  const taken: InvoiceItemRow[] = [];
  const left: string[] = [];
  for (const id of pending) {
    const item = state.invoiceItems.get(id);
    if (item.subscription !== null && item.subscription !== subscription) left.push(id);
    else taken.push(state.invoiceItems.put({ ...item, invoice }));
  }
  if (left.length === 0) state.pendingItems.delete(customer);
  else state.pendingItems.set(customer, left);
  return taken;
}

export interface DraftOptions {
  /** Made beforehand when a subscription must name its invoice before it exists. */
  id?: string;
  customer: string;
  subscription: SubscriptionRow | null;
  billing_reason: InvoiceRow['billing_reason'];
  lines: LineRow[];
  period_start: number;
  period_end: number;
  auto_advance?: boolean;
  /** The quote it comes from. */
  quote?: string;
}

/**
 * Makes a draft from the pending items and the given lines, and tells `invoice.created`. Whether it
 * is finalised at once or an hour later (as renewals are) is the caller's choice.
 */
export function draftInvoice(state: State, options: DraftOptions): InvoiceRow {
  const now = state.now();
  const { subscription } = options;
  const customer = state.customers.get(options.customer);
  const id = options.id ?? state.ids.make('in_', 24);
  const taken = takePending(state, customer.id, subscription?.id ?? null, id);
  const discounts = activeDiscounts(state, subscription, customer.id);
  const discounted = discountLines(
    state,
    [...taken.map((item) => lineOfItem(state, item)), ...options.lines],
    discounts,
  );
  const lines = taxLines(state, discounted, subscription?.default_tax_rates ?? []);
  let subtotal = 0;
  let off = 0;
  let tax = 0;
  for (const line of lines) {
    subtotal += line.amount;
    tax += taxOnTop(line);
    for (const entry of line.discount_amounts) off += entry.amount;
  }
  const total = subtotal - off + tax;
  const auto_advance = options.auto_advance ?? true;
  const collection_method = subscription?.collection_method ?? 'charge_automatically';
  const invoice = state.invoices.put({
    id,
    created: now,
    customer: customer.id,
    subscription: subscription?.id ?? null,
    status: 'draft',
    billing_reason: options.billing_reason,
    collection_method,
    currency:
      subscription?.currency ?? taken[0]?.currency ?? state.settings.account.default_currency,
    lines,
    discounts: discounts.map((discount) => discount.id),
    subtotal,
    total,
    amount_due: Math.max(0, total),
    amount_paid: 0,
    starting_balance: customer.balance,
    ending_balance: null,
    number: null,
    attempt_count: 0,
    attempted: false,
    auto_advance,
    next_payment_attempt:
      auto_advance && collection_method === 'charge_automatically' ? now + HOUR : null,
    automatically_finalizes_at: auto_advance ? now + HOUR : null,
    due_date:
      collection_method === 'send_invoice'
        ? now + (subscription?.days_until_due ?? 30) * DAY
        : null,
    period_start: options.period_start,
    period_end: options.period_end,
    finalized_at: null,
    paid_at: null,
    voided_at: null,
    uncollectible_at: null,
    uncollectible_reason: null,
    payments: [],
    customer_name: customer.name,
    customer_email: customer.email,
    customer_country: customer.country,
    ...(options.quote === undefined ? {} : { quote: options.quote }),
    ...onClockOf(state, customer.id),
  });
  state.emit('invoice.created', 'invoice', invoice);
  for (const discount of discounts) {
    if (state.coupons.get(discount.coupon).duration === 'once' && off > 0) {
      endDiscount(state, discount.id);
    }
  }
  return invoice;
}
