import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import type { Json } from '../definition.ts';
import { isHash } from './json.ts';
import { upgradeEvent } from './upgrade-event.ts';
import { isCurrentShape, upgradeObject, upgradePrevious } from './upgrade-object.ts';
import { CURRENT_VERSION } from './versions.ts';

/** The first and the last version of each name. */
const VERSIONS = [
  '2023-10-16',
  '2024-06-20',
  '2024-09-30.acacia',
  '2025-02-24.acacia',
  '2025-03-31.basil',
  '2025-08-27.basil',
  '2025-09-30.clover',
  '2026-02-25.clover',
  '2026-03-25.dahlia',
  '2026-08-26.dahlia',
  '2026-09-30.endive',
];

const LISTS = [
  'customers',
  'subscriptions?status=all',
  'subscription_schedules',
  'invoices',
  'invoiceitems',
  'credit_notes',
  'payment_intents',
  'setup_intents',
  'charges',
  'refunds',
  'disputes',
  'checkout/sessions',
  'quotes',
  'products',
  'prices',
  'plans',
  'coupons',
  'promotion_codes',
  'tax_rates',
  'balance_transactions',
];

let simulator: Simulator;
const now = new Map<string, Json[]>();

async function read(list: string, version: string): Promise<Json[]> {
  const joint = list.includes('?') ? '&' : '?';
  const answer = await fetch(`${simulator.url}/v1/${list}${joint}limit=100`, {
    headers: { authorization: `Bearer ${simulator.keys.create()}`, 'stripe-version': version },
  });
  const body = (await answer.json()) as { data?: Json[] };
  if (!body.data) throw new Error(`${list}: ${JSON.stringify(body)}`);
  return body.data;
}

beforeAll(async () => {
  simulator = await startSimulator({ now: new Date('2026-11-01T00:00:00Z'), speed: 0 });
  const { world } = simulator;
  const customer = world.createCustomer({ email: 'ada@example.com' }).id;
  const made = world.subscribe({
    customer,
    items: [{ price: 'price_growth_month' }],
    coupon: 'FRIENDS10',
  });
  world.createOneOffInvoiceItem({ customer, amount: 700 });
  world.createTaxRate({ display_name: 'VAT', percentage: 20 });
  world.createPromotionCode({ coupon: 'WELCOME20', code: 'HELLO' });
  world.createSetupIntent({ customer });
  world.openCheckoutSession({ customer, items: [{ price: 'price_team_month' }] });
  world.createQuote({ customer, items: [{ price: 'price_team_month' }] });
  world.scheduleSubscription({
    customer,
    phases: [{ items: [{ price: 'price_starter_month' }], months: 2 }],
  });
  await simulator.advance({ days: 3 });
  world.changeSubscription(made.id, { price: 'price_team_month' });
  await simulator.advance({ days: 40 });
  const charge = (await read('charges', CURRENT_VERSION)).find((one) => one.status === 'succeeded');
  const invoice = (await read('invoices', CURRENT_VERSION)).find(
    (one) => one.status === 'paid' && Number(one.amount_paid) > 300,
  );
  world.issueCreditNote({ invoice: String(invoice!.id), amount: 300 });
  world.openDispute(String(charge!.id));
  for (const list of LISTS) now.set(list, await read(list, CURRENT_VERSION));
}, 60_000);
afterAll(async () => await simulator.close());

/**
 * What an old version could not tell is left out on both sides: fields that were not there and whose
 * content cannot be known. A discount and a coupon may be there whole or as an id.
 */
const UNTOLD: Record<string, readonly string[]> = {
  charge: ['outcome', 'payment_method_details'],
  payment_intent: [
    'allowed_payment_method_types',
    'excluded_payment_method_types',
    'managed_payments',
  ],
  setup_intent: [
    'allowed_payment_method_types',
    'excluded_payment_method_types',
    'managed_payments',
  ],
  refund: ['customer', 'payment_method'],
  dispute: [
    'enhanced_eligibility_types',
    'evidence',
    'evidence_details',
    'intended_submission_method',
    'payment_method_details',
  ],
  payout: ['application_fee', 'application_fee_amount', 'payout_method', 'trace_id'],
  quote: ['automatic_tax', 'invoice_settings', 'subscription_data'],
  balance_transaction: ['balance_type'],
  item: ['adjustable_quantity', 'metadata'],
  invoiceitem: ['proration_details'],
  line_item: ['tax_rates'],
  credit_note_line_item: ['metadata'],
  subscription: ['billing_mode'],
  subscription_schedule: ['billing_mode', 'default_settings'],
  'checkout.session': [
    'adaptive_pricing',
    'allowed_payment_method_types',
    'automatic_tax',
    'collected_information',
    'customer_details',
    'discounts',
    'integration_identifier',
    'managed_payments',
    'origin_context',
    'permissions',
    'saved_payment_method_options',
    'wallet_options',
  ],
};

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isHash(value)) return value;
  if (value.object === 'discount' || value.object === 'coupon') return value.id;
  const untold = UNTOLD[String(value.object)] ?? [];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !untold.includes(name))
      .map(([name, inner]) => [name, comparable(inner)]),
  );
}

describe.each(VERSIONS)('%s', (version) => {
  test.each(LISTS)('%s is today’s shape, field by field', async (list) => {
    const old = await read(list, version);
    expect(old.length).toBeGreaterThan(0);
    for (const [index, object] of old.entries()) {
      expect(comparable(upgradeObject(object, version))).toEqual(comparable(now.get(list)![index]));
    }
  });
});

describe('what only a hand-made object shows', () => {
  const taxed = {
    object: 'invoice',
    id: 'in_1',
    quote: 'qt_1',
    subscription: null,
    total_tax_amounts: [{ amount: 20, inclusive: false, tax_rate: 'txr_1', taxable_amount: 100 }],
    tax: 20,
    discount: { object: 'discount', id: 'di_1', coupon: { object: 'coupon', id: 'TEN' } },
    lines: {
      object: 'list',
      data: [
        {
          object: 'line_item',
          id: 'il_1',
          type: 'invoiceitem',
          invoice_item: 'ii_1',
          amount: 100,
          quantity: 2,
          subscription: null,
          price: null,
          proration: false,
        },
      ],
    },
  };

  test('taxes, quotes, discounts and one-off lines move to where they are today', () => {
    const invoice = upgradeObject(taxed, '2024-06-20')!;
    expect(invoice).toMatchObject({
      parent: { type: 'quote_details', quote_details: { quote: 'qt_1' } },
      total_taxes: [
        {
          amount: 20,
          tax_behavior: 'exclusive',
          tax_rate_details: { tax_rate: 'txr_1' },
          taxable_amount: 100,
        },
      ],
      discounts: [{ id: 'di_1', source: { type: 'coupon', coupon: { id: 'TEN' } } }],
      lines: {
        data: [
          {
            parent: {
              type: 'invoice_item_details',
              invoice_item_details: { invoice_item: 'ii_1', proration: false },
            },
            pricing: null,
            quantity_decimal: '2',
            subtotal: 100,
          },
        ],
      },
    });
    for (const name of ['tax', 'quote', 'subscription', 'discount', 'total_tax_amounts'])
      expect(invoice).not.toHaveProperty(name);
    // What was given is left as it was.
    expect(taxed).toHaveProperty('quote');
  });

  test('previous attributes tell the former period where it is today', () => {
    const subscription = {
      object: 'subscription',
      id: 'sub_1',
      current_period_end: 200,
      status: 'active',
      items: { object: 'list', data: [{ object: 'subscription_item', id: 'si_1' }] },
    };
    const previous = { current_period_end: 100, status: 'trialing' };
    const data = { object: subscription, previous_attributes: previous };
    const event = upgradeEvent({ object: 'event', api_version: '2024-06-20', data });
    expect(event).toMatchObject({
      api_version: CURRENT_VERSION,
      data: {
        object: { items: { data: [{ current_period_end: 200 }] } },
        previous_attributes: {
          status: 'trialing',
          items: { data: [{ id: 'si_1', current_period_end: 100 }] },
        },
      },
    });
    expect(Object.keys(upgradePrevious(subscription, previous, '2024-06-20')!).toSorted()).toEqual([
      'items',
      'status',
    ]);
  });

  test('an unknown version is nobody’s guess, a current one stays as it is', () => {
    for (const version of ['2022-11-15', '2027-01-01.fjord', '', null, 'endive']) {
      expect(upgradeObject(taxed, version)).toBeNull();
      expect(isCurrentShape(taxed, version)).toBe(false);
    }
    const event = { object: 'event', api_version: '2022-11-15', data: { object: taxed } };
    expect(upgradeEvent(event)).toBe(event);
    const coupon = { object: 'coupon', id: 'TEN' };
    expect(isCurrentShape(coupon, '2023-10-16')).toBe(true);
    expect(
      isCurrentShape({ object: 'customer', discount: { object: 'discount' } }, '2025-08-27.basil'),
    ).toBe(false);
    expect(isCurrentShape(taxed, CURRENT_VERSION)).toBe(true);
  });
});
