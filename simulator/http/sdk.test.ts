import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterEach, describe, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import type { Simulator, SimulatorOptions } from '../index.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const entry of running.splice(0)) await entry.close();
});

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    now: new Date('2026-04-01T00:00:00Z'),
    speed: 0,
    ...options,
  });
  running.push(simulator);
  return simulator;
}

/** The official client, told nothing but where the server is. */
const clientFor = (simulator: Simulator, key: string): Stripe =>
  new Stripe(key, {
    host: '127.0.0.1',
    port: simulator.port,
    protocol: 'http',
    maxNetworkRetries: 0,
  });

interface Received {
  body: string;
  signature: string;
}

async function startReceiver(status: (count: number) => number = () => 200) {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature']);
      received.push({ body: Buffer.concat(chunks).toString(), signature });
      response.writeHead(status(received.length)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, received };
}

/** The SDK's error of a call that must fail. */
async function failureOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call was expected to fail');
}

describe('the official client', () => {
  test('pages through everything, newest first', async () => {
    const simulator = await start();
    const stripe = clientFor(simulator, simulator.keys.create());
    const made: string[] = [];
    for (let index = 0; index < 23; index += 1) {
      made.push(simulator.world.createCustomer({ email: `p${index}@example.com` }).id);
      if (index % 4 === 0) await simulator.advance({ minutes: 1 });
    }
    const seen: string[] = [];
    const times: number[] = [];
    for await (const customer of stripe.customers.list({ limit: 5 })) {
      seen.push(customer.id);
      times.push(customer.created);
    }
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(simulator.requests.filter((entry) => entry.method === 'GET')).toHaveLength(5);
    expect(simulator.requests.every((entry) => entry.status === 200)).toBe(true);
  });

  test('reads a subscription with its invoice, lines, payment and charge', async () => {
    const simulator = await start();
    const stripe = clientFor(simulator, simulator.keys.create());
    const customer = simulator.world.createCustomer({ email: 'ada@example.com', name: 'Ada' });
    const made = simulator.world.subscribe({
      customer: customer.id,
      items: [{ price: 'price_growth_month' }],
    });
    const subscription = await stripe.subscriptions.retrieve(made.id, {
      expand: ['latest_invoice.payments.data.payment', 'customer'],
    });
    expect(subscription.status).toBe('active');
    const item = subscription.items.data[0];
    expect(item?.price.unit_amount_decimal?.toString()).toBe('4900');
    expect((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)).toBe(30 * 86_400);
    expect((subscription.customer as Stripe.Customer).email).toBe('ada@example.com');
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    expect(invoice).toMatchObject({ status: 'paid', total: 4900, amount_paid: 4900 });
    const intent = invoice.payments?.data[0]?.payment.payment_intent as string;
    const charges = await stripe.charges.list({ payment_intent: intent });
    expect(charges.data).toMatchObject([{ status: 'succeeded', amount: 4900 }]);
    const lines = await stripe.invoices.listLineItems(invoice.id);
    expect(lines.data[0]?.parent?.subscription_item_details?.subscription).toBe(made.id);
    expect(lines.data[0]?.pricing?.price_details?.price).toBe('price_growth_month');
  });

  test('a delivered event passes constructEvent', async () => {
    const simulator = await start();
    const stripe = clientFor(simulator, simulator.keys.create());
    const receiver = await startReceiver();
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['*'],
    });
    expect(endpoint.secret).toMatch(/^whsec_/);
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined();
    const customer = simulator.world.createCustomer({ name: 'Ada', email: 'ada@example.com' });
    simulator.world.updateCustomer(customer.id, { name: 'Ada Lovelace' });
    await simulator.settled();
    const events = receiver.received.map((entry) =>
      stripe.webhooks.constructEvent(entry.body, entry.signature, endpoint.secret ?? ''),
    );
    expect(events.map((event) => event.type)).toEqual(['customer.created', 'customer.updated']);
    expect(events[1]?.data.previous_attributes).toEqual({ name: 'Ada' });
    expect(events[0]?.data.object).toMatchObject({ name: 'Ada' });
    const listed = await stripe.events.list({ types: ['customer.updated'] });
    expect(listed.data.map((event) => event.id)).toEqual([events[1]?.id]);
    expect(() =>
      stripe.webhooks.constructEvent(
        `${receiver.received[0]?.body} `,
        receiver.received[0]?.signature ?? '',
        endpoint.secret ?? '',
      ),
    ).toThrow(/No signatures found matching/);
  });

  test('meets the errors as its own error classes', async () => {
    const simulator = await start();
    const full = clientFor(simulator, simulator.keys.create());
    const gone = await failureOf(full.customers.retrieve('cus_nobody'));
    expect(gone).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(gone).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    expect(gone.requestId).toMatch(/^req_/);

    const narrow = simulator.keys.create({ grants: ['rak_customer_read'] });
    const denied = await failureOf(clientFor(simulator, narrow).invoices.list());
    expect(denied).toBeInstanceOf(Stripe.errors.StripePermissionError);
    expect(denied.message).toContain("Having the 'rak_invoice_read' permission");
    simulator.keys.grant(narrow, 'rak_invoice_read');
    expect((await clientFor(simulator, narrow).invoices.list()).data).toEqual([]);
    simulator.keys.revoke(narrow);
    const revoked = await failureOf(clientFor(simulator, narrow).customers.list());
    expect(revoked).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    const expired = simulator.keys.create();
    simulator.keys.expire(expired);
    expect(await failureOf(clientFor(simulator, expired).customers.list())).toMatchObject({
      statusCode: 401,
      code: 'api_key_expired',
    });
    const publishable = clientFor(simulator, 'pk_test_abc');
    expect(await failureOf(publishable.customers.list())).toMatchObject({
      code: 'secret_key_required',
    });
  });

  test('an expansion of five levels is refused by depth', async () => {
    const simulator = await start();
    const stripe = clientFor(simulator, simulator.keys.create());
    const deep = stripe.subscriptions.list({ expand: ['data.items.data.price.product'] });
    expect(await failureOf(deep)).toMatchObject({ code: 'property_expansion_max_depth' });
    const customer = simulator.world.createCustomer();
    simulator.world.subscribe({
      customer: customer.id,
      items: [{ price: 'price_team_month', quantity: 3 }],
      coupon: 'FRIENDS10',
    });
    const page = await stripe.subscriptions.list({ expand: ['data.discounts.source.coupon'] });
    const discount = page.data[0]?.discounts[0] as Stripe.Discount;
    expect((discount.source.coupon as Stripe.Coupon).percent_off).toBe(10);
  });
});

test('tiers come when asked for, where there are any', async () => {
  const simulator = await start();
  const stripe = clientFor(simulator, simulator.keys.create());
  const tiered = await stripe.prices.retrieve('price_storage_month', { expand: ['tiers'] });
  expect(tiered.tiers?.map((tier) => tier.unit_amount)).toEqual([100, 80]);
  const plan = await stripe.plans.retrieve('price_storage_month', { expand: ['tiers'] });
  expect(plan.tiers?.map((tier) => tier.up_to)).toEqual([10, null]);
  const flat = await stripe.prices.list({ expand: ['data.tiers', 'data.currency_options'] });
  const without = flat.data.filter((price) => price.billing_scheme === 'per_unit');
  expect(without.some((price) => 'tiers' in price || 'currency_options' in price)).toBe(false);
});

describe('webhook endpoints', () => {
  test('the seventeenth is refused with a sentence and no code', async () => {
    const simulator = await start();
    const stripe = clientFor(simulator, simulator.keys.create());
    const create = (index: number) =>
      stripe.webhookEndpoints.create({
        url: `https://hooks.example.com/${index}`,
        enabled_events: ['charge.failed'],
      });
    const first = await create(0);
    for (let index = 1; index < 16; index += 1) await create(index);
    const error = await failureOf(create(16));
    expect(error.statusCode).toBe(400);
    expect(error.code).toBeUndefined();
    expect(error.message).toMatch(/maximum of \d+ .*webhook endpoint/i);
    await stripe.webhookEndpoints.del(first.id);
    expect((await create(17)).status).toBe('enabled');
  });

  test('plain http is taken on loopback in test mode only', async () => {
    const test = await start();
    const live = await start({ mode: 'live' });
    const params = { url: 'http://127.0.0.1:9/hook', enabled_events: ['*' as const] };
    const stripe = clientFor(test, test.keys.create());
    expect((await stripe.webhookEndpoints.create(params)).livemode).toBe(false);
    const refused = clientFor(live, live.keys.create()).webhookEndpoints.create(params);
    expect(await failureOf(refused)).toMatchObject({ statusCode: 400, code: 'url_invalid' });
    const abroad = { ...params, url: 'http://hooks.example.com/x' };
    expect((await failureOf(stripe.webhookEndpoints.create(abroad))).code).toBe('url_invalid');
  });

  test('only the chosen types arrive; a disabled endpoint gets nothing', async () => {
    const simulator = await start();
    const stripe = clientFor(simulator, simulator.keys.create());
    const receiver = await startReceiver();
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['customer.updated'],
    });
    const customer = simulator.world.createCustomer();
    simulator.world.updateCustomer(customer.id, { name: 'A' });
    await simulator.settled();
    expect(receiver.received).toHaveLength(1);
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    simulator.world.updateCustomer(customer.id, { name: 'B' });
    await simulator.settled();
    expect(receiver.received).toHaveLength(1);
  });

  test('a refused delivery is tried again with a fresh signature', async () => {
    const simulator = await start({ webhook_retry_ms: [30, 30] });
    const stripe = clientFor(simulator, simulator.keys.create());
    const receiver = await startReceiver((count) => (count < 3 ? 500 : 200));
    await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    simulator.world.createCustomer();
    await simulator.settled();
    const undelivered = await stripe.events.list({ delivery_success: false });
    expect(undelivered.data).toHaveLength(1);
    await expect.poll(() => receiver.received.length).toBe(3);
    await simulator.settled();
    expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(0);
    const ids = receiver.received.map((entry) => (JSON.parse(entry.body) as { id: string }).id);
    expect(new Set(ids).size).toBe(1);
  });

  test('duplicates, drops and disorder come on request', async () => {
    const twice = await start({ webhook_faults: { duplicate_ratio: 1 } });
    const receiver = await startReceiver();
    const register = (simulator: Simulator) =>
      clientFor(simulator, simulator.keys.create()).webhookEndpoints.create({
        url: receiver.url,
        enabled_events: ['*'],
      });
    const ids = () =>
      receiver.received.map((entry) => (JSON.parse(entry.body) as { id: string }).id);
    await register(twice);
    for (let index = 0; index < 5; index += 1) twice.world.createCustomer();
    await twice.settled();
    expect(ids()).toHaveLength(10);
    expect(new Set(ids()).size).toBe(5);

    receiver.received.length = 0;
    const mixed = await start({ webhook_faults: { shuffle_window_ms: 60 } });
    await register(mixed);
    for (let index = 0; index < 20; index += 1) mixed.world.createCustomer();
    await mixed.settled();
    const order = [...mixed.world.state.customers].map((row) => row.id);
    const arrived = receiver.received.map(
      (entry) => (JSON.parse(entry.body) as { data: { object: { id: string } } }).data.object.id,
    );
    expect(arrived.toSorted()).toEqual(order.toSorted());
    mixed.webhook_faults.drop_ratio = 1;
    mixed.world.createCustomer();
    await mixed.settled();
    expect(receiver.received).toHaveLength(20);
  });
});
