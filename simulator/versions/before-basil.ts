import { renderDiscount } from '../resources/discount.ts';
import { renderPlan, renderPrice } from '../resources/price.ts';
import type { State } from '../state.ts';
import { isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import type { Change } from './change.ts';

const BASIL = '2025-03-31';

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
const inside = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((at, name) => (isJson(at) ? at[name] : undefined), value);

/** The first of several discounts, whole: there was only one place for it. */
function firstDiscount(state: State, ids: unknown): Json | null {
  const first: unknown = Array.isArray(ids) ? ids[0] : undefined;
  if (isJson(first)) return first;
  const row = typeof first === 'string' ? state.discounts.find(first) : undefined;
  return row === undefined ? null : (renderDiscount(state, row) as unknown as Json);
}

const taxAmount = (tax: Json): Json => ({
  amount: tax['amount'],
  inclusive: tax['tax_behavior'] === 'inclusive',
  tax_rate: inside(tax, 'tax_rate_details', 'tax_rate'),
  taxability_reason: tax['taxability_reason'],
  taxable_amount: tax['taxable_amount'],
});

/** `price` and `plan`, whole, from what is now only named. */
function priced(state: State, pricing: unknown): { price: Json | null; plan: Json | null } {
  const named = inside(pricing, 'price_details', 'price');
  const id = isJson(named) ? named['id'] : named;
  const row = typeof id === 'string' ? state.prices.find(id) : undefined;
  if (row === undefined) return { price: null, plan: null };
  const plan = row.interval === null ? null : (renderPlan(state, row) as unknown as Json);
  return { price: renderPrice(state, row) as unknown as Json, plan };
}

const withoutTax = (object: Json): number =>
  Number(object['amount']) -
  listOf(object['taxes'])
    .filter((tax) => tax['tax_behavior'] === 'inclusive')
    .reduce((sum, tax) => sum + Number(tax['amount']), 0);

function perUnit(amount: number, quantity: unknown): string {
  const units = typeof quantity === 'number' && quantity !== 0 ? quantity : 1;
  return String(Math.round((amount / units) * 100) / 100);
}

function subscription(object: Json, state: State): void {
  const items = listOf(inside(object, 'items', 'data'));
  // One period for all items, the one list filters go by since.
  object['current_period_start'] = Math.max(
    ...items.map((item) => Number(item['current_period_start'])),
  );
  object['current_period_end'] = Math.min(
    ...items.map((item) => Number(item['current_period_end'])),
  );
  object['discount'] = firstDiscount(state, object['discounts']);
}

function subscriptionItem(object: Json): void {
  delete object['current_period_start'];
  delete object['current_period_end'];
}

function invoice(object: Json, state: State): void {
  const parent = object['parent'];
  const details = inside(parent, 'subscription_details');
  const row = state.invoices.find(String(object['id']));
  const payment = state.invoicePayments.find(row?.payments[0] ?? '');
  const intent = state.paymentIntents.find(payment?.payment_intent ?? '');
  const taxes = listOf(object['total_taxes']);
  Object.assign(object, {
    application_fee_amount: null,
    charge: intent?.latest_charge ?? null,
    discount: firstDiscount(state, object['discounts']),
    paid: object['status'] === 'paid',
    paid_out_of_band: false,
    payment_intent: intent?.id ?? null,
    quote: inside(parent, 'quote_details', 'quote') ?? null,
    subscription: inside(details, 'subscription') ?? null,
    subscription_details: { metadata: inside(details, 'metadata') ?? null },
    tax: taxes.length === 0 ? null : taxes.reduce((sum, tax) => sum + Number(tax['amount']), 0),
    total_tax_amounts: taxes.map(taxAmount),
    transfer_data: null,
  });
  const automatic = object['automatic_tax'];
  if (isJson(automatic)) delete automatic['provider'];
  for (const name of ['parent', 'amount_overpaid', 'total_taxes', 'payments']) delete object[name];
  delete object['confirmation_secret'];
}

function line(object: Json, state: State): void {
  const parent = object['parent'];
  const from =
    inside(parent, 'subscription_item_details') ?? inside(parent, 'invoice_item_details') ?? {};
  const item = inside(from, 'invoice_item') ?? null;
  const subscriptionItemId = inside(from, 'subscription_item') ?? null;
  const amount = withoutTax(object);
  Object.assign(object, {
    ...priced(state, object['pricing']),
    amount_excluding_tax: amount,
    proration: inside(from, 'proration') ?? false,
    proration_details: inside(from, 'proration_details') ?? { credited_items: null },
    tax_amounts: listOf(object['taxes']).map(taxAmount),
    tax_rates: [],
    type: item === null ? 'subscription' : 'invoiceitem',
    unit_amount_excluding_tax: perUnit(amount, object['quantity']),
    ...(item === null ? {} : { invoice_item: item }),
    ...(subscriptionItemId === null ? {} : { subscription_item: subscriptionItemId }),
  });
  for (const name of ['parent', 'pricing', 'taxes']) delete object[name];
}

function invoiceItem(object: Json, state: State): void {
  const details = inside(object, 'parent', 'subscription_details');
  const item = inside(details, 'subscription_item') ?? null;
  const { price, plan } = priced(state, object['pricing']);
  const decimal = inside(object, 'pricing', 'unit_amount_decimal') ?? null;
  const whole = typeof decimal === 'string' && !decimal.includes('.') ? Number(decimal) : null;
  Object.assign(object, {
    price,
    plan,
    subscription: inside(details, 'subscription') ?? null,
    unit_amount: price === null ? object['amount'] : whole,
    unit_amount_decimal: price === null ? String(object['amount']) : decimal,
    ...(item === null ? {} : { subscription_item: item }),
  });
  for (const name of ['parent', 'pricing']) delete object[name];
}

function creditNote(object: Json): void {
  object['refund'] = listOf(object['refunds'])[0]?.['refund'] ?? null;
  object['tax_amounts'] = listOf(object['total_taxes']).map(taxAmount);
  for (const name of ['refunds', 'total_taxes']) delete object[name];
}

function creditNoteLine(object: Json): void {
  const amount = withoutTax(object);
  object['amount_excluding_tax'] = amount;
  object['unit_amount_excluding_tax'] = perUnit(amount, object['quantity']);
  object['tax_amounts'] = listOf(object['taxes']).map(taxAmount);
  delete object['taxes'];
}

function schedule(object: Json): void {
  for (const phase of listOf(object['phases'])) {
    phase['coupon'] = listOf(phase['discounts'])[0]?.['coupon'] ?? null;
  }
}

const before = (object: string, undo: Change['undo']): Change => ({ since: BASIL, object, undo });

/** What 2025-03-31 took apart: where invoices come from, how they are paid, what lines cost. */
export const BEFORE_BASIL: Change[] = [
  before('subscription', subscription),
  before('subscription_item', subscriptionItem),
  before('invoice', invoice),
  before('line_item', line),
  before('invoiceitem', invoiceItem),
  before('credit_note', creditNote),
  before('credit_note_line_item', creditNoteLine),
  before('subscription_schedule', schedule),
];
