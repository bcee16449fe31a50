import { afterEach, describe, expect, test } from 'vitest';
import { startSimulator } from './index.ts';
import type { SavedAccount, Simulator, SimulatorOptions } from './index.ts';
import { renderEvent } from './resources/event.ts';
import type { State } from './state.ts';
import type { Json } from './wire.ts';

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    now: new Date('2026-11-01T00:00:00Z'),
    speed: 0,
    ...options,
  });
  running.push(simulator);
  return simulator;
}

const withoutKeys = ({ keys: _keys, ...rest }: SavedAccount) => rest;

function countBy<T>(rows: Iterable<T>, word: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[word(row)] = (counts[word(row)] ?? 0) + 1;
  return counts;
}

/** What must hold in any account, however it came about. */
function expectSoundBooks(state: State): void {
  for (const invoice of state.invoices) {
    const lines = invoice.lines.reduce((sum, line) => sum + line.amount, 0);
    const off = invoice.lines
      .flatMap((line) => line.discount_amounts)
      .reduce((sum, entry) => sum + entry.amount, 0);
    expect(invoice.total).toBe(lines - off);
    const paid = invoice.payments
      .map((id) => state.invoicePayments.get(id))
      .filter((payment) => payment.status === 'paid')
      .reduce((sum, payment) => sum + (payment.amount_paid ?? 0), 0);
    expect(invoice.amount_paid).toBe(paid);
    const settled = invoice.status !== 'paid' || invoice.amount_paid === invoice.amount_due;
    expect([invoice.id, settled]).toEqual([invoice.id, true]);
  }
  for (const subscription of state.subscriptions) {
    expect(subscription.status === 'canceled').toBe(
      subscription.ended_at !== null && subscription.status !== 'incomplete_expired',
    );
    for (const item of subscription.items) {
      expect(item.current_period_end).toBeGreaterThan(item.current_period_start);
      const running = ['active', 'trialing', 'past_due', 'unpaid'].includes(subscription.status);
      const current = !running || item.current_period_end > state.now();
      expect([subscription.id, current]).toEqual([subscription.id, true]);
    }
  }
}

describe('a generated history', () => {
  test('is the same for the same seed, another for another', async () => {
    const [one, two, other] = await Promise.all([
      start({ customers: 60, months: 12 }),
      start({ customers: 60, months: 12 }),
      start({ customers: 60, months: 12, seed: 2 }),
    ]);
    expect(one.save()).toEqual(two.save());
    expect(withoutKeys(other.save())).not.toEqual(withoutKeys(one.save()));
  });

  test('has all kinds of lives in it, and its books are sound', async () => {
    const began = performance.now();
    const simulator = await start({ customers: 1500, months: 36 });
    expect(performance.now() - began).toBeLessThan(10_000);
    const { state } = simulator.world;
    expect(state.customers.size).toBe(1500);
    expectSoundBooks(state);
    const statuses = countBy(state.subscriptions, (row) => row.status);
    for (const status of ['active', 'canceled', 'trialing', 'incomplete_expired']) {
      expect([status, (statuses[status] ?? 0) > 0]).toEqual([status, true]);
    }
    const subscriptions = [...state.subscriptions];
    const converted = subscriptions.filter(
      (row) => row.trial_end !== null && row.status === 'active',
    );
    expect(converted.length).toBeGreaterThan(20);
    expect(subscriptions.some((row) => row.cancel_reason === 'payment_failed')).toBe(true);
    const lines = [...state.invoices].flatMap((invoice) => invoice.lines);
    expect(lines.some((line) => line.proration && line.amount < 0)).toBe(true);
    expect(lines.some((line) => line.discount_amounts.length > 0)).toBe(true);
    expect(state.refunds.size).toBeGreaterThan(0);
    const failed = [...state.charges].filter((charge) => charge.status === 'failed');
    const recovered = failed.filter(
      (charge) => state.paymentIntents.get(charge.payment_intent).status === 'succeeded',
    );
    expect(recovered.length).toBeGreaterThan(0);
    expect(recovered.length).toBeLessThan(failed.length);
    const emails = countBy(state.customers, (row) => row.email ?? '');
    expect(Object.values(emails).some((count) => count > 1)).toBe(true);
    expect(Object.keys(emails).every((email) => /@example\.(com|org|net)$/.test(email))).toBe(true);
    expect(subscriptions.length).toBeGreaterThan(
      new Set(subscriptions.map((row) => row.customer)).size,
    );
  });

  test('has everything else an account has in it, and the balance adds up', async () => {
    const { state } = (await start({ customers: 600, months: 18 })).world;
    const sizes = {
      disputes: state.disputes.size,
      credit_notes: state.creditNotes.size,
      promotion_codes: state.promotionCodes.size,
      schedules: state.schedules.size,
      setup_intents: state.setupIntents.size,
      checkout_sessions: state.checkoutSessions.size,
      payouts: state.payouts.size,
      tax_rates: state.taxRates.size,
      tax_ids: state.taxIds.size,
      quotes: state.quotes.size,
      payment_methods: state.paymentMethods.size,
    };
    expect(Object.entries(sizes).filter(([, size]) => size === 0)).toEqual([]);
    const moves = [...state.balanceTransactions];
    const charges = [...state.charges].filter((charge) => charge.status === 'succeeded');
    expect(moves.filter((row) => row.type === 'charge')).toHaveLength(charges.length);
    expect(moves.filter((row) => row.type === 'refund')).toHaveLength(state.refunds.size);
    for (const payout of state.payouts) {
      const inside = moves.filter((row) => row.payout === payout.id);
      expect(inside.reduce((sum, row) => sum + row.amount - row.fee, 0)).toBe(payout.amount);
    }
    const codes = [...state.promotionCodes].reduce((sum, row) => sum + row.times_redeemed, 0);
    const had = [...state.discounts].filter((row) => row.promotion_code !== undefined);
    expect(codes).toBe(had.length);
    expect(codes).toBeGreaterThan(0);
  });

  test('lists the events of its last 30 days, rendered as they were', async () => {
    const simulator = await start({ customers: 200, months: 6 });
    const { state } = simulator.world;
    const events = [...state.events];
    expect(events.length).toBeGreaterThan(100);
    expect(Math.min(...events.map((event) => event.created))).toBeGreaterThanOrEqual(
      state.now() - 30 * 86_400,
    );
    const renewal = events.find(
      (event) => event.type === 'customer.subscription.updated' && event.before !== null,
    );
    if (renewal === undefined) throw new Error('Half a year has renewals in its last month');
    const rendered = renderEvent(state, renewal);
    expect(Object.keys(rendered.data.previous_attributes ?? {}).length).toBeGreaterThan(0);
  });

  test('goes on living when time is moved', async () => {
    const simulator = await start({ customers: 200, months: 6 });
    const { state } = simulator.world;
    const invoices = state.invoices.size;
    await simulator.advance({ days: 40 });
    expect(state.invoices.size).toBeGreaterThan(invoices);
    expectSoundBooks(state);
  });
});

describe('an account of exact size', () => {
  test('has exactly what was asked for, spread over time', async () => {
    const bulk = { customers: 100, subscriptions: 100, canceled_ratio: 0.2, invoices: 300 };
    const { state } = (await start({ bulk })).world;
    const statuses = countBy(state.subscriptions, (row) => row.status);
    expect(statuses).toEqual({ active: 80, canceled: 20 });
    expect(countBy(state.invoices, (row) => row.status)).toEqual({ paid: 300 });
    expect([state.customers.size, state.charges.size, state.events.size]).toEqual([100, 300, 0]);
    expectSoundBooks(state);
    const created = new Set([...state.customers].map((row) => row.created));
    expect(created.size).toBeGreaterThan(95);
  });
});

describe('a saved account', () => {
  test('goes on as if it had never stopped', async () => {
    const first = await start({ customers: 80, months: 8 });
    const saved = JSON.parse(JSON.stringify(first.save())) as SavedAccount;
    const second = await start({ saved });
    expect(second.save()).toEqual(first.save());
    await first.advance({ days: 45 });
    await second.advance({ days: 45 });
    const rows = (simulator: Simulator) => ({ ...simulator.save().rows, events: [] });
    expect(rows(second)).toEqual(rows(first));
    expect(second.world.state.events.size).toBe(first.world.state.events.size);
  });
});

describe('a running account', () => {
  test('renews by itself as its clock runs, many times faster than the wall', async () => {
    const simulator = await start({ speed: 2_000_000 });
    const { world } = simulator;
    const made = world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: 'price_growth_month' }],
    });
    await expect
      .poll(
        () => {
          world.now();
          return [...world.state.invoices].filter((row) => row.subscription === made.id).length;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(1);
  });

  test('things happen on their own when asked for', async () => {
    const simulator = await start({ customers: 50, months: 3, live_per_minute: 6000 });
    const { state } = simulator.world;
    const before = state.emitted;
    await expect.poll(() => state.emitted - before, { timeout: 10_000 }).toBeGreaterThan(200);
    expectSoundBooks(state);
  });
});

describe('the control plane', () => {
  const post = async (simulator: Simulator, verb: string, body: unknown) => {
    const response = await fetch(`${simulator.url}/_simulator/${verb}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('drives the world from another process', async () => {
    const simulator = await start();
    const customer = await post(simulator, 'createCustomer', { email: 'ada@example.com' });
    const subscription = await post(simulator, 'subscribe', {
      customer: customer.body['id'],
      items: [{ price: 'price_growth_month' }],
      backdate: '2026-10-15T00:00:00Z',
    });
    expect(subscription.body['status']).toBe('active');
    const canceled = await post(simulator, 'cancel', [
      subscription.body['id'],
      { at_period_end: true },
    ]);
    expect(canceled.body['cancel_at_period_end']).toBe(true);
    const state = await post(simulator, 'advance', { days: 30 });
    expect(state.body['now']).toBe('2026-12-01T00:00:00.000Z');
    const ended = simulator.world.state.subscriptions.get(String(subscription.body['id']));
    expect(ended.status).toBe('canceled');
    const key = (await post(simulator, 'keys.create', { grants: ['rak_charge_read'] })).body[
      'result'
    ];
    expect(key).toMatch(/^rk_test_/);
    await post(simulator, 'faults.add', { kind: 'server_error', next: 1 });
    expect(simulator.requests).toHaveLength(0);
  });

  test('reaches the newer verbs, held deliveries and faults by the same way', async () => {
    const simulator = await start();
    const clock = await post(simulator, 'createTestClock', { name: 'Renewals' });
    const customer = await post(simulator, 'createCustomer', { test_clock: clock.body['id'] });
    expect(customer.body['test_clock']).toBe(clock.body['id']);
    const bought = await post(simulator, 'subscribe', {
      customer: customer.body['id'],
      items: [{ price: 'price_growth_month' }],
    });
    const [charge] = simulator.world.state.charges;
    const dispute = await post(simulator, 'openDispute', [charge?.id, { reason: 'duplicate' }]);
    expect(dispute.body).toMatchObject({ object: 'dispute', reason: 'duplicate' });
    const note = { invoice: bought.body['latest_invoice'], amount: 100 };
    expect((await post(simulator, 'issueCreditNote', note)).body['total']).toBe(100);
    await post(simulator, 'setApiVersion', '2024-06-20');
    await post(simulator, 'webhooks.hold', {});
    expect((await post(simulator, 'webhooks.held', {})).body['result']).toBe(0);
    await post(simulator, 'webhooks.release', { order: 'reversed' });
    await post(simulator, 'faults.setClockSkew', 90);
    expect(simulator.faults.clock_skew_s).toBe(90);
    const { counts } = (await post(simulator, 'state', {})).body as { counts: Json };
    expect(counts).toMatchObject({ disputes: 1, credit_notes: 1, test_clocks: 1 });
  });

  test('says so when there is no such verb', async () => {
    const simulator = await start();
    for (const verb of ['nonsense', 'constructor', 'hasOwnProperty', 'ready', 'keys.nonsense']) {
      const answer = await post(simulator, verb, {});
      expect([verb, answer.status]).toEqual([verb, 500]);
      expect(JSON.stringify(answer.body)).toContain('has no verb');
    }
  });
});
