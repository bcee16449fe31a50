import { renderCheckoutSession } from '../resources/checkout-session.ts';
import { renderPaymentMethod } from '../resources/payment-method.ts';
import { renderPromotionCode } from '../resources/promotion-code.ts';
import { renderQuote } from '../resources/quote.ts';
import { renderSchedule } from '../resources/schedule.ts';
import { renderTaxId, renderTaxRate } from '../resources/tax.ts';
import { renderTestClock } from '../resources/test-clock.ts';
import { by, define, onClock, within } from './define-resource.ts';
import type { ResourceRoute } from './define-resource.ts';

/** How things are sold, and to whom. */
export const SELLING_RESOURCES: ResourceRoute[] = [
  define({
    path: '/v1/promotion_codes',
    noun: 'promotion_code',
    slugs: ['promotion_code'],
    rows: (state) => state.promotionCodes,
    render: renderPromotionCode,
    filters: {
      active: by('active'),
      code: by('code'),
      coupon: by('coupon'),
      customer: by('customer'),
      customer_account: () => false,
    },
  }),
  define({
    path: '/v1/checkout/sessions',
    noun: 'checkout.session',
    slugs: ['checkout_session'],
    rows: (state) => state.checkoutSessions,
    render: renderCheckoutSession,
    filters: {
      status: by('status'),
      customer: by('customer'),
      customer_account: () => false,
      customer_details: (row, value) =>
        typeof value !== 'string' && row.details?.email === value['email'],
      payment_intent: by('payment_intent'),
      payment_link: () => false,
      subscription: by('subscription'),
    },
  }),
  define({
    path: '/v1/quotes',
    noun: 'quote',
    slugs: ['quote'],
    created: false,
    rows: (state) => state.quotes,
    render: renderQuote,
    filters: {
      customer: by('customer'),
      customer_account: () => false,
      status: by('status'),
      test_clock: onClock,
    },
    hides: (row, query) =>
      row.test_clock !== null &&
      query['test_clock'] === undefined &&
      query['customer'] === undefined,
  }),
  define({
    path: '/v1/tax_rates',
    noun: 'tax_rate',
    slugs: ['tax_rate'],
    rows: (state) => state.taxRates,
    render: renderTaxRate,
    filters: { active: by('active'), inclusive: by('inclusive') },
  }),
  define({
    path: '/v1/tax_ids',
    noun: 'tax_id',
    slugs: ['customer'],
    created: false,
    rows: (state) => state.taxIds,
    render: renderTaxId,
    filters: {
      owner: (row, value) =>
        typeof value !== 'string' &&
        value['type'] === 'customer' &&
        row.customer === value['customer'],
    },
    // Without an owner the account's own are meant, and it has none.
    hides: (_row, query) => query['owner'] === undefined,
    isDeleted: (row) => row.deleted,
  }),
  define({
    path: '/v1/payment_methods',
    noun: 'payment_method',
    slugs: ['payment_method'],
    created: false,
    rows: (state) => state.paymentMethods,
    render: renderPaymentMethod,
    filters: {
      customer: by('customer'),
      customer_account: () => false,
      type: (_row, value) => value === 'card',
      allow_redisplay: (_row, value) => value === 'unspecified',
    },
    hides: (row, _query, state) =>
      row.customer === null || state.customers.get(row.customer).deleted,
  }),
  define({
    path: '/v1/subscription_schedules',
    noun: 'subscription_schedule',
    slugs: ['subscription'],
    rows: (state) => state.schedules,
    render: renderSchedule,
    filters: {
      canceled_at: within('canceled_at', 'canceled_at'),
      completed_at: within('completed_at', 'completed_at'),
      released_at: within('released_at', 'released_at'),
      customer: by('customer'),
      customer_account: () => false,
      scheduled: (row, value) => (row.status === 'not_started') === (value === 'true'),
    },
    hides: (row, query) => row.test_clock !== null && query['customer'] === undefined,
  }),
  define({
    path: '/v1/test_helpers/test_clocks',
    noun: 'test_helpers.test_clock',
    slugs: ['billing_clock', 'customer'],
    created: false,
    rows: (state) => state.testClocks,
    render: renderTestClock,
    isDeleted: (row) => row.deleted,
  }),
];
