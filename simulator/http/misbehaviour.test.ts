import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { useSimulators } from './fixtures/official-client.ts';

const start = useSimulators();

const receivers: http.Server[] = [];
afterEach(() => {
  for (const server of receivers.splice(0)) server.close().closeAllConnections();
});

/** Somebody who receives webhooks, and remembers ids and signatures. */
async function receive(status = () => 200) {
  const ids: string[] = [];
  const signatures: string[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      ids.push((JSON.parse(body) as { id: string }).id);
      signatures.push(String(request.headers['stripe-signature']));
      response.writeHead(status()).end();
    });
  });
  receivers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, ids, signatures };
}

describe('the API', () => {
  test('a held page shows the account as it was when it was asked for', async () => {
    const { simulator, world, stripe } = await start();
    const customer = world.createCustomer({ name: 'Before' }).id;
    simulator.faults.add({ kind: 'hold', path: '/v1/customers', next: 1 });
    const page = stripe.customers.list();
    await expect.poll(() => simulator.faults.held()).toBe(1);
    world.updateCustomer(customer, { name: 'After' });
    simulator.faults.release();
    expect((await page).data[0]?.name).toBe('Before');
    expect((await stripe.customers.list()).data[0]?.name).toBe('After');
    simulator.faults.add({ kind: 'hold', ms: 80, next: 1 });
    const began = performance.now();
    await stripe.customers.list();
    expect(performance.now() - began).toBeGreaterThanOrEqual(75);
  });

  test('a fault may hit only after some requests, and each limit has its reason', async () => {
    const { simulator, stripe } = await start();
    const reasons = [
      'global-rate',
      'endpoint-rate',
      'global-concurrency',
      'endpoint-concurrency',
      'resource-specific',
    ] as const;
    const fault = { kind: 'rate_limit', next: 1 } as const;
    simulator.faults.add({ ...fault, reason: reasons[0], after: 2 });
    for (const reason of reasons.slice(1)) simulator.faults.add({ ...fault, reason, after: 2 });
    const seen: string[] = [];
    for (let request = 0; request < 7; request += 1) {
      const answer = await fetch(`${simulator.url}/v1/prices`, {
        headers: { authorization: `Bearer ${simulator.keys.create()}` },
      });
      seen.push(answer.headers.get('stripe-rate-limited-reason') ?? String(answer.status));
    }
    expect(seen.slice(0, 2)).toEqual(['200', '200']);
    expect(seen.slice(2).toSorted()).toEqual(reasons.toSorted());
    simulator.faults.add({ kind: 'rate_limit', reason: null, next: 1 });
    await expect(stripe.prices.list()).rejects.toMatchObject({ statusCode: 429 });
  });

  test("Stripe's clock may be ahead of ours, in its headers and its signatures", async () => {
    const { simulator, world, stripe } = await start({ clock_skew_s: 600 });
    const answer = await fetch(`${simulator.url}/v1/prices`);
    const ahead = Date.parse(answer.headers.get('date') ?? '') - Date.now();
    expect(Math.round(ahead / 10_000)).toBe(60);
    const receiver = await receive();
    await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    world.createCustomer();
    await simulator.settled();
    const signed = Number(/t=(\d+)/.exec(receiver.signatures[0] ?? '')?.[1]);
    expect(Math.round((signed - Date.now() / 1000) / 10)).toBe(60);
  });
});

describe('deliveries', () => {
  test('are held back, then let go in disorder, twice, or not at all', async () => {
    const { simulator, world, stripe } = await start();
    const receiver = await receive();
    await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    const { webhooks } = simulator;
    const make = () => {
      receiver.ids.length = 0;
      webhooks.hold();
      for (let index = 0; index < 30; index += 1) world.createCustomer();
      return [...world.state.events].toSorted((a, b) => a.sequence - b.sequence).slice(-30);
    };
    const order = make().map((event) => event.id);
    expect([webhooks.held(), receiver.ids.length]).toEqual([30, 0]);
    webhooks.release({ order: 'shuffled', duplicate_ratio: 1 });
    await simulator.settled();
    expect(receiver.ids).toHaveLength(60);
    expect(new Set(receiver.ids)).toEqual(new Set(order));
    const second = make().map((event) => event.id);
    webhooks.release({ order: 'reversed' });
    await simulator.settled();
    expect(receiver.ids).toEqual(second.toReversed());
    make();
    webhooks.release({ drop_ratio: 1 });
    await simulator.settled();
    expect(receiver.ids).toEqual([]);
    webhooks.resend(order[3] ?? '');
    await simulator.settled();
    expect(receiver.ids).toEqual([order[3]]);
  });

  test('an endpoint that only fails is disabled, and enabled again by hand', async () => {
    const { simulator, world, stripe } = await start({
      webhook_retry_ms: [],
      webhook_disable_after: 3,
    });
    const receiver = await receive(() => 500);
    const { id } = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['*'],
    });
    for (let index = 0; index < 5; index += 1) world.createCustomer();
    await simulator.settled();
    expect(receiver.ids).toHaveLength(3);
    expect((await stripe.webhookEndpoints.retrieve(id)).status).toBe('disabled');
    expect(world.enableEndpoint(id).status).toBe('enabled');
    expect(world.disableEndpoint(id).status).toBe('disabled');
    world.deleteEndpoint(id);
    expect((await stripe.webhookEndpoints.list()).data).toEqual([]);
  });

  test('a rolled secret signs beside the old one for a while', async () => {
    const { simulator, world, stripe } = await start();
    const receiver = await receive();
    const made = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['*'],
    });
    const rolled = world.rollEndpointSecret(made.id);
    expect(rolled.secret).not.toBe(made.secret);
    world.createCustomer();
    await simulator.settled();
    expect(receiver.signatures[0]?.split('v1=')).toHaveLength(3);
    await simulator.advance({ days: 2 });
    world.createCustomer();
    await simulator.settled();
    expect(receiver.signatures[1]?.split('v1=')).toHaveLength(2);
  });
});
