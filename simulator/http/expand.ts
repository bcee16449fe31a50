import type { State } from '../state.ts';
import { embedList, isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import { renderDiscount } from '../resources/discount.ts';
import { renderLineItem } from '../resources/line-item.ts';
import { renderInvoicePayment, renderRefund } from '../resources/payment.ts';
import { renderTiers } from '../resources/price.ts';
import { renderTaxId } from '../resources/tax.ts';
import { renderSubscription } from '../resources/subscription.ts';
import { ApiError } from './errors.ts';
import { RESOURCES } from './resources.ts';

/** Checks that the key may read an object of these permissions. */
export type Demand = (slugs: readonly string[]) => void;

const ROUTE_OF: Record<string, string> = {
  customer: '/v1/customers',
  subscription: '/v1/subscriptions',
  invoice: '/v1/invoices',
  latest_invoice: '/v1/invoices',
  payment_intent: '/v1/payment_intents',
  charge: '/v1/charges',
  latest_charge: '/v1/charges',
  product: '/v1/products',
  price: '/v1/prices',
  default_price: '/v1/prices',
  coupon: '/v1/coupons',
  balance_transaction: '/v1/balance_transactions',
  failure_balance_transaction: '/v1/balance_transactions',
  promotion_code: '/v1/promotion_codes',
  refund: '/v1/refunds',
  setup_intent: '/v1/setup_intents',
  schedule: '/v1/subscription_schedules',
  subscription_schedule: '/v1/subscription_schedules',
  payment_method: '/v1/payment_methods',
  default_payment_method: '/v1/payment_methods',
  quote: '/v1/quotes',
  tax_rate: '/v1/tax_rates',
  test_clock: '/v1/test_helpers/test_clocks',
};

/** What a balance transaction is for tells its kind by its id. */
const SOURCE_OF: Record<string, string> = {
  ch: '/v1/charges',
  re: '/v1/refunds',
  dp: '/v1/disputes',
  po: '/v1/payouts',
};

function fetchObject(state: State, name: string, id: string, demand: Demand): Json | string {
  if (name === 'discounts' || name === 'discount') {
    const row = state.discounts.find(id);
    return row === undefined ? id : (renderDiscount(state, row) as unknown as Json);
  }
  const path = name === 'source' ? SOURCE_OF[id.split('_')[0] ?? ''] : ROUTE_OF[name];
  const route = RESOURCES.find((entry) => entry.path === path);
  if (route === undefined) throw cannotExpand(name);
  demand(route.slugs);
  return route.find(state, id) ?? id;
}

const cannotExpand = (name: string): ApiError =>
  new ApiError(400, { message: `This property cannot be expanded (${name}).`, param: 'expand' });

/** A field that stays away though it was asked for, since the object has none. */
const NONE = Symbol('none');

/** Fields that are left out unless asked for. Undefined when there is no such field. */
function include(state: State, object: Json, name: string, demand: Demand): unknown {
  const id = String(object['id']);
  const kind = object['object'];
  if (kind === 'invoice' && name === 'payments') {
    const payments = state.invoices.get(id).payments;
    const rows = payments.map((entry) =>
      renderInvoicePayment(state, state.invoicePayments.get(entry)),
    );
    return embedList(rows, `/v1/invoice_payments?invoice=${id}`);
  }
  if (kind === 'invoice' && name === 'confirmation_secret') return null;
  if (kind === 'charge' && name === 'refunds') {
    demand(['refund', 'charge']);
    const rows = [...state.refunds].filter((row) => row.charge === id).toReversed();
    return embedList(
      rows.map((row) => renderRefund(state, row)),
      `/v1/charges/${id}/refunds`,
    );
  }
  if ((kind === 'price' || kind === 'plan') && name === 'tiers') {
    return renderTiers(state.prices.get(id)) ?? NONE;
  }
  if (name === 'currency_options' && (kind === 'price' || kind === 'coupon')) return NONE;
  if (kind === 'coupon' && name === 'applies_to') return NONE;
  if (kind === 'customer' && name === 'subscriptions') {
    demand(['subscription']);
    const rows = (state.subscriptionsOf.get(id) ?? []).map((entry) =>
      renderSubscription(state, state.subscriptions.get(entry)),
    );
    return embedList(rows, `/v1/customers/${id}/subscriptions`);
  }
  if (kind === 'customer' && name === 'tax_ids') {
    const rows = state.taxIds.of(id).map((row) => renderTaxId(state, row));
    return embedList(rows, `/v1/customers/${id}/tax_ids`);
  }
  if (kind === 'customer' && name === 'sources') {
    return embedList([], `/v1/customers/${id}/${name}`);
  }
  if (name === 'line_items' && (kind === 'checkout.session' || kind === 'quote')) {
    const session = kind === 'checkout.session';
    const { items } = session ? state.checkoutSessions.get(id) : state.quotes.get(id);
    const rows = items.map((item) => renderLineItem(state, item));
    return embedList(rows, `/v1/${session ? 'checkout/sessions' : 'quotes'}/${id}/line_items`);
  }
  return undefined;
}

function expandField(state: State, object: Json, path: string[], demand: Demand): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  let value = object[name];
  if (value === undefined) {
    value = include(state, object, name, demand);
    if (value === undefined) throw cannotExpand(name);
    if (value === NONE) return;
    object[name] = value;
  }
  const open = (entry: unknown): unknown =>
    typeof entry === 'string' && name !== 'data' ? fetchObject(state, name, entry, demand) : entry;
  const opened = Array.isArray(value) ? value.map(open) : open(value);
  object[name] = opened;
  for (const inner of Array.isArray(opened) ? opened : [opened]) {
    if (isJson(inner)) expandField(state, inner, rest, demand);
  }
}

/** The answer with whole objects in the place of ids. Works on a copy: rows share structure. */
export function expand(state: State, shared: Json, paths: string[], demand: Demand): Json {
  if (paths.length === 0) return shared;
  const answer = structuredClone(shared);
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > 4) {
      throw new ApiError(400, {
        code: 'property_expansion_max_depth',
        message: `You cannot expand more than 4 levels of a property. Property: ${path}`,
        param: 'expand',
      });
    }
    const list = answer['object'] === 'list';
    if (list && segments[0] !== 'data') throw cannotExpand(path);
    expandField(state, answer, segments, demand);
  }
  return answer;
}
