import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { useSimulators } from './fixtures/official-client.ts';

const start = useSimulators();

describe('promotion codes', () => {
  test('lead to their coupon and count their uses', async () => {
    const { world, stripe } = await start();
    const code = world.createPromotionCode({
      coupon: 'FRIENDS10',
      code: 'SPRING',
      max_redemptions: 1,
    });
    const bought = world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: 'price_growth_month' }],
      promotion_code: code.id,
    });
    const subscription = await stripe.subscriptions.retrieve(bought.id, { expand: ['discounts'] });
    expect((subscription.discounts[0] as Stripe.Discount).promotion_code).toBe(code.id);
    const [listed] = (await stripe.promotionCodes.list({ code: 'SPRING' })).data;
    expect(listed).toMatchObject({ active: false, times_redeemed: 1 });
    const whole = await stripe.promotionCodes.list({ expand: ['data.promotion.coupon'] });
    expect(whole.data[0]?.promotion.coupon).toMatchObject({ percent_off: 10 });
  });
});

describe('checkout', () => {
  test('a visitor becomes a customer with a subscription', async () => {
    const { world, stripe, typesSince } = await start();
    const opened = world.openCheckoutSession({
      items: [{ price: 'price_growth_month' }],
      client_reference_id: 'user-7',
    });
    expect(opened).toMatchObject({ status: 'open', payment_status: 'unpaid', customer: null });
    const before = world.state.emitted;
    const done = world.completeCheckoutSession(opened.id, {
      name: 'Ada',
      email: 'ada@example.com',
    });
    expect(done).toMatchObject({ status: 'complete', payment_status: 'paid' });
    const types = typesSince(before);
    expect([types[0], types.at(-1)]).toEqual(['customer.created', 'checkout.session.completed']);
    const found = await stripe.checkout.sessions.list({
      subscription: done.subscription as string,
      expand: ['data.line_items', 'data.subscription'],
    });
    expect(found.data[0]?.line_items?.data[0]).toMatchObject({ amount_total: 4900, quantity: 1 });
    const subscription = found.data[0]?.subscription as Stripe.Subscription;
    expect(subscription.customer).toBe(done.customer);
    const items = await stripe.checkout.sessions.listLineItems(opened.id);
    expect(items.data[0]?.price?.id).toBe('price_growth_month');
    const byMail = { customer_details: { email: 'ada@example.com' } };
    expect((await stripe.checkout.sessions.list(byMail)).data).toHaveLength(1);
  });

  test('a payment may come at once, later, or never', async () => {
    const { simulator, world, stripe, typesSince } = await start();
    const product = world.createProduct({ name: 'Workshop' }).id;
    const price = world.createPrice({ product, unit_amount: 12_000, interval: null }).id;
    const open = () =>
      world.openCheckoutSession({ mode: 'payment', items: [{ price, quantity: 2 }] }).id;
    const paid = world.completeCheckoutSession(open(), { email: 'a@example.com' });
    const charges = await stripe.charges.list({ payment_intent: paid.payment_intent as string });
    expect(charges.data).toMatchObject([{ amount: 24_000, status: 'succeeded' }]);
    const slow = world.completeCheckoutSession(open(), { payment: 'pending' });
    expect(slow.payment_status).toBe('unpaid');
    const before = world.state.emitted;
    world.settleCheckoutSession(slow.id, 'succeeds');
    expect(typesSince(before).at(-1)).toBe('checkout.session.async_payment_succeeded');
    const left = open();
    await simulator.advance({ days: 1 });
    expect((await stripe.checkout.sessions.retrieve(left)).status).toBe('expired');
  });

  test('in setup mode a card is kept', async () => {
    const { world, stripe } = await start();
    const customer = world.createCustomer().id;
    const opened = world.openCheckoutSession({ mode: 'setup', customer });
    world.completeCheckoutSession(opened.id);
    const intents = await stripe.setupIntents.list({ customer });
    expect(intents.data).toMatchObject([{ id: opened.setup_intent, status: 'succeeded' }]);
    const methods = await stripe.customers.listPaymentMethods(customer);
    expect(methods.data.map((row) => row.id)).toEqual([intents.data[0]?.payment_method]);
  });
});

describe('quotes', () => {
  test('are numbered, accepted, and lead to a subscription', async () => {
    const { world, stripe, typesSince } = await start();
    const customer = world.createCustomer().id;
    const quote = world.createQuote({
      customer,
      items: [{ price: 'price_team_month', quantity: 4 }],
    });
    const before = world.state.emitted;
    world.finalizeQuote(quote.id);
    world.acceptQuote(quote.id);
    const types = typesSince(before);
    expect([types[0], types.at(-1)]).toEqual(['quote.finalized', 'quote.accepted']);
    const [listed] = (await stripe.quotes.list({ customer, status: 'accepted' })).data;
    expect(listed?.number).toMatch(/^QT-/);
    const invoice = await stripe.invoices.retrieve(listed?.invoice as string);
    expect(invoice.parent?.quote_details?.quote).toBe(quote.id);
    expect(listed?.amount_total).toBe(invoice.total);
    expect((await stripe.quotes.listLineItems(quote.id)).data[0]?.quantity).toBe(4);
    world.cancelQuote(world.createQuote({ customer, items: [{ price: 'price_team_month' }] }).id);
    expect((await stripe.quotes.list({ status: 'canceled' })).data).toHaveLength(1);
  });
});

describe('schedules', () => {
  const phases = [
    { items: [{ price: 'price_starter_month' }], months: 2 },
    { items: [{ price: 'price_growth_month' }], months: 1 },
  ];

  test('go from phase to phase and release their subscription', async () => {
    const { simulator, world, stripe, typesSince } = await start();
    const customer = world.createCustomer().id;
    const made = world.scheduleSubscription({ customer, phases, start: '2026-04-10T00:00:00Z' });
    expect(made).toMatchObject({ status: 'not_started', subscription: null, current_phase: null });
    expect((await stripe.subscriptionSchedules.list({ scheduled: true })).data).toHaveLength(1);
    await simulator.advance({ days: 10 });
    const running = await stripe.subscriptionSchedules.retrieve(made.id, {
      expand: ['subscription'],
    });
    expect(running.status).toBe('active');
    const subscription = running.subscription as Stripe.Subscription;
    expect(subscription).toMatchObject({ status: 'active', schedule: made.id });
    await simulator.advance({ days: 61 });
    const later = await stripe.subscriptions.retrieve(subscription.id);
    expect(later.items.data[0]?.price.id).toBe('price_growth_month');
    const before = world.state.emitted;
    await simulator.advance({ days: 35 });
    expect(typesSince(before)).toEqual(
      expect.arrayContaining(['subscription_schedule.expiring', 'subscription_schedule.released']),
    );
    expect(await stripe.subscriptionSchedules.retrieve(made.id)).toMatchObject({
      status: 'released',
      subscription: null,
      released_subscription: subscription.id,
    });
    expect((await stripe.subscriptions.retrieve(subscription.id)).schedule).toBeNull();
  });

  test('take over a subscription, and may be cancelled or complete', async () => {
    const { simulator, world, stripe, payer } = await start();
    const own = payer('price_starter_month').subscription;
    const taken = world.scheduleSubscription({ subscription: own, phases, end_behavior: 'cancel' });
    expect(taken).toMatchObject({ status: 'active', subscription: own });
    await simulator.advance({ days: 100 });
    expect((await stripe.subscriptionSchedules.retrieve(taken.id)).status).toBe('completed');
    expect((await stripe.subscriptions.retrieve(own)).status).toBe('canceled');
    const other = world.scheduleSubscription({ subscription: payer().subscription, phases });
    expect(world.cancelSchedule(other.id).status).toBe('canceled');
  });
});
