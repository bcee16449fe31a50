import { EVENT_RETENTION } from '../state.ts';
import { renderEvent } from '../resources/event.ts';
import { renderCharge } from '../resources/charge.ts';
import { renderCustomer } from '../resources/customer.ts';
import { renderCoupon } from '../resources/discount.ts';
import { renderInvoiceItem } from '../resources/invoice-item.ts';
import { renderInvoice } from '../resources/invoice.ts';
import { renderInvoicePayment, renderPaymentIntent, renderRefund } from '../resources/payment.ts';
import { renderPlan, renderPrice } from '../resources/price.ts';
import { renderProduct } from '../resources/product.ts';
import { renderSubscription } from '../resources/subscription.ts';
import { renderWebhookEndpoint } from '../resources/webhook-endpoint.ts';
import { ApiError } from './errors.ts';
import { listOf, rangeOf } from './query.ts';
import type { FormValue } from './query.ts';
import { by, define, onClock, within } from './define-resource.ts';
import type { ResourceRoute } from './define-resource.ts';
import { MONEY_RESOURCES } from './money-resources.ts';
import { SELLING_RESOURCES } from './selling-resources.ts';

const SUBSCRIPTION_STATES = new Set([
  'all',
  'ended',
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
]);

function matchesStatus(status: string, asked: FormValue | undefined): boolean {
  if (asked === undefined) return status !== 'canceled' && status !== 'incomplete_expired';
  if (typeof asked !== 'string' || !SUBSCRIPTION_STATES.has(asked)) {
    throw new ApiError(400, {
      message: `Invalid status: must be one of ${[...SUBSCRIPTION_STATES].join(', ')}`,
      param: 'status',
    });
  }
  if (asked === 'all') return true;
  if (asked === 'ended') return status === 'canceled' || status === 'incomplete_expired';
  return status === asked;
}

function matchesType(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

export const RESOURCES: ResourceRoute[] = [
  define({
    path: '/v1/customers',
    noun: 'customer',
    slugs: ['customer'],
    rows: (state) => state.customers,
    render: renderCustomer,
    filters: { email: by('email'), test_clock: onClock },
    hides: (row, query) => row.test_clock !== undefined && query['test_clock'] === undefined,
    isDeleted: (row) => row.deleted,
  }),
  define({
    path: '/v1/products',
    noun: 'product',
    slugs: ['product'],
    rows: (state) => state.products,
    render: renderProduct,
    filters: {
      active: by('active'),
      ids: (row, value) => listOf(value).includes(row.id),
      shippable: (_row, value) => value === 'false',
      type: (_row, value) => value === 'service',
      url: () => false,
    },
    isDeleted: (row) => row.deleted,
  }),
  define({
    path: '/v1/prices',
    noun: 'price',
    slugs: ['plan'],
    rows: (state) => state.prices,
    render: renderPrice,
    filters: {
      active: by('active'),
      currency: by('currency'),
      product: by('product'),
      lookup_keys: (row, value) =>
        row.lookup_key !== null && listOf(value).includes(row.lookup_key),
      type: (row, value) => (row.interval === null ? 'one_time' : 'recurring') === value,
      recurring: (row, value) =>
        typeof value !== 'string' &&
        (value['interval'] === undefined || row.interval === value['interval']) &&
        (value['usage_type'] === undefined || value['usage_type'] === 'licensed'),
    },
    isDeleted: (row) => row.deleted === true,
  }),
  define({
    path: '/v1/plans',
    noun: 'plan',
    slugs: ['plan'],
    rows: (state) => state.prices,
    render: renderPlan,
    filters: { active: by('active'), product: by('product') },
    hides: (row) => row.interval === null,
    isDeleted: (row) => row.deleted === true,
  }),
  define({
    path: '/v1/coupons',
    noun: 'coupon',
    slugs: ['coupon'],
    rows: (state) => state.coupons,
    render: renderCoupon,
    isDeleted: (row, state) => state.deletedCoupons.has(row.id),
  }),
  define({
    path: '/v1/subscriptions',
    noun: 'subscription',
    slugs: ['subscription'],
    rows: (state) => state.subscriptions,
    render: renderSubscription,
    filters: {
      // Checked below for its absence too.
      status: (row, value) => matchesStatus(row.status, value),
      customer: by('customer'),
      customer_account: () => false,
      collection_method: by('collection_method'),
      price: (row, value) => row.items.some((item) => item.price === value),
      plan: (row, value) => row.items.some((item) => item.price === value),
      current_period_start: (row, value) => {
        const range = rangeOf(value, 'current_period_start');
        const at = Math.max(...row.items.map((item) => item.current_period_start));
        return at >= range.from && at < range.before;
      },
      current_period_end: (row, value) => {
        const range = rangeOf(value, 'current_period_end');
        const at = Math.min(...row.items.map((item) => item.current_period_end));
        return at >= range.from && at < range.before;
      },
      automatic_tax: (_row, value) => typeof value !== 'string' && value['enabled'] === 'false',
      test_clock: onClock,
    },
    hides: (row, query) =>
      (query['status'] === undefined && !matchesStatus(row.status, undefined)) ||
      (row.test_clock !== undefined &&
        query['test_clock'] === undefined &&
        query['customer'] === undefined),
  }),
  define({
    path: '/v1/invoices',
    noun: 'invoice',
    slugs: ['invoice'],
    rows: (state) => state.invoices,
    render: renderInvoice,
    filters: {
      status: by('status'),
      customer: by('customer'),
      customer_account: () => false,
      subscription: by('subscription'),
      collection_method: by('collection_method'),
      due_date: within('due_date', 'due_date'),
    },
    isDeleted: (row) => row.deleted === true,
  }),
  define({
    path: '/v1/invoiceitems',
    noun: 'invoiceitem',
    slugs: ['invoice'],
    rows: (state) => state.invoiceItems,
    render: renderInvoiceItem,
    filters: {
      customer: by('customer'),
      invoice: by('invoice'),
      pending: (row, value) => (row.invoice === null) === (value === 'true'),
    },
    isDeleted: (row) => row.deleted === true,
  }),
  define({
    path: '/v1/invoice_payments',
    noun: 'invoice_payment',
    slugs: ['invoice'],
    rows: (state) => state.invoicePayments,
    render: renderInvoicePayment,
    filters: {
      invoice: by('invoice'),
      status: by('status'),
      payment: (row, value) =>
        typeof value !== 'string' &&
        value['type'] === 'payment_intent' &&
        (value['payment_intent'] === undefined || value['payment_intent'] === row.payment_intent),
    },
  }),
  define({
    path: '/v1/payment_intents',
    noun: 'payment_intent',
    slugs: ['payment_intent'],
    rows: (state) => state.paymentIntents,
    render: renderPaymentIntent,
    filters: { customer: by('customer'), customer_account: () => false },
  }),
  define({
    path: '/v1/charges',
    noun: 'charge',
    slugs: ['charge'],
    rows: (state) => state.charges,
    render: renderCharge,
    filters: {
      customer: by('customer'),
      payment_intent: by('payment_intent'),
      transfer_group: () => false,
    },
  }),
  define({
    path: '/v1/refunds',
    noun: 'refund',
    slugs: ['refund', 'charge'],
    rows: (state) => state.refunds,
    render: renderRefund,
    filters: { charge: by('charge'), payment_intent: by('payment_intent') },
  }),
  define({
    path: '/v1/events',
    noun: 'event',
    slugs: ['event'],
    rows: (state) => state.events,
    render: renderEvent,
    filters: {
      type: (row, value) => typeof value === 'string' && matchesType(row.type, value),
      types: (row, value) => listOf(value).some((pattern) => matchesType(row.type, pattern)),
      delivery_success: (row, value) => (row.pending_webhooks === 0) === (value === 'true'),
    },
    hides: (row, _query, state) => row.created < state.now() - EVENT_RETENTION,
  }),
  define({
    path: '/v1/webhook_endpoints',
    noun: 'webhook_endpoint',
    slugs: ['webhook'],
    created: false,
    rows: (state) => state.webhookEndpoints,
    render: (state, row) => renderWebhookEndpoint(state, row),
  }),
  ...MONEY_RESOURCES,
  ...SELLING_RESOURCES,
];
