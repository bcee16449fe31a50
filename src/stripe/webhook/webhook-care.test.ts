import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { sql } from '../../platform/index.ts';
import {
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from '../fixtures/account.ts';
import type { Account } from '../fixtures/account.ts';
import { deliverAs } from '../fixtures/deliver.ts';
import {
  answerPing,
  careForSources,
  checkAddress,
  getSource,
  pollEvents,
  rotateSecret,
} from '../index.ts';

let account: Account;
const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await account.close();
});

const { signal } = new AbortController();
const HOUR_MS = 3_600_000;

async function openSynced(options: Parameters<typeof openAccount>[0] = {}) {
  account = await openAccount(options);
  const source = await connect(account);
  await syncAll(account.ctx, source.id);
  await pollEvents(account.ctx, signal);
  return source;
}

const endpoints = () => [...account.simulator.world.state.webhookEndpoints];

async function pass(hours: number): Promise<void> {
  await account.simulator.advance({ hours });
  account.ctx.clock.advance(hours * HOUR_MS);
}

async function expectCustomersEqual(source_id: number): Promise<void> {
  const kept = await listKept(account.ctx, source_id);
  expect(kept.customers).toEqual((await listAccount(account.simulator)).customers);
}

/** Takes every free place, but for `free`. */
async function fillEndpoints(free = 0): Promise<string[]> {
  const key = account.simulator.keys.create({ grants: 'all' });
  const made: string[] = [];
  while (endpoints().length < 16 - free) {
    const response = await fetch(`${account.simulator.url}/v1/webhook_endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: new URLSearchParams({ url: 'https://example.com/hook', 'enabled_events[0]': '*' }),
    });
    made.push(((await response.json()) as { id: string }).id);
  }
  return made;
}

describe('replacing the secret', () => {
  test('a new endpoint takes over, both secrets count for a day, and no event is lost', async () => {
    const { id, webhook_endpoint_id: old } = await openSynced();
    const { simulator, ctx } = account;
    expect((await getSource(ctx, id)).can_rotate_secret).toBe(true);
    const before = endpoints()[0]!;
    simulator.world.createCustomer({ email: 'before@example.com' });
    const rotated = await rotateSecret(ctx, id);
    simulator.world.createCustomer({ email: 'after@example.com' });
    await simulator.settled();
    expect(rotated).toMatchObject({ state: 'live', can_rotate_secret: true });
    expect(rotated.webhook_endpoint_id).not.toBe(old);
    expect(endpoints().map(({ id: endpoint }) => endpoint)).toEqual([rotated.webhook_endpoint_id]);
    // A delivery that was on its way is signed with the old secret.
    expect(await deliverAs(account, id, before.secret)).toBe('stored');
    expect(await deliverAs(account, id, 'whsec_other')).toBe('bad_signature');
    await pollEvents(ctx, signal);
    await applyAll(ctx);
    await expectCustomersEqual(id);
    await pass(25);
    expect(await deliverAs(account, id, before.secret)).toBe('bad_signature');
    await careForSources(ctx, signal);
    const { rows } = await sql`
      select webhook_previous_secret_sealed s, webhook_previous_until u from sources`.execute(
      ctx.db,
    );
    expect(rows).toEqual([{ s: null, u: null }]);
    expect((await getSource(ctx, id)).webhook.failures_24h).toBe(1);
  });

  test('with no place for two the old one goes first, and the moment between is fetched', async () => {
    const { id } = await openSynced();
    const { simulator, ctx } = account;
    await fillEndpoints();
    const rotated = await rotateSecret(ctx, id);
    expect(rotated).toMatchObject({ state: 'live', state_detail: { webhook: { status: 'ok' } } });
    expect(rotated.state_detail.webhook?.message).toContain('No place was free');
    expect(rotated.sentence).toContain('No place was free');
    simulator.world.createCustomer({ email: 'after@example.com' });
    await simulator.settled();
    await applyAll(ctx);
    await expectCustomersEqual(id);
  });

  test('killed between the two, the old endpoint is removed by the next round of care', async () => {
    const { id } = await openSynced();
    const { simulator, ctx } = account;
    simulator.faults.add({ kind: 'server_error', method: 'DELETE', path: '/v1/webhook_endpoints' });
    await expect(rotateSecret(ctx, id)).rejects.toMatchObject({ code: 'webhook_failed' });
    expect(endpoints()).toHaveLength(2);
    expect((await getSource(ctx, id)).can_rotate_secret).toBe(false);
    simulator.faults.clear();
    await careForSources(ctx, signal);
    expect(endpoints()).toHaveLength(1);
    expect((await getSource(ctx, id)).webhook_endpoint_id).toBe(endpoints()[0]!.id);
    expect((await getSource(ctx, id)).can_rotate_secret).toBe(true);
  }, 60_000);
});

describe('watching the endpoint', () => {
  test('disabled in Stripe it is noticed without a missed event, and believed again once enabled', async () => {
    const { id, webhook_endpoint_id } = await openSynced();
    const { simulator, ctx } = account;
    await careForSources(ctx, signal);
    const store = simulator.world.state.webhookEndpoints;
    store.put({ ...store.find(webhook_endpoint_id!)!, status: 'disabled' });
    await pass(7);
    await careForSources(ctx, signal);
    expect(await getSource(ctx, id)).toMatchObject({
      state: 'degraded',
      state_detail: { webhook: { status: 'disabled' } },
    });
    store.put({ ...store.find(webhook_endpoint_id!)!, status: 'enabled' });
    await pass(7);
    await careForSources(ctx, signal);
    expect((await getSource(ctx, id)).state).toBe('live');
    const looks = simulator.requests.filter(
      ({ method, path }) => method === 'GET' && path.startsWith('/v1/webhook_endpoints/'),
    );
    expect(looks).toHaveLength(3);
  });

  test('with all places taken it finishes by itself once one is free, and reads nothing for it', async () => {
    account = await openAccount();
    const { simulator, ctx } = account;
    const others = await fillEndpoints();
    const source = await connect(account);
    expect(source.state).toBe('webhook_full');
    await syncAll(ctx, source.id);
    const reads = () =>
      simulator.requests.filter(
        ({ method, path }) => method === 'GET' && path.startsWith('/v1/webhook_endpoints'),
      ).length;
    const before = reads();
    for (let round = 0; round < 5; round += 1) {
      await careForSources(ctx, signal);
      await pass(1);
    }
    expect((await getSource(ctx, source.id)).state).toBe('webhook_full');
    simulator.world.state.webhookEndpoints.remove(others[0]!);
    await careForSources(ctx, signal);
    expect(await getSource(ctx, source.id)).toMatchObject({ state: 'live', next_step: null });
    expect(reads()).toBe(before);
    expect(simulator.world.state.webhookEndpoints.size).toBe(16);
  });
});

describe('the public address', () => {
  /** A server under which the installation believes to be reached. */
  async function serve(answer: (url: URL, response: http.ServerResponse) => void): Promise<string> {
    const server = http.createServer((request, response) =>
      answer(new URL(request.url!, 'http://x'), response),
    );
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function checkAt(public_url: string) {
    account.ctx.config.public_url = public_url;
    const check = await checkAddress(account.ctx, 1);
    expect((await getSource(account.ctx, 1)).webhook.address_check).toEqual(check);
    return check;
  }

  test('each way to be wrong has its sentence, and none is followed elsewhere', async () => {
    await openSynced();
    const { ctx } = account;
    const us = await serve((url, response) =>
      response.end(JSON.stringify(answerPing(ctx, url.searchParams.get('nonce')!))),
    );
    expect(await checkAt(us)).toMatchObject({ ok: true });
    expect((await checkAt(us)).sentence).toContain(
      'it is this installation. Tried from this machine',
    );
    const forged = JSON.stringify({ program: 'headwater', signature: 'x' });
    let asked = 0;
    const elsewhere = await serve((_url, response) => {
      asked += 1;
      response.end();
    });
    const closed = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const wrong: [string, string][] = [
      [await serve((_, response) => response.end(forged)), 'Another Headwater answers'],
      [await serve((_, response) => response.end('<html>')), 'Another program answers'],
      [await serve((_, response) => response.end('null')), 'Another program answers'],
      [
        await serve((_, response) => response.writeHead(302, { location: elsewhere }).end()),
        'answers with a redirect',
      ],
      [closed, 'the connection was refused'],
      ['https://no-such-host.invalid', 'does not resolve'],
    ];
    for (const [url, sentence] of wrong) {
      const check = await checkAt(url);
      expect([check.ok, check.sentence]).toEqual([false, expect.stringContaining(sentence)]);
    }
    expect(asked).toBe(0);
  });
});
