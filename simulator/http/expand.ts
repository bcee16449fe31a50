import type { State } from '../state.ts';
import { embedList, isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import { renderDiscount } from '../resources/discount.ts';
import { renderPaymentMethod } from '../resources/customer.ts';
import { renderInvoicePayment, renderRefund } from '../resources/payment.ts';
import { renderTiers } from '../resources/price.ts';
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
};

function fetchObject(state: State, name: string, id: string, demand: Demand): Json | string {
  if (name === 'discounts' || name === 'discount') {
    const row = state.discounts.find(id);
    return row === undefined ? id : (renderDiscount(state, row) as unknown as Json);
  }
  if (name === 'payment_method' || name === 'default_payment_method') {
    demand(['payment_method']);
    return id;
  }
  const route = RESOURCES.find((entry) => entry.path === ROUTE_OF[name]);
  if (route === undefined) throw cannotExpand(name);
  demand(route.slugs);
  return route.find(state, id) ?? id;
}

const cannotExpand = (name: string): ApiError =>
  new ApiError(400, { message: `This property cannot be expanded (${name}).`, param: 'expand' });

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
  if (kind === 'price' && name === 'tiers') return renderTiers(state.prices.get(id)) ?? null;
  if (name === 'currency_options' && (kind === 'price' || kind === 'coupon')) return null;
  if (kind === 'coupon' && name === 'applies_to') return null;
  if (kind === 'customer' && name === 'subscriptions') {
    demand(['subscription']);
    const rows = (state.subscriptionsOf.get(id) ?? []).map((entry) =>
      renderSubscription(state, state.subscriptions.get(entry)),
    );
    return embedList(rows, `/v1/customers/${id}/subscriptions`);
  }
  if (kind === 'customer' && (name === 'sources' || name === 'tax_ids')) {
    return embedList([], `/v1/customers/${id}/${name}`);
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

/** The payment methods of one customer. */
export function paymentMethodsOf(state: State, id: string): Json[] {
  const customer = state.customers.find(id);
  if (customer === undefined || customer.card === null || customer.deleted) return [];
  return [renderPaymentMethod(state, customer, customer.card) as unknown as Json];
}
