import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import { continueSyncs } from '../stripe/index.ts';
import { lookAgainAtAll } from '../worker/index.ts';
import type { Removal, SourceEventPage } from './contract/source-actions.ts';
import type { AddressCheck, Source, SourceCheck, SourceDetail } from './contract/sources.ts';
import { startTestApi } from './fixtures/client.ts';
import type { TestServer } from './fixtures/client.ts';

let simulator: Simulator;
let server: TestServer;
const { signal } = new AbortController();

beforeAll(async () => {
  const now = new Date('2026-03-01T12:00:00Z');
  simulator = await startSimulator({ now, speed: 0, customers: 25, months: 3 });
  const ctx = await createTestContext({ now, config: { stripe_url: simulator.url } });
  server = await startTestApi({ ctx });
  // The port is known once the server listens: the public address is where it really is.
  ctx.config.public_url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  await server.signIn();
  await server.call('POST', '/api/sources', { key: simulator.keys.create() });
  while ((await continueSyncs(ctx, signal)) > 0);
  await lookAgainAtAll(ctx);
});
afterAll(async () => {
  await simulator.close();
  await server.close();
  await server.ctx.close();
});

const detail = async () => (await server.call<SourceDetail>('GET', '/api/sources/1')).body;

test('the screen of a source has figures, permissions, progress and checks', async () => {
  const { overview, permissions, progress, checks, source, objects } = await detail();
  expect(overview.records).toBe(Object.values(objects).reduce((sum, n) => sum + n, 0));
  expect(overview.people).toBeGreaterThan(10);
  expect(overview.people_30d).toBeLessThan(overview.people);
  expect(overview.activities).toBeGreaterThan(overview.activities_30d);
  expect(overview.activities_30d).toBeGreaterThan(0);
  const customers = permissions.find(({ slug }) => slug === 'rak_customer_read');
  expect(customers).toMatchObject({ granted: true, needed: true, records: objects.customers });
  expect(progress.resources.every(({ lane, counts }) => lane && counts)).toBe(true);
  expect(checks).toEqual([]);
  expect(source.settings).toEqual({ include_test_clocks: false, rate_share: 1 });
  expect(source).toMatchObject({ state: 'live', can_rotate_secret: true });
});

test('a comparison and a look at the address answer what they found, and the screen keeps it', async () => {
  const check = await server.call<SourceCheck>('POST', '/api/sources/1/check', {});
  expect(check.body).toMatchObject({ missing: 0, extra: 0, different: 0 });
  const address = await server.call<AddressCheck>('POST', '/api/sources/1/webhook/check', {});
  expect(address.body).toMatchObject({ ok: true });
  const { checks, source } = await detail();
  expect(checks).toEqual([check.body]);
  expect(source.webhook.address_check).toEqual(address.body);
});

test('deliveries are counted, with their lag, and so are refused ones', async () => {
  simulator.world.createCustomer({ email: 'delivered@example.com' });
  await simulator.settled();
  const { url } = (await detail()).source.webhook;
  const forged = await fetch(url, { method: 'POST', body: '{"id": "evt_x"}' });
  expect(forged.status).toBe(400);
  const { webhook } = (await detail()).source;
  expect(webhook).toMatchObject({ deliveries_24h: 1, failures_24h: 1, lag_p95_ms: 0 });
});

test('settings are changed one by one; what is unknown or out of bounds is refused', async () => {
  const changed = await server.call<Source>('PATCH', '/api/sources/1', { rate_share: 0.5 });
  expect(changed.body.settings.rate_share).toBe(0.5);
  for (const body of [{ rate_share: 2 }, { state: 'live' }, { name: '' }]) {
    expect((await server.call('PATCH', '/api/sources/1', body)).status).toBe(400);
  }
  const zone = await server.call('PATCH', '/api/sources/1', { time_zone: 'Mars/Base' });
  expect([zone.status, zone.body.code]).toEqual([422, 'bad_time_zone']);
});

test('the secret is replaced, permissions are tried, failures retried; each is noted', async () => {
  const before = (await detail()).source.webhook_endpoint_id;
  const rotated = await server.call<Source>('POST', '/api/sources/1/webhook/rotate', {});
  expect(rotated.body).toMatchObject({ state: 'live' });
  expect(rotated.body.webhook_endpoint_id).not.toBe(before);
  for (const action of ['permissions/check', 'retry']) {
    expect((await server.call('POST', `/api/sources/1/${action}`, {})).status).toBe(200);
  }
  const { body } = await server.call<SourceEventPage>('GET', '/api/sources/1/events?state=failing');
  expect(body).toEqual({ rows: [], next_cursor: null });
  expect((await server.call('GET', '/api/sources/1/events?state=lost')).status).toBe(400);
  const audit = await server.call<{ rows: { action: string }[] }>('GET', '/api/audit?limit=6');
  expect(audit.body.rows.map(({ action }) => action)).toEqual([
    'source.retried',
    'source.permissions_checked',
    'source.secret_rotated',
    'source.changed',
    'source.address_checked',
    'source.checked',
  ]);
});

test('nothing of it is done without the page’s own token', async () => {
  for (const [method, url] of [
    ['POST', '/api/sources/1/webhook/rotate'],
    ['POST', '/api/sources/1/check'],
    ['PATCH', '/api/sources/1'],
    ['DELETE', '/api/sources/1'],
  ] as const) {
    const headers = { cookie: server.cookie() };
    const answer = await server.app.inject({ method, url, headers, payload: {} });
    expect([url, answer.statusCode]).toEqual([url, 403]);
  }
});

test('a ping proves who answers and tells nothing else', async () => {
  const ping = await server.app.inject({
    method: 'GET',
    url: '/webhooks/ping?nonce=0123456789abcdef',
  });
  expect(Object.keys(ping.json())).toEqual(['program', 'signature']);
  const bad = await server.app.inject({ method: 'GET', url: '/webhooks/ping?nonce=a' });
  expect(bad.statusCode).toBe(400);
});

test('removing asks what to keep, says what went, and the source is gone', async () => {
  expect((await server.call('DELETE', '/api/sources/1', { keep: 'some' })).status).toBe(400);
  const { body } = await server.call<Removal>('DELETE', '/api/sources/1', { keep: 'nothing' });
  expect(body.done).toBe(true);
  expect(body.removed.customers).toBeGreaterThan(20);
  expect(body.removed.people).toBeGreaterThan(10);
  expect((await server.call('GET', '/api/sources/1')).status).toBe(404);
  expect((await server.call('DELETE', '/api/sources/1', { keep: 'nothing' })).status).toBe(404);
  const audit = await server.call<{ rows: { action: string; detail: unknown }[] }>(
    'GET',
    '/api/audit?limit=1',
  );
  expect(audit.body.rows[0]).toMatchObject({
    action: 'source.deleted',
    detail: { keep: 'nothing' },
  });
});
