import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClock, secondsOf } from '../clock.ts';
import type { InvoiceRow } from '../resources/invoice.ts';
import { Runner } from '../runner.ts';
import { createStarterCatalogue } from '../starter-catalogue.ts';
import { State } from '../state.ts';
import type { DunningSettings } from '../state.ts';
import { World } from '../world.ts';
import { allocate, chargeParts, share } from './amount.ts';
import { boundary, nextBoundary } from './period.ts';

const at = (iso: string): number => secondsOf(new Date(iso));
const iso = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A world without HTTP, standing at an instant. */
function worldAt(
  start: string,
  dunning: DunningSettings = { retry_days: [3, 5, 7], final: 'cancel' },
) {
  const state = new State(
    {
      seed: 1,
      livemode: false,
      opened_at: at(start),
      account: { id: 'acct_1', name: 'A', country: 'US', default_currency: 'usd', timezone: 'UTC' },
      dunning,
    },
    createClock(at(start), 0),
  );
  const runner = new Runner(state);
  const world = new World(state, () => runner.catchUp());
  createStarterCatalogue(state);
  const to = (instant: string) => runner.advanceAtOnce(at(instant));
  const product = world.createProduct({ name: 'Plan' }).id;
  const monthly = (unit_amount: number) => world.createPrice({ product, unit_amount }).id;
  const invoicesOf = (subscription: string): InvoiceRow[] =>
    [...state.invoices].filter((invoice) => invoice.subscription === subscription);
  const typesSince = (from: number) =>
    [...state.events]
      .toSorted((a, b) => a.sequence - b.sequence)
      .filter((event) => event.created >= from)
      .map((event) => event.type);
  return { state, world, to, product, monthly, invoicesOf, typesSince };
}

const amounts = (invoice: InvoiceRow | undefined) => invoice?.lines.map((line) => line.amount);

describe('periods', () => {
  test('months clamp to their end and come back to the anchor', () => {
    const anchor = at('2026-01-31T10:00:00Z');
    const ends = [0, 1, 2, 3].map((k) => iso(boundary(anchor, 'month', 1, k)));
    expect(ends).toEqual([
      '2026-01-31T10:00:00Z',
      '2026-02-28T10:00:00Z',
      '2026-03-31T10:00:00Z',
      '2026-04-30T10:00:00Z',
    ]);
    expect(iso(boundary(at('2024-02-29T00:00:00Z'), 'year', 1, 1))).toBe('2025-02-28T00:00:00Z');
  });

  test('the next boundary is the first one later than the instant', () => {
    const interval = fc.constantFrom(
      'day' as const,
      'week' as const,
      'month' as const,
      'year' as const,
    );
    const anchors = fc.integer({ min: 1_500_000_000, max: 1_900_000_000 });
    fc.assert(
      fc.property(
        anchors,
        interval,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 2e8 }),
        (anchor, unit, count, later) => {
          const next = nextBoundary(anchor, unit, count, anchor + later);
          expect(next).toBeGreaterThan(anchor + later);
          const all = Array.from({ length: 3000 }, (_, k) => boundary(anchor, unit, count, k));
          expect(all.find((end) => end > anchor + later) ?? next).toBe(next);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('amounts', () => {
  test('graduated tiers give a part per tier, volume one part for all', () => {
    const { world, product, state } = worldAt('2026-01-01T00:00:00Z');
    const tiers = [
      { up_to: 10, unit_amount: 1000 },
      { up_to: null, unit_amount: 800 },
    ];
    const graduated = world.createPrice({ product, tiers, tiers_mode: 'graduated' });
    expect(chargeParts(state.prices.get(graduated.id), 25).map((part) => part.amount)).toEqual([
      10_000, 12_000,
    ]);
    const volume = world.createPrice({ product, tiers, tiers_mode: 'volume' });
    expect(chargeParts(state.prices.get(volume.id), 25)).toMatchObject([{ amount: 20_000 }]);
    expect(graduated.unit_amount).toBeNull();
  });

  test('fractions of a cent are counted before rounding', () => {
    const { world, product, state } = worldAt('2026-01-01T00:00:00Z');
    const price = world.createPrice({ product, unit_amount_decimal: '0.5' });
    expect(chargeParts(state.prices.get(price.id), 3)[0]?.amount).toBe(2);
    expect(chargeParts(state.prices.get(price.id), 1000)[0]?.amount).toBe(500);
  });

  test('parts of a sum add up to it, halves round away from zero', () => {
    expect(share(-5, 1, 2)).toBe(-3);
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(10_000), { minLength: 1 }), (sum, weights) => {
        const parts = allocate(sum, weights);
        const total = weights.reduce((all, weight) => all + weight, 0);
        expect(parts.reduce((all, part) => all + part, 0)).toBe(total === 0 ? 0 : sum);
      }),
    );
  });
});

describe('prorations', () => {
  test('an upgrade half-way: 15 back, 30 for the rest, 60 for the next month', () => {
    const { world, to, monthly, invoicesOf, typesSince } = worldAt('2026-04-01T00:00:00Z');
    const small = monthly(3000);
    const customer = world.createCustomer().id;
    const { id } = world.subscribe({ customer, items: [{ price: small }] });
    to('2026-04-16T00:00:00Z');
    world.changeSubscription(id, { price: monthly(6000) });
    expect(
      typesSince(at('2026-04-16T00:00:00Z')).filter((type) => !/price|plan/.test(type)),
    ).toEqual(['invoiceitem.created', 'invoiceitem.created', 'customer.subscription.updated']);
    to('2026-05-01T02:00:00Z');
    const renewal = invoicesOf(id)[1];
    expect(amounts(renewal)).toEqual([-1500, 3000, 6000]);
    expect(renewal).toMatchObject({ status: 'paid', amount_paid: 7500 });
    expect(iso(renewal?.lines[1]?.period_start ?? 0)).toBe('2026-04-16T00:00:00Z');
    expect(iso(renewal?.lines[1]?.period_end ?? 0)).toBe('2026-05-01T00:00:00Z');
    expect(renewal?.lines.map((line) => line.proration)).toEqual([true, true, false]);
    expect(renewal?.lines[0]?.credited?.invoice).toBe(invoicesOf(id)[0]?.id);
  });

  test('a downgrade half-way nets to half a month', () => {
    const { world, to, monthly, invoicesOf } = worldAt('2026-06-01T00:00:00Z');
    const customer = world.createCustomer().id;
    const { id } = world.subscribe({ customer, items: [{ price: monthly(6000) }] });
    to('2026-06-16T00:00:00Z');
    world.changeSubscription(id, { price: monthly(3000) });
    to('2026-07-01T02:00:00Z');
    expect(amounts(invoicesOf(id)[1])).toEqual([-3000, 1500, 3000]);
    expect(invoicesOf(id)[1]?.amount_paid).toBe(1500);
  });

  test('three seats to five with ten of 28 days left', () => {
    const { world, to, monthly, invoicesOf } = worldAt('2026-01-01T00:00:00Z');
    const customer = world.createCustomer().id;
    const price = monthly(1000);
    const { id } = world.subscribe({ customer, items: [{ price, quantity: 3 }] });
    to('2026-02-19T00:00:00Z');
    world.changeSubscription(id, { quantity: 5 });
    to('2026-03-01T02:00:00Z');
    expect(amounts(invoicesOf(id)[2])).toEqual([-1071, 1786, 5000]);
    expect(invoicesOf(id)[2]?.lines[1]?.quantity).toBe(5);
  });

  test('always_invoice collects at once, none bills nothing', () => {
    const { world, to, monthly, invoicesOf } = worldAt('2026-04-01T00:00:00Z');
    const customer = world.createCustomer().id;
    const { id } = world.subscribe({ customer, items: [{ price: monthly(3000) }] });
    to('2026-04-16T00:00:00Z');
    world.changeSubscription(id, { price: monthly(6000), proration: 'always_invoice' });
    expect(invoicesOf(id)[1]).toMatchObject({
      billing_reason: 'subscription_update',
      status: 'paid',
      amount_paid: 1500,
    });
    world.changeSubscription(id, { price: monthly(9000), proration: 'none' });
    to('2026-05-01T02:00:00Z');
    expect(amounts(invoicesOf(id)[2])).toEqual([9000]);
  });

  test('a switch to yearly starts a new cycle, billed at once less what is unused', () => {
    const { world, to, product, monthly, invoicesOf } = worldAt('2026-04-01T00:00:00Z');
    const customer = world.createCustomer().id;
    const { id } = world.subscribe({ customer, items: [{ price: monthly(3000) }] });
    to('2026-04-16T00:00:00Z');
    const yearly = world.createPrice({ product, unit_amount: 30_000, interval: 'year' }).id;
    const changed = world.changeSubscription(id, { price: yearly });
    expect(amounts(invoicesOf(id)[1])).toEqual([-1500, 30_000]);
    expect(iso(changed.items.data[0]?.current_period_end ?? 0)).toBe('2027-04-16T00:00:00Z');
    to('2027-04-16T02:00:00Z');
    expect(invoicesOf(id)).toHaveLength(3);
  });

  test('a credit larger than the bill stays on the customer and pays the next one', () => {
    const { world, to, monthly, invoicesOf, state } = worldAt('2026-04-01T00:00:00Z');
    const customer = world.createCustomer().id;
    const { id } = world.subscribe({ customer, items: [{ price: monthly(9000) }] });
    to('2026-04-02T00:00:00Z');
    world.changeSubscription(id, { price: monthly(1000), proration: 'always_invoice' });
    expect(invoicesOf(id)[1]).toMatchObject({ status: 'paid', amount_due: 0 });
    expect(state.customers.get(customer).balance).toBe(invoicesOf(id)[1]?.total);
    to('2026-05-01T02:00:00Z');
    expect(invoicesOf(id)[2]).toMatchObject({ total: 1000, amount_due: 0, status: 'paid' });
  });
});

describe('trials', () => {
  test('a trial starts free, warns three days ahead and converts', () => {
    const { world, to, monthly, invoicesOf, typesSince, state } = worldAt('2026-01-01T00:00:00Z');
    const customer = world.createCustomer().id;
    const trial = world.subscribe({ customer, items: [{ price: monthly(5000) }], trial_days: 14 });
    expect(trial.status).toBe('trialing');
    expect(invoicesOf(trial.id)).toMatchObject([{ status: 'paid', total: 0 }]);
    to('2026-01-12T12:00:00Z');
    expect(typesSince(at('2026-01-11T00:00:00Z'))).toEqual([
      'customer.subscription.trial_will_end',
    ]);
    to('2026-01-15T00:00:00Z');
    expect(state.subscriptions.get(trial.id).status).toBe('active');
    expect(typesSince(at('2026-01-15T00:00:00Z'))).toEqual([
      'invoice.created',
      'customer.subscription.updated',
    ]);
    to('2026-01-15T02:00:00Z');
    expect(invoicesOf(trial.id)[1]).toMatchObject({ status: 'paid', amount_paid: 5000 });
    expect(typesSince(at('2026-01-15T01:00:00Z'))).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
    ]);
  });

  test('a trial can be cancelled, or end for want of a card', () => {
    const { world, to, monthly, state } = worldAt('2026-01-01T00:00:00Z');
    const price = monthly(5000);
    const begin = (missing_payment_method?: 'cancel' | 'pause') =>
      world.subscribe({
        customer: world.createCustomer().id,
        items: [{ price }],
        trial_days: 14,
        payment: 'none',
        ...(missing_payment_method ? { missing_payment_method } : {}),
      }).id;
    const given = begin();
    const expiring = begin('cancel');
    const pausing = begin('pause');
    const owing = begin();
    to('2026-01-09T00:00:00Z');
    world.cancel(given);
    to('2026-01-16T00:00:00Z');
    expect(state.subscriptions.get(given)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-01-09T00:00:00Z'),
    });
    expect(state.subscriptions.get(expiring).status).toBe('canceled');
    expect(state.subscriptions.get(pausing)).toMatchObject({
      status: 'paused',
      paused: { type: 'trial_end_without_payment_method' },
    });
    expect(state.subscriptions.get(owing).status).toBe('past_due');
  });
});

describe('dunning', () => {
  const begin = (dunning?: DunningSettings) => {
    const scene = worldAt('2026-01-10T00:00:00Z', dunning);
    const customer = scene.world.createCustomer().id;
    const { id } = scene.world.subscribe({ customer, items: [{ price: scene.monthly(5000) }] });
    scene.to('2026-02-01T00:00:00Z');
    scene.world.setPaymentOutcome(customer, 'insufficient_funds');
    scene.to('2026-02-10T02:00:00Z');
    return { ...scene, customer, id };
  };

  test('a failed renewal is retried after 3, 5 and 7 days and then ends the subscription', () => {
    const { state, id, customer, to, invoicesOf, typesSince } = begin();
    expect(state.subscriptions.get(id).status).toBe('past_due');
    expect(state.customers.get(customer).delinquent).toBe(true);
    expect(typesSince(at('2026-02-10T01:00:00Z'))).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.updated',
      'invoice.payment_failed',
      'customer.subscription.updated',
      'customer.updated',
    ]);
    to('2026-03-01T00:00:00Z');
    const failures = [...state.charges].filter((charge) => charge.status === 'failed');
    expect(failures.map((charge) => iso(charge.created))).toEqual([
      '2026-02-10T01:00:00Z',
      '2026-02-13T01:00:00Z',
      '2026-02-18T01:00:00Z',
      '2026-02-25T01:00:00Z',
    ]);
    expect(state.subscriptions.get(id)).toMatchObject({
      status: 'canceled',
      cancel_reason: 'payment_failed',
      ended_at: at('2026-02-25T01:00:00Z'),
    });
    expect(invoicesOf(id)[1]).toMatchObject({
      status: 'open',
      attempt_count: 4,
      next_payment_attempt: null,
    });
  });

  test('a retry that goes through brings the subscription back', () => {
    const { state, world, id, customer, to, invoicesOf } = begin();
    world.setPaymentOutcome(customer, 'succeeds');
    to('2026-02-13T02:00:00Z');
    expect(state.subscriptions.get(id).status).toBe('active');
    expect(state.customers.get(customer).delinquent).toBe(false);
    expect(invoicesOf(id)[1]).toMatchObject({ status: 'paid', attempt_count: 2 });
    to('2026-03-10T02:00:00Z');
    expect(invoicesOf(id)[2]?.status).toBe('paid');
  });

  test('the account may prefer unpaid; paying the invoice by hand revives it', () => {
    const { state, world, id, to, invoicesOf } = begin({ retry_days: [1], final: 'unpaid' });
    to('2026-02-12T00:00:00Z');
    expect(state.subscriptions.get(id).status).toBe('unpaid');
    world.payOpenInvoice(invoicesOf(id)[1]?.id ?? '');
    expect(state.subscriptions.get(id).status).toBe('active');
  });

  test('a first payment that needs its customer waits, then expires', () => {
    const { world, to, monthly, state, invoicesOf } = worldAt('2026-01-10T00:00:00Z');
    const price = monthly(5000);
    const begun = (payment: string) =>
      world.subscribe({ customer: world.createCustomer().id, items: [{ price }], payment });
    const lost = begun('declines');
    const won = begun('requires_action');
    expect([lost.status, won.status]).toEqual(['incomplete', 'incomplete']);
    to('2026-01-10T10:00:00Z');
    world.payOpenInvoice(won.latest_invoice as string);
    to('2026-01-11T00:00:00Z');
    expect(state.subscriptions.get(won.id).status).toBe('active');
    expect(state.subscriptions.get(lost.id).status).toBe('incomplete_expired');
    expect(invoicesOf(lost.id)[0]?.status).toBe('void');
  });
});

describe('discounts', () => {
  test('once, repeating and forever each last as long as they say', () => {
    const { world, to, monthly, invoicesOf } = worldAt('2026-01-10T00:00:00Z');
    const price = monthly(10_000);
    const begin = (coupon: string) =>
      world.subscribe({ customer: world.createCustomer().id, items: [{ price }], coupon }).id;
    const once = begin('WELCOME20');
    const quarter = begin('QUARTER50');
    const forever = begin('FRIENDS10');
    to('2026-05-10T02:00:00Z');
    const totals = (id: string) => invoicesOf(id).map((invoice) => invoice.total);
    expect(totals(once)).toEqual([8000, 10_000, 10_000, 10_000, 10_000]);
    expect(totals(quarter)).toEqual([5000, 5000, 5000, 10_000, 10_000]);
    expect(totals(forever)).toEqual([9000, 9000, 9000, 9000, 9000]);
  });

  test('an amount off is shared over the lines by their size', () => {
    const { world, monthly, invoicesOf } = worldAt('2026-01-10T00:00:00Z');
    const items = [{ price: monthly(6000) }, { price: monthly(4000) }];
    const { id } = world.subscribe({
      customer: world.createCustomer().id,
      items,
      coupon: 'TENOFF',
    });
    const lines = invoicesOf(id)[0]?.lines ?? [];
    expect(lines.map((line) => line.discount_amounts[0]?.amount)).toEqual([600, 400]);
    expect(invoicesOf(id)[0]?.amount_paid).toBe(9000);
  });
});

describe('pauses, endings, refunds', () => {
  test('a paused subscription stands still and resumes with a new cycle', () => {
    const { world, to, monthly, invoicesOf } = worldAt('2026-01-10T00:00:00Z');
    const { id } = world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: monthly(5000) }],
    });
    to('2026-01-20T00:00:00Z');
    expect(world.pause(id).status_details?.paused.subscription.type).toBe('pause_requested');
    to('2026-03-20T00:00:00Z');
    expect(invoicesOf(id)).toHaveLength(1);
    expect(world.resume(id).status).toBe('active');
    expect(invoicesOf(id)[1]?.status).toBe('paid');
    to('2026-04-20T02:00:00Z');
    expect(invoicesOf(id)).toHaveLength(3);
  });

  test('a paused collection keeps the status and spoils the invoices', () => {
    const { world, to, monthly, invoicesOf, state } = worldAt('2026-01-10T00:00:00Z');
    const price = monthly(5000);
    const kinds = ['void', 'mark_uncollectible', 'keep_as_draft'] as const;
    const ids = kinds.map((behavior) => {
      const { id } = world.subscribe({ customer: world.createCustomer().id, items: [{ price }] });
      world.pauseCollection(id, { behavior, resumes_at: '2026-02-20T00:00:00Z' });
      return id;
    });
    to('2026-03-10T02:00:00Z');
    expect(ids.map((id) => state.subscriptions.get(id).status)).toEqual([
      'active',
      'active',
      'active',
    ]);
    expect(ids.map((id) => invoicesOf(id).map((invoice) => invoice.status))).toEqual([
      ['paid', 'void', 'paid'],
      ['paid', 'uncollectible', 'paid'],
      ['paid', 'draft', 'paid'],
    ]);
  });

  test('a cancellation at the period end can be taken back until then', () => {
    const { world, to, monthly, state } = worldAt('2026-01-10T00:00:00Z');
    const price = monthly(5000);
    const begin = () =>
      world.subscribe({ customer: world.createCustomer().id, items: [{ price }] }).id;
    const [leaving, staying] = [begin(), begin()];
    to('2026-02-20T00:00:00Z');
    for (const id of [leaving, staying])
      world.cancel(id, { at_period_end: true, feedback: 'too_expensive' });
    to('2026-02-25T00:00:00Z');
    world.uncancel(staying);
    to('2026-03-11T00:00:00Z');
    expect(state.subscriptions.get(leaving)).toMatchObject({
      status: 'canceled',
      canceled_at: at('2026-02-20T00:00:00Z'),
      ended_at: at('2026-03-10T00:00:00Z'),
    });
    expect(state.subscriptions.get(staying)).toMatchObject({ status: 'active', cancel_at: null });
  });

  test('deleting a customer ends what they had; refunds cannot exceed the charge', () => {
    const { world, monthly, state } = worldAt('2026-01-10T00:00:00Z');
    const customer = world.createCustomer().id;
    const { id } = world.subscribe({ customer, items: [{ price: monthly(5000) }] });
    const charge = [...state.charges][0]?.id ?? '';
    world.refund(charge, 2000);
    expect(() => world.refund(charge, 4000)).toThrow(/3000 to refund/);
    world.refund(charge);
    expect(state.charges.get(charge).amount_refunded).toBe(5000);
    world.deleteCustomer(customer);
    expect(state.subscriptions.get(id).status).toBe('canceled');
  });

  test('a backdated start bills the periods passed', () => {
    const { world, monthly, invoicesOf } = worldAt('2026-04-05T00:00:00Z');
    const made = world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: monthly(5000) }],
      backdate: '2026-02-01T00:00:00Z',
    });
    expect(iso(made.start_date)).toBe('2026-02-01T00:00:00Z');
    expect(iso(made.items.data[0]?.current_period_end ?? 0)).toBe('2026-05-01T00:00:00Z');
    expect(amounts(invoicesOf(made.id)[0])).toEqual([5000, 5000, 5000]);
  });

  test('a sent invoice becomes overdue and can be paid late', () => {
    const { world, to, monthly, state, invoicesOf } = worldAt('2026-01-10T00:00:00Z');
    const { id } = world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: monthly(5000) }],
      collection_method: 'send_invoice',
      days_until_due: 7,
    });
    expect(state.subscriptions.get(id).status).toBe('active');
    to('2026-01-18T00:00:00Z');
    expect(state.subscriptions.get(id).status).toBe('past_due');
    world.payOpenInvoice(invoicesOf(id)[0]?.id ?? '');
    expect(state.subscriptions.get(id).status).toBe('active');
  });

  test('a one-off item rides on the next invoice', () => {
    const { world, monthly, invoicesOf } = worldAt('2026-01-20T00:00:00Z');
    const customer = world.createCustomer().id;
    world.createOneOffInvoiceItem({ customer, amount: 50_000, description: 'Set-up' });
    const { id } = world.subscribe({ customer, items: [{ price: monthly(9900) }] });
    const lines = invoicesOf(id)[0]?.lines ?? [];
    expect(lines.map((line) => [line.amount, line.subscription_item === null])).toEqual([
      [50_000, true],
      [9900, false],
    ]);
    expect(invoicesOf(id)[0]?.amount_paid).toBe(59_900);
  });
});
