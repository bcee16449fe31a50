import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Account, seconds } from './fixtures/account.ts';
import { GOLDEN } from './fixtures/golden-cases.ts';
import { readAccount } from './fixtures/read-account.ts';
import { buildLedger } from './ledger/build-ledger.ts';
import { createCalendar } from './ledger/calendar.ts';
import { DEFAULT_POLICY } from './ledger/policy.ts';
import { microToMinor, toMicro } from './ledger/rational.ts';
import { rateOfRenewal } from './ledger/rate-line.ts';
import { describeVersion } from './ledger/sentence.ts';
import { readLine } from './stripe-facts/read-line.ts';

function ledgerOf(account: Account, policy = DEFAULT_POLICY, zone = 'UTC') {
  const { customers, catalogue } = readAccount(account);
  return buildLedger(customers, catalogue, policy, createCalendar(zone));
}

/** The movements as short text: '2026-01-10 new 5000 started A'. */
function moves(account: Account, policy = DEFAULT_POLICY, zone = 'UTC'): string[] {
  return ledgerOf(account, policy, zone).movements.map((one) =>
    [one.on_date, one.kind, microToMinor(one.amount), one.reason, one.grade].join(' '),
  );
}

function plan(status: string, rest: object = {}): Account {
  const account = new Account();
  account.price('plan', 5000);
  account.subscription('s1', { start: '2026-01-10', items: [{ price: 'plan' }], status, ...rest });
  account.renew('s1', '2026-01-10', 3, { price: 'plan', amount: 5000 });
  return account;
}

describe('what stops and starts counting', () => {
  test('paused: from the transition that Stripe keeps, back with the next bill', () => {
    const paused_at = seconds('2026-03-20');
    const status_details = { paused: { type: 'subscription', transitioned_at: paused_at } };
    expect(moves(plan('paused', { extra: { status_details } }))).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-03-20 churn -5000 paused A',
    ]);
    const resumed = plan('active');
    resumed.renew('s1', '2026-05-20', 1, { price: 'plan', amount: 5000 });
    expect(moves(resumed)).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-04-10 churn -5000 paused B',
      '2026-05-20 reactivation 5000 resumed A',
    ]);
  });

  test('unpaid: from the event, until the event that ends it; without one, from the last paid period', () => {
    const told = plan('active');
    told.event('s1', '2026-03-24', { status: 'unpaid' });
    told.event('s1', '2026-03-28', { status: 'active' });
    expect(moves(told)).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-03-24 churn -5000 unpaid A',
      '2026-03-28 reactivation 5000 resumed A',
    ]);
    expect(moves(plan('unpaid'))).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-04-10 churn -5000 unpaid C',
    ]);
  });

  test('past due stays until it ends', () => {
    expect(moves(plan('past_due'))).toEqual(['2026-01-10 new 5000 started A']);
  });

  test('collection paused: periods given away are worth nothing', () => {
    const account = plan('active');
    account.invoice({
      subscription: 's1',
      at: '2026-04-10',
      status: 'uncollectible',
      reason: 'subscription_cycle',
      extra: { status_details: { uncollectible: { reason: 'subscription_paused' } } },
      lines: [
        { item: 's1_i1', price: 'plan', amount: 5000, start: '2026-04-10', end: '2026-05-10' },
      ],
    });
    account.renew('s1', '2026-05-10', 1, { price: 'plan', amount: 5000 });
    expect(moves(account)).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-04-10 churn -5000 paused A',
      '2026-05-10 reactivation 5000 resumed A',
    ]);
  });

  test('a renewal written off in dunning is no pause', () => {
    const account = plan('active');
    account.invoice({
      subscription: 's1',
      at: '2026-04-10',
      status: 'uncollectible',
      lines: [
        { item: 's1_i1', price: 'plan', amount: 5000, start: '2026-04-10', end: '2026-05-10' },
      ],
    });
    expect(moves(account)).toEqual(['2026-01-10 new 5000 started A']);
  });

  test('MRR begins when the first charge is paid, not when it is billed', () => {
    const account = new Account();
    account.price('plan', 5000);
    account.subscription('s1', { start: '2026-01-10', items: [{ price: 'plan' }] });
    const line = { item: 's1_i1', price: 'plan', start: '2026-01-10', end: '2026-02-10' };
    account.invoice({
      subscription: 's1',
      at: '2026-01-10',
      paid_at: '2026-01-14',
      lines: [{ ...line, amount: 5000 }],
    });
    expect(moves(account)).toEqual(['2026-01-14 new 5000 started A']);
  });

  test('a first month for free acts as a trial', () => {
    const account = new Account();
    account.price('plan', 5000);
    account.coupon('welcome', 'once', { percent_off: 100 });
    account.subscription('s1', { start: '2026-01-10', items: [{ price: 'plan' }] });
    const line = { item: 's1_i1', price: 'plan', amount: 5000 };
    account.invoice({
      subscription: 's1',
      at: '2026-01-10',
      lines: [{ ...line, start: '2026-01-10', end: '2026-02-10', discounts: { di_welcome: 5000 } }],
    });
    expect(moves(account)).toEqual([]);
    account.renew('s1', '2026-02-10', 1, { price: 'plan', amount: 5000 });
    expect(moves(account)).toEqual(['2026-02-10 new 5000 started A']);
  });

  test('a trial in mid-life changes nothing by default', () => {
    const account = plan('active', { trial: ['2026-03-20', '2026-04-03'] });
    account.invoice({
      subscription: 's1',
      at: '2026-03-20',
      lines: [
        {
          item: 's1_i1',
          price: 'plan',
          amount: -3387,
          start: '2026-03-20',
          end: '2026-04-10',
          proration: true,
        },
        { item: 's1_i1', price: 'plan', amount: 0, start: '2026-03-20', end: '2026-04-03' },
      ],
    });
    account.renew('s1', '2026-04-03', 1, { price: 'plan', amount: 5000 });
    expect(moves(account)).toEqual(['2026-01-10 new 5000 started A']);
    expect(moves(account, { ...DEFAULT_POLICY, mid_life_trial: 'zero' })).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-03-20 churn -5000 trial A',
      '2026-04-03 reactivation 5000 resumed A',
    ]);
  });
});

describe('before all bills are there', () => {
  test('a living subscription without bills is worth what it says itself', () => {
    const account = new Account();
    account.price('year', 120_000, { interval: 'year' });
    account.price('seat', 1000);
    account.coupon('friends', 'forever', { percent_off: 10 });
    account.coupon('five', 'forever', { amount_off: 500 });
    account.subscription('s1', {
      start: '2025-03-01',
      items: [{ price: 'year' }],
      discounts: [account.discount('friends')],
    });
    account.subscription('s2', {
      start: '2025-04-01',
      items: [{ price: 'seat', quantity: 3 }],
      discounts: [account.discount('five')],
    });
    account.subscription('s3', {
      start: '2026-05-01',
      items: [{ price: 'seat' }],
      status: 'trialing',
      trial: ['2026-05-01', '2027-07-01'],
    });
    expect(moves(account)).toEqual([
      '2025-03-01 new 9000 started C',
      '2025-04-01 expansion 2500 second_subscription C',
    ]);
  });

  test('a bill whose price has no row yet is read by the price the subscription carries', () => {
    const account = new Account();
    account.price('quarter', 9000, { interval_count: 3 });
    account.price('usage', 100, { usage_type: 'metered' });
    const items = [{ price: 'quarter' }, { price: 'usage' }];
    account.subscription('s1', { start: '2026-01-10', items });
    const span = { start: '2026-01-10', end: '2026-04-10' };
    account.invoice({
      subscription: 's1',
      at: '2026-01-10',
      lines: [
        { item: 's1_i1', price: 'quarter', amount: 9000, ...span },
        { item: 's1_i2', price: 'usage', amount: 700, ...span },
      ],
    });
    account.prices.clear();
    expect(moves(account)).toEqual(['2026-01-10 new 3000 started A']);
  });

  test('recent renewals alone hold back to the start', () => {
    const account = new Account();
    account.price('plan', 5000);
    account.subscription('s1', { start: '2025-01-10', items: [{ price: 'plan' }] });
    const lines = [
      { item: 's1_i1', price: 'plan', amount: 5000, start: '2026-03-10', end: '2026-04-10' },
    ];
    account.invoice({ subscription: 's1', at: '2026-03-10', reason: 'subscription_cycle', lines });
    expect(moves(account)).toEqual(['2025-01-10 new 5000 started C']);
  });

  test('what the subscription says now wins over bills that do not know it yet', () => {
    const account = plan('active', { seen_at: '2026-03-25' });
    account.price('large', 9000);
    const row = account.subscriptions.get('s1')!;
    row.raw = { ...row.raw, ...account.items('s1', [{ price: 'large' }]) };
    expect(moves(account)).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-03-25 expansion 4000 reconciled C',
    ]);
  });
});

describe('items', () => {
  test('added with a proration, removed with a credit, vanished without any', () => {
    const account = plan('active');
    account.price('extra', 2000);
    const span = { item: 's1_i2', price: 'extra', proration: true };
    account.invoice({
      subscription: 's1',
      at: '2026-02-20',
      lines: [{ ...span, amount: 1285, start: '2026-02-20', end: '2026-03-10' }],
    });
    expect(moves(account)).toEqual([
      '2026-01-10 new 5000 started A',
      '2026-02-20 expansion 2000 item_added A',
      '2026-03-10 contraction -2000 item_removed B',
    ]);
    account.invoice({
      subscription: 's1',
      at: '2026-03-01',
      lines: [{ ...span, amount: -600, start: '2026-03-01', end: '2026-03-10' }],
    });
    expect(moves(account).at(-1)).toBe('2026-03-01 contraction -2000 item_removed A');
  });

  test('gone from the subscription and no bill since: gone when that was seen', () => {
    const account = plan('active', { seen_at: '2026-04-01' });
    account.price('extra', 2000);
    const span = { item: 's1_i2', price: 'extra', proration: true, amount: 1355 };
    account.invoice({
      subscription: 's1',
      at: '2026-03-20',
      lines: [{ ...span, start: '2026-03-20', end: '2026-04-10' }],
    });
    expect(moves(account).at(-1)).toBe('2026-04-01 contraction -2000 item_removed C');
  });

  test('a discount baked into a proration goes on unchanged', () => {
    const account = new Account();
    account.price('small', 3000);
    account.price('large', 6000);
    account.coupon('fifth', 'forever', { percent_off: 20 });
    account.subscription('s1', { start: '2026-04-01', items: [{ price: 'large' }] });
    const discounts = { di_fifth: 600 };
    const span = { item: 's1_i1', start: '2026-04-16', end: '2026-05-01', proration: true };
    account.invoice({
      subscription: 's1',
      at: '2026-04-01',
      lines: [
        { ...span, proration: false, price: 'small', amount: 3000, discounts, start: '2026-04-01' },
      ],
    });
    account.invoice({
      subscription: 's1',
      at: '2026-04-16',
      lines: [
        { ...span, price: 'small', amount: -1200 },
        { ...span, price: 'large', amount: 2400 },
      ],
    });
    // Its coupon is not known any more; that it goes on shows on the subscription.
    account.subscriptions.get('s1')!.raw.discounts = ['di_fifth'];
    expect(moves(account)).toEqual([
      '2026-04-01 new 2400 started A',
      '2026-04-16 expansion 2400 price_change A',
    ]);
  });

  test('an amount in a currency without decimals is not divided', () => {
    const account = new Account();
    account.price('plan', 1500);
    account.subscription('s1', {
      start: '2026-01-10',
      items: [{ price: 'plan' }],
      extra: { currency: 'jpy' },
    });
    account.renew('s1', '2026-01-10', 1, { price: 'plan', amount: 1500 });
    const { versions, movements } = ledgerOf(account);
    expect(microToMinor(movements[0]!.after)).toBe(1500);
    expect(describeVersion(versions[0]!, new Map())).toContain('1500 JPY a month');
  });
});

describe('lines of older API versions', () => {
  test('say the same as those of today', () => {
    const older = {
      id: 'il_1',
      object: 'line_item',
      type: 'subscription',
      amount: 12_000,
      currency: 'eur',
      description: '1 × Plan',
      invoice: 'in_1',
      subscription: 'sub_1',
      subscription_item: 'si_1',
      proration: false,
      quantity: 2,
      period: { start: 1_767_225_600, end: 1_769_904_000 },
      price: {
        id: 'price_1',
        product: 'prod_1',
        unit_amount: 6000,
        unit_amount_decimal: '6000',
        billing_scheme: 'per_unit',
        recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
      },
      discount_amounts: [{ discount: 'di_1', amount: 600 }],
      tax_amounts: [{ amount: 1900, inclusive: true }],
    };
    const { price, proration, subscription_item, tax_amounts, type, ...rest } = older;
    const today = {
      ...rest,
      quantity_decimal: '2',
      parent: {
        type: `${type}_item_details`,
        subscription_item_details: { subscription_item, proration, subscription: 'sub_1' },
      },
      pricing: { price_details: { price: price.id, product: price.product } },
      taxes: tax_amounts.map(({ amount }) => ({ amount, tax_behavior: 'inclusive' })),
    };
    const [a, b] = [readLine(older)!, readLine(today)!];
    expect({ ...a, embedded_price: null }).toEqual(b);
    const rate = rateOfRenewal([a], a.embedded_price!, () => true);
    expect(microToMinor(toMicro(rate.monthly))).toBe(9500);
  });
});

describe('days', () => {
  test('are those of the account', () => {
    const account = new Account();
    account.price('plan', 5000);
    account.subscription('s1', { start: '2026-03-01T04:30:00Z', items: [{ price: 'plan' }] });
    account.renew('s1', '2026-03-01T04:30:00Z', 1, { price: 'plan', amount: 5000 });
    expect(moves(account)).toEqual(['2026-03-01 new 5000 started A']);
    expect(moves(account, DEFAULT_POLICY, 'America/New_York')).toEqual([
      '2026-02-28 new 5000 started A',
    ]);
  });

  test('match Intl around every change of the clocks', () => {
    const zone = 'America/New_York';
    const dayOf = createCalendar(zone);
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 1_800_000_000 }), (at) => {
        expect(dayOf(at)).toBe(format.format(at * 1000));
      }),
      { numRuns: 500 },
    );
  });
});

describe('order', () => {
  test('of the facts makes no difference', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...GOLDEN),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (golden, keys) => {
          const account = new Account();
          golden.build(account);
          const build = (order?: <T>(rows: T[]) => T[]) => {
            const { customers, catalogue } = readAccount(account, order);
            return buildLedger(customers, catalogue, DEFAULT_POLICY, createCalendar('UTC'));
          };
          const shuffled = build((rows) =>
            rows
              .map((row) => ({ row, key: keys.next().value as number }))
              .toSorted((a, b) => a.key - b.key)
              .map(({ row }) => row),
          );
          expect(shuffled).toEqual(build());
        },
      ),
      { numRuns: 200 },
    );
  });
});
