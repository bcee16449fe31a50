import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../index.ts';
import type { Simulator, SimulatorOptions } from '../index.ts';
import { parseForm } from './query.ts';
import { RESOURCES } from './resources.ts';

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

async function start(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({
    now: new Date('2026-04-01T00:00:00Z'),
    speed: 0,
    ...options,
  });
  running.push(simulator);
  const key = simulator.keys.create();
  return { simulator, key };
}

interface Answer {
  status: number;
  headers: Headers;
  body: {
    data: { id: string; created: number; [field: string]: unknown }[];
    has_more: boolean;
    error?: { type: string; code?: string; message: string; param?: string };
    [field: string]: unknown;
  };
}

async function call(
  simulator: Simulator,
  key: string,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) };
  const response = await fetch(simulator.url + path, { ...init, headers });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

const idsOf = (answer: Answer): string[] => answer.body.data.map((row) => row.id);

/** A few customers with subscriptions of several states. */
async function populate(simulator: Simulator) {
  const { world } = simulator;
  const begin = (payment = 'succeeds') =>
    world.subscribe({
      customer: world.createCustomer({ email: 'one@example.com' }).id,
      items: [{ price: 'price_growth_month' }],
      payment,
    });
  const active = begin();
  await simulator.advance({ minutes: 5 });
  const canceled = begin();
  world.cancel(canceled.id);
  await simulator.advance({ minutes: 5 });
  const incomplete = begin('declines');
  return { active, canceled, incomplete };
}

describe('lists', () => {
  test('every way of paging sees each row once, in one order', async () => {
    const { simulator, key } = await start();
    for (let index = 0; index < 37; index += 1) {
      simulator.world.createCustomer();
      // Several share a second, as in real accounts.
      if (index % 5 === 0) await simulator.advance({ minutes: 1 });
    }
    const whole = idsOf(await call(simulator, key, '/v1/customers?limit=100'));
    expect(whole).toHaveLength(37);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (limit) => {
        const down: string[] = [];
        for (let after = ''; ;) {
          const page = await call(simulator, key, `/v1/customers?limit=${limit}${after}`);
          down.push(...idsOf(page));
          if (!page.body.has_more) break;
          after = `&starting_after=${down.at(-1)}`;
        }
        const up: string[] = [whole.at(-1) ?? ''];
        for (;;) {
          const path = `/v1/customers?limit=${limit}&ending_before=${up[0]}`;
          const page = await call(simulator, key, path);
          up.unshift(...idsOf(page));
          if (!page.body.has_more) break;
        }
        expect(down).toEqual(whole);
        expect(up).toEqual(whole);
      }),
      { numRuns: 8 },
    );
  });

  test('created ranges cut exactly', async () => {
    const { simulator, key } = await start();
    const times: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      times.push(simulator.world.createCustomer().created);
      await simulator.advance({ minutes: 1 });
    }
    const count = async (query: string) =>
      idsOf(await call(simulator, key, `/v1/customers?${query}`)).length;
    expect(await count(`created[gte]=${times[1]}&created[lt]=${times[3]}`)).toBe(2);
    expect(await count(`created[gt]=${times[1]}&created[lte]=${times[3]}`)).toBe(2);
    expect(await count(`created=${times[2]}`)).toBe(1);
  });

  test('wrong parameters are refused by name', async () => {
    const { simulator, key } = await start();
    const error = async (path: string) => {
      const answer = await call(simulator, key, path);
      return [answer.status, answer.body.error?.code, answer.body.error?.param];
    };
    expect(await error('/v1/customers?foo=1')).toEqual([400, 'parameter_unknown', 'foo']);
    expect(await error('/v1/subscription_items')).toEqual([
      400,
      'parameter_missing',
      'subscription',
    ]);
    expect(await error('/v1/webhook_endpoints?created[gt]=1')).toEqual([
      400,
      'parameter_unknown',
      'created',
    ]);
    expect(await error('/v1/customers?limit=0')).toEqual([
      400,
      'parameter_invalid_integer',
      'limit',
    ]);
    expect(await error('/v1/customers?limit=101')).toEqual([
      400,
      'parameter_invalid_integer',
      'limit',
    ]);
    expect(await error('/v1/customers?starting_after=cus_x')).toEqual([
      400,
      'resource_missing',
      'starting_after',
    ]);
    expect((await error('/v1/invoices/upcoming'))[0]).toBe(404);
    expect((await error('/v1/no_such_thing'))[0]).toBe(404);
  });

  test('ended subscriptions are hidden unless asked for', async () => {
    const { simulator, key } = await start();
    const { active, canceled, incomplete } = await populate(simulator);
    const list = async (query: string) =>
      idsOf(await call(simulator, key, `/v1/subscriptions?${query}`));
    expect(await list('')).toEqual([incomplete.id, active.id]);
    expect(await list('status=all')).toEqual([incomplete.id, canceled.id, active.id]);
    expect(await list('status=canceled')).toEqual([canceled.id]);
    expect(await list('status=ended')).toEqual([canceled.id]);
    expect(await list(`customer=${active.customer as string}`)).toEqual([active.id]);
    expect((await call(simulator, key, '/v1/subscriptions?status=odd')).status).toBe(400);
  });

  test('a deleted customer is a stub when asked for, absent from lists, no cursor', async () => {
    const { simulator, key } = await start();
    const gone = simulator.world.createCustomer().id;
    simulator.world.createCustomer();
    simulator.world.deleteCustomer(gone);
    const stub = await call(simulator, key, `/v1/customers/${gone}`);
    expect(stub.body).toEqual({ id: gone, object: 'customer', deleted: true });
    expect(idsOf(await call(simulator, key, '/v1/customers'))).toHaveLength(1);
    expect((await call(simulator, key, `/v1/customers?starting_after=${gone}`)).status).toBe(400);
  });

  test('an invoice shows ten lines, the others on its own list', async () => {
    const { simulator, key } = await start();
    const { world } = simulator;
    const customer = world.createCustomer().id;
    for (let index = 0; index < 14; index += 1) {
      world.createOneOffInvoiceItem({ customer, amount: 100 + index });
    }
    const made = world.invoicePendingItems(customer);
    const shown = await call(simulator, key, `/v1/invoices/${made.id}`);
    const lines = shown.body['lines'] as Answer['body'];
    expect([lines.data.length, lines.has_more]).toEqual([10, true]);
    const path = `/v1/invoices/${made.id}/lines?limit=10&starting_after=${lines.data.at(-1)?.id}`;
    const rest = await call(simulator, key, path);
    expect([rest.body.data.length, rest.body.has_more]).toEqual([4, false]);
  });

  test('events are forgotten after 30 days', async () => {
    const { simulator, key } = await start();
    simulator.world.createCustomer();
    const first = idsOf(await call(simulator, key, '/v1/events?type=customer.*'));
    expect(first).toHaveLength(1);
    await simulator.advance({ days: 31 });
    expect(idsOf(await call(simulator, key, '/v1/events'))).toEqual([]);
    expect((await call(simulator, key, `/v1/events/${first[0]}`)).status).toBe(404);
  });

  test('each resource answers its list, and expansions leave the account untouched', async () => {
    const { simulator, key } = await start();
    await populate(simulator);
    for (const { path } of RESOURCES) {
      const answer = await call(simulator, key, `${path}?limit=3`);
      expect([path, answer.status, Array.isArray(answer.body.data)]).toEqual([path, 200, true]);
    }
    const before = await call(simulator, key, '/v1/charges');
    const expanded = await call(simulator, key, '/v1/charges?expand[]=data.customer');
    expect(expanded.body.data[0]?.['customer']).toMatchObject({ object: 'customer' });
    expect((await call(simulator, key, '/v1/charges')).body).toEqual(before.body);
  });
});

describe('permissions', () => {
  test('each list asks for its own slug, and names it in the refusal', async () => {
    const { simulator } = await start();
    const bare = simulator.keys.create({ grants: [] });
    const granted = simulator.keys.create({ grants: READ_ONLY_GRANTS });
    for (const { path, slugs } of RESOURCES) {
      const refused = await call(simulator, bare, path);
      expect([path, refused.status]).toEqual([path, 403]);
      expect(refused.body.error?.message).toContain(`'rak_${slugs[0]}_read'`);
      expect((await call(simulator, granted, path)).status).toBe(200);
    }
    expect((await call(simulator, bare, '/v1/account')).body.error?.message).toContain(
      'rak_accounts_kyc_basic_read',
    );
  });

  test('permission is looked at before existence, also for writes and expansions', async () => {
    const { simulator } = await start();
    const { world, keys } = simulator;
    const reader = keys.create({ grants: READ_ONLY_GRANTS });
    const writer = keys.create({ kind: 'secret' });
    const post = (key: string) =>
      call(simulator, key, '/v1/customers/cus_none', { method: 'POST' });
    expect((await post(reader)).body.error?.message).toContain('rak_customer_write');
    expect((await post(writer)).status).toBe(404);
    const narrow = keys.create({ grants: ['rak_subscription_read'] });
    world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: 'price_growth_month' }],
    });
    const expanding = '/v1/subscriptions?expand[]=data.customer';
    expect((await call(simulator, narrow, expanding)).status).toBe(403);
    keys.grant(narrow, 'rak_customer_read');
    expect((await call(simulator, narrow, expanding)).status).toBe(200);
    keys.withdraw(reader, 'rak_webhook_read');
    expect((await call(simulator, reader, '/v1/webhook_endpoints')).status).toBe(403);
    const statuses = simulator.requests.map((entry) => `${entry.method} ${entry.status}`);
    expect(statuses).toEqual(['POST 403', 'POST 404', 'GET 403', 'GET 200', 'GET 403']);
  });

  test('without a key, with a made-up one, and with one of the other mode', async () => {
    const { simulator } = await start();
    simulator.world.createCustomer();
    const bare = await fetch(`${simulator.url}/v1/customers`);
    expect(bare.status).toBe(401);
    const wrong = await call(simulator, 'rk_test_wrongwrongwrong', '/v1/customers');
    expect(wrong.body.error?.message).toMatch(/^Invalid API Key provided: rk_test_\*+/);
    expect(wrong.headers.get('request-id')).toMatch(/^req_/);
    const live = simulator.keys.create({ mode: 'live' });
    expect(live).toMatch(/^rk_live_/);
    expect(idsOf(await call(simulator, live, '/v1/customers'))).toEqual([]);
  });
});

describe('limits and faults', () => {
  test('an endpoint over its rate, and an account over its own', async () => {
    const { simulator, key } = await start({ limits: { global_per_s: 12, endpoint_per_s: 5 } });
    const burst = async (path: string, count: number) =>
      (await Promise.all(Array.from({ length: count }, () => call(simulator, key, path)))).map(
        (answer) => answer.headers.get('stripe-rate-limited-reason'),
      );
    const first = await burst('/v1/customers', 8);
    expect(first.filter((reason) => reason === 'endpoint-rate').length).toBeGreaterThanOrEqual(2);
    const rest = [...(await burst('/v1/charges', 4)), ...(await burst('/v1/invoices', 4))];
    expect(rest).toContain('global-rate');
    await expect
      .poll(async () => (await call(simulator, key, '/v1/customers')).status, { timeout: 3000 })
      .toBe(200);
  });

  test('faults are met in the way asked for', async () => {
    const { simulator, key } = await start();
    const { faults } = simulator;
    faults.add({ kind: 'lock_timeout', next: 1 });
    const locked = await call(simulator, key, '/v1/customers');
    expect([locked.status, locked.body.error?.code]).toEqual([429, 'lock_timeout']);
    expect(locked.headers.get('stripe-rate-limited-reason')).toBeNull();
    expect(locked.headers.get('stripe-should-retry')).toBe('true');
    faults.add({ kind: 'rate_limit', reason: 'global-concurrency', next: 1 });
    const limited = await call(simulator, key, '/v1/customers');
    expect(limited.headers.get('stripe-rate-limited-reason')).toBe('global-concurrency');
    faults.add({ kind: 'server_error', status: 503, path: '/v1/charges' });
    expect((await call(simulator, key, '/v1/charges')).status).toBe(503);
    expect((await call(simulator, key, '/v1/customers')).status).toBe(200);
    faults.clear();
    faults.add({ kind: 'cut_body', next: 1 });
    await expect(call(simulator, key, '/v1/prices')).rejects.toThrow('terminated');
    faults.add({ kind: 'disconnect', next: 1 });
    await expect(call(simulator, key, '/v1/prices')).rejects.toThrow('fetch failed');
    faults.add({ kind: 'timeout', next: 1 });
    const impatient = { signal: AbortSignal.timeout(100) };
    await expect(call(simulator, key, '/v1/prices', impatient)).rejects.toThrow('timeout');
    faults.add({ kind: 'server_error', probability: 0 });
    expect((await call(simulator, key, '/v1/prices')).status).toBe(200);
  });

  test('latency is added to each answer', async () => {
    const { simulator, key } = await start({ latency_ms: 80 });
    const began = performance.now();
    await call(simulator, key, '/v1/customers');
    expect(performance.now() - began).toBeGreaterThanOrEqual(78);
  });
});

describe('idempotency', () => {
  test('the same key replays the answer, other parameters are an error', async () => {
    const { simulator, key } = await start();
    const post = (url: string) =>
      call(simulator, key, '/v1/webhook_endpoints', {
        method: 'POST',
        headers: {
          'idempotency-key': 'k1',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: `url=${encodeURIComponent(url)}&enabled_events[]=*`,
      });
    const first = await post('https://example.com/a');
    const again = await post('https://example.com/a');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(simulator.world.state.webhookEndpoints.size).toBe(1);
    const other = await post('https://example.com/b');
    expect([other.status, other.body.error?.type]).toEqual([400, 'idempotency_error']);
  });
});

test('forms are read with hashes and arrays', () => {
  expect(
    JSON.parse(JSON.stringify(parseForm('a=1&created[gte]=2&expand[]=x&expand[]=y&m[k][l]=z'))),
  ).toEqual({
    a: '1',
    created: { gte: '2' },
    expand: { 0: 'x', 1: 'y' },
    m: { k: { l: 'z' } },
  });
});
