import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { useSimulators } from './fixtures/official-client.ts';

const start = useSimulators();

describe('tax ids', () => {
  test('are on their own list, on the customer only when asked for', async () => {
    const { simulator, world, stripe, typesSince } = await start();
    const customer = world.createCustomer({ name: 'Ada Ltd' }).id;
    const kept = world.addTaxId(customer, { type: 'eu_vat', value: 'DE123456789' });
    const gone = world.addTaxId(customer, { type: 'us_ein', value: '12-3456789' });
    const before = world.state.emitted;
    world.removeTaxId(gone.id);
    await simulator.advance({ hours: 2 });
    expect(typesSince(before)).toEqual(['customer.tax_id.deleted', 'customer.tax_id.updated']);
    const listed = await stripe.customers.listTaxIds(customer);
    expect(listed.data).toMatchObject([
      { id: kept.id, country: 'DE', verification: { status: 'verified' } },
    ]);
    const bare = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
    expect('tax_ids' in bare).toBe(false);
    const page = await stripe.customers.list({ expand: ['data.tax_ids'] });
    expect(page.data[0]?.tax_ids?.data.map((row) => row.id)).toEqual([kept.id]);
    expect((await stripe.taxIds.list()).data).toEqual([]);
    const owned = await stripe.taxIds.list({ owner: { type: 'customer', customer } });
    expect(owned.data).toHaveLength(1);
    expect(await stripe.customers.retrieveTaxId(customer, gone.id)).toMatchObject({
      deleted: true,
    });
  });
});

describe('payment methods', () => {
  test('are attached, changed and detached', async () => {
    const { world, stripe, payer } = await start();
    const { customer } = payer();
    const spare = world.attachPaymentMethod(customer, { exp_month: 5, exp_year: 2026 });
    const list = async () =>
      (await stripe.customers.listPaymentMethods(customer)).data.map((row) => row.id);
    expect(await list()).toHaveLength(2);
    world.updatePaymentMethod(spare.id, { exp_year: 2031, automatically: true });
    const [told] = (await stripe.events.list({ type: 'payment_method.automatically_updated' }))
      .data;
    expect(told?.data.previous_attributes).toEqual({ card: { exp_year: 2026 } });
    world.detachPaymentMethod(spare.id);
    expect(await list()).toHaveLength(1);
    const shown = await stripe.paymentMethods.retrieve(spare.id);
    expect([shown.customer, shown.card?.exp_year]).toEqual([null, 2031]);
    const all = await stripe.paymentMethods.list({ customer, type: 'card' });
    expect(all.data[0]?.card?.brand).toMatch(/visa|mastercard|amex/);
    const owner = (await stripe.customers.retrieve(customer, {
      expand: ['invoice_settings.default_payment_method'],
    })) as Stripe.Customer;
    expect(owner.invoice_settings.default_payment_method).toMatchObject({
      object: 'payment_method',
    });
  });

  test('of an account of exact size are there too', async () => {
    const { world, stripe } = await start({ bulk: { customers: 3, invoices: 3 } });
    const [customer] = world.state.customers;
    const listed = await stripe.customers.listPaymentMethods(customer?.id ?? '');
    expect(listed.data).toHaveLength(1);
    const id = listed.data[0]?.id ?? '';
    expect((await stripe.paymentMethods.retrieve(id)).customer).toBe(customer?.id);
  });
});

describe('setup intents', () => {
  test('fail, succeed and are cancelled', async () => {
    const { world, stripe, typesSince } = await start();
    const customer = world.createCustomer().id;
    const before = world.state.emitted;
    const one = world.createSetupIntent({ customer });
    world.failSetupIntent(one.id);
    world.succeedSetupIntent(one.id);
    world.cancelSetupIntent(world.createSetupIntent().id);
    expect(typesSince(before)).toEqual([
      'setup_intent.created',
      'setup_intent.setup_failed',
      'payment_method.attached',
      'setup_intent.succeeded',
      'setup_intent.created',
      'setup_intent.canceled',
    ]);
    const listed = await stripe.setupIntents.list({ customer, expand: ['data.payment_method'] });
    expect(listed.data[0]?.payment_method).toMatchObject({ customer });
  });
});

describe('test clocks', () => {
  test('hide their customers and subscriptions, but nothing else', async () => {
    const { world, stripe, payer } = await start();
    payer();
    const clock = world.createTestClock({ name: 'Renewals' });
    const customer = world.createCustomer({ email: 'c@example.com', test_clock: clock.id }).id;
    const made = world.subscribe({ customer, items: [{ price: 'price_growth_month' }] });
    const ids = (page: { data: { id: string }[] }) => page.data.map((row) => row.id);
    expect(ids(await stripe.customers.list())).not.toContain(customer);
    expect(ids(await stripe.customers.list({ test_clock: clock.id }))).toEqual([customer]);
    expect(ids(await stripe.subscriptions.list({ status: 'all' }))).not.toContain(made.id);
    expect(ids(await stripe.subscriptions.list({ test_clock: clock.id }))).toEqual([made.id]);
    expect(ids(await stripe.subscriptions.list({ customer }))).toEqual([made.id]);
    const [invoice] = (await stripe.invoices.list({ customer })).data;
    expect(ids(await stripe.invoices.list())).toContain(invoice?.id);
    expect([invoice?.test_clock, made.test_clock]).toEqual([clock.id, clock.id]);
    expect(ids(await stripe.charges.list())).toHaveLength(2);
    const quote = world.createQuote({ customer, items: [{ price: 'price_growth_month' }] }).id;
    const phases = [{ items: [{ price: 'price_growth_month' }] }];
    const schedule = world.scheduleSubscription({ subscription: made.id, phases }).id;
    expect(ids(await stripe.quotes.list())).toEqual([]);
    expect(ids(await stripe.quotes.list({ customer }))).toEqual([quote]);
    expect(ids(await stripe.subscriptionSchedules.list())).toEqual([]);
    expect(ids(await stripe.subscriptionSchedules.list({ customer }))).toEqual([schedule]);
    world.createOneOffInvoiceItem({ customer, amount: 100 });
    const [item] = (await stripe.invoiceItems.list({ customer, pending: true })).data;
    expect(item?.test_clock).toBe(clock.id);
    expect(ids(await stripe.testHelpers.testClocks.list())).toEqual([clock.id]);
    world.advanceTestClock(clock.id, '2026-05-01T00:00:00Z');
    expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).frozen_time).toBe(
      Date.parse('2026-05-01T00:00:00Z') / 1000,
    );
    world.deleteTestClock(clock.id);
    expect((await stripe.customers.retrieve(customer)).deleted).toBe(true);
    expect((await stripe.subscriptions.retrieve(made.id)).status).toBe('canceled');
  });
});

test('a subscription of more than twenty items shows ten, the others on their own list', async () => {
  const { world, stripe, typesSince } = await start();
  const product = world.createProduct({ name: 'Modules' }).id;
  const items = Array.from({ length: 23 }, (_, index) => ({
    price: world.createPrice({ product, unit_amount: 100 + index }).id,
  }));
  const made = world.subscribe({ customer: world.createCustomer().id, items });
  const shown = await stripe.subscriptions.retrieve(made.id);
  expect([shown.items.data.length, shown.items.has_more]).toEqual([10, true]);
  const all = await stripe.subscriptionItems.list({ subscription: made.id, limit: 100 });
  expect(all.data).toHaveLength(23);
  const before = world.state.emitted;
  world.deleteSubscriptionItem(all.data[20]?.id ?? '', 'none');
  expect(typesSince(before)).toEqual(['customer.subscription.updated']);
  const left = await stripe.subscriptionItems.list({ subscription: made.id, limit: 100 });
  expect(left.data).toHaveLength(22);
});
