import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, createVault, fixedClock, loadConfig } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { createClient, encodeParams, templateOf } from './client.ts';
import { createLimiter } from './limiter.ts';
import { StripeError, decideRetry, readError } from './stripe-error.ts';
import { makeBucket, refill, slowDown, waitFor } from './token-bucket.ts';

describe('the bucket', () => {
  test('never lets more through than its rate and one burst, in any stretch of time', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 5, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 100 }), (steps, perSecond) => {
        let now = 0;
        const bucket = makeBucket(perSecond, now);
        const taken: number[] = [];
        for (const step of steps) {
          now += step;
          refill(bucket, now);
          while (waitFor(bucket) === 0) {
            bucket.tokens -= 1;
            taken.push(now);
          }
        }
        for (const [index, from] of taken.entries()) {
          for (let other = index; other < taken.length; other += 1) {
            const allowed = bucket.burst + ((taken[other]! - from) / 1000) * perSecond + 1e-6;
            expect(other - index + 1).toBeLessThanOrEqual(Math.max(1, allowed + 1));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('goes slower after a complaint and recovers', () => {
    const bucket = makeBucket(20, 0);
    slowDown(bucket, 0);
    expect(bucket.rate).toBeCloseTo(14);
    expect(waitFor(bucket)).toBeGreaterThan(300);
    refill(bucket, 30_000);
    expect(bucket.rate).toBe(20);
    expect(waitFor(bucket)).toBe(0);
  });
});

describe('the limiter', () => {
  test('keeps each endpoint and the whole under their rates, and serves the heavier first', async () => {
    const limiter = createLimiter({ global_per_s: 100, endpoint_per_s: 40 });
    const started = performance.now();
    const order: string[] = [];
    const ask = async (endpoint: string, weight: number) => {
      await limiter.acquire(endpoint, weight);
      order.push(`${endpoint}${weight}`);
      limiter.release(endpoint);
    };
    const a = Array.from({ length: 30 }, () => ask('a', 1));
    await Promise.all([...a, ask('a', 9)]);
    // 31 at 40/s with a burst of 10: at least half a second.
    expect(performance.now() - started).toBeGreaterThan(480);
    expect(order.indexOf('a9')).toBeLessThan(12);
  });

  test('a waiting request can be given up', async () => {
    const limiter = createLimiter({ global_per_s: 1, endpoint_per_s: 1 });
    await limiter.acquire('a', 0);
    const stop = new AbortController();
    const waiting = limiter.acquire('a', 0, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });

  test('after a complaint about concurrency fewer are on their way at once', async () => {
    const limiter = createLimiter({ global_per_s: 1000, endpoint_per_s: 1000 });
    for (let index = 0; index < 10; index += 1) await limiter.acquire('a', 0);
    limiter.complain('a', 'global-concurrency');
    let through = false;
    const next = limiter.acquire('a', 0).then(() => (through = true));
    // Ten are on their way, seven may be.
    for (let index = 0; index < 3; index += 1) limiter.release('a');
    await delay(20);
    expect(through).toBe(false);
    limiter.release('a');
    await next;
  });

  test('a complaint about one endpoint’s concurrency leaves the others alone', async () => {
    const limiter = createLimiter({ global_per_s: 1000, endpoint_per_s: 1000 });
    for (let index = 0; index < 10; index += 1) await limiter.acquire('a', 0);
    limiter.complain('a', 'endpoint-concurrency');
    const waiting = limiter.acquire('a', 0);
    await limiter.acquire('b', 0);
    expect(limiter.waiting()).toBe(1);
    for (let index = 0; index < 4; index += 1) limiter.release('a');
    await waiting;
  });

  test.each([
    ['endpoint-rate', 'slower'],
    ['something-new', 'slower'],
    [null, 'slower'],
    ['resource-specific', 'as before'],
  ])('a complaint of the reason %s makes its endpoint %s', async (reason, pace) => {
    const limiter = createLimiter({ global_per_s: 1000, endpoint_per_s: 100 });
    limiter.complain('a', reason);
    const started = performance.now();
    for (let index = 0; index < 20; index += 1) await limiter.acquire('a', 0);
    // 20 fit into the burst of 25 unless the bucket was emptied.
    const waited = performance.now() - started > 250;
    expect(waited).toBe(pace === 'slower');
    await limiter.acquire('b', 0);
  });
});

describe('retries', () => {
  const error = (kind: StripeError['kind'], should_retry: boolean | null = null) =>
    new StripeError(kind, 'x', { should_retry });
  const retry = (failure: StripeError, attempt = 1) =>
    decideRetry(failure, attempt, { attempts: 6, random: 0.5 });

  test('only what may succeed another time is tried again, and Stripe has the last word', () => {
    expect(retry(error('server'))).toBe(188);
    expect(retry(error('rate_limited'), 4)).toBe(1500);
    expect(retry(error('network'), 6)).toBeNull();
    expect(retry(error('permission'))).toBeNull();
    expect(retry(error('invalid'))).toBeNull();
    expect(retry(error('server', false))).toBeNull();
    expect(retry(error('invalid', true))).not.toBeNull();
  });

  test.each([
    [401, { message: 'Invalid API Key provided: rk_live_***' }, 'key'],
    [403, { message: "Having the 'rak_charge_read' permission would allow" }, 'permission'],
    [404, { code: 'resource_missing', message: 'No such customer' }, 'missing'],
    [400, { code: 'resource_missing', message: 'No such customer' }, 'missing'],
    [400, { message: 'You have reached the maximum of 16 test webhook endpoints' }, 'webhook_full'],
    [400, { message: 'Invalid URL' }, 'invalid'],
    [429, { code: 'rate_limit', message: 'slow' }, 'rate_limited'],
    [429, { code: 'lock_timeout', message: 'locked' }, 'busy'],
    [409, { message: 'conflict' }, 'busy'],
    [502, null, 'server'],
  ])('%i %o is %s', (status, body, kind) => {
    const text = body === null ? '<html>Bad gateway</html>' : JSON.stringify({ error: body });
    expect(readError(status, text, new Headers()).kind).toBe(kind);
  });
});

test('requests are written as Stripe reads them', () => {
  expect(encodeParams({ limit: 100, created: { gte: 1, lt: 2 }, expand: ['data.tiers'] })).toBe(
    'limit=100&created[gte]=1&created[lt]=2&expand[0]=data.tiers',
  );
  expect(encodeParams({ url: 'http://a/b?c=d e' })).toBe('url=http%3A%2F%2Fa%2Fb%3Fc%3Dd%20e');
  expect(templateOf('/v1/invoices/in_1/lines')).toBe('/v1/invoices/:id/lines');
  expect(templateOf('/v1/invoices')).toBe('/v1/invoices');
});

describe('the client', () => {
  const config = loadConfig({ HEADWATER_SECRET: 'a secret for tests, not for real life' });
  const contextFor = (url: string): Context => ({
    db: null as never,
    clock: fixedClock(new Date('2026-03-01T12:00:00Z')),
    log: createLog('silent'),
    config: { ...config, stripe_url: url, stripe_timeout_ms: 100 },
    vault: createVault(config.secret),
  });

  test('an answer that never comes is asked for again', async () => {
    let asked = 0;
    const server = http.createServer((_request, response) => {
      asked += 1;
      if (asked > 1) response.end('{"ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const limiter = createLimiter({ global_per_s: 100, endpoint_per_s: 100 });
    const client = createClient(contextFor(`http://127.0.0.1:${port}`), {
      key: 'rk_test_x',
      limiter,
    });
    expect((await client.get('/v1/x')).body).toEqual({ ok: true });
    expect(client.counts.requests).toBe(2);
    server.closeAllConnections();
    server.close();
  });

  test('a page is dated by the slower clock', async () => {
    let date = 'Sun, 01 Mar 2026 11:59:00 GMT';
    const server = http.createServer((_request, response) => {
      response.setHeader('date', date).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const limiter = createLimiter({ global_per_s: 100, endpoint_per_s: 100 });
    const ctx = contextFor(`http://127.0.0.1:${port}`);
    const client = createClient(ctx, { key: 'rk_test_x', limiter });
    const ahead = (await client.get('/v1/x')).at.getTime();
    expect(ahead).toBeLessThanOrEqual(Date.parse(date));
    expect(ahead).toBeGreaterThan(Date.parse(date) - 5_000);
    date = 'Sun, 01 Mar 2026 13:00:00 GMT';
    expect((await client.get('/v1/x')).at).toEqual(ctx.clock.now());
    server.closeAllConnections();
    server.close();
  });
});
