import { afterEach, describe, expect, test } from 'vitest';
import { READ_ONLY_GRANTS } from '../../simulator/index.ts';
import { connect, openAccount, syncAll } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { PERMISSIONS, WEBHOOK_EVENTS, keyFormUrl } from './definition.ts';
import {
  connectSource,
  disconnectSource,
  getSource,
  listSources,
  pauseSource,
  probeKey,
  resumeSource,
  retryWebhook,
} from './index.ts';
import type { ProbeStep } from './index.ts';
import { readKey } from './read-key.ts';

let account: Account | null = null;
afterEach(async () => {
  await account?.close();
  account = null;
});

describe('a key is read before Stripe is asked', () => {
  test.each([
    ['', 'key_empty'],
    ['pk_test_51abcdefghijkl', 'key_publishable'],
    ['pk_live_51abcdefghijkl', 'key_publishable'],
    ['whsec_abcdefghijkl', 'key_webhook_secret'],
    ['sk_org_live_abcdefghijkl', 'key_organization'],
    ['sk_org_abcdef', 'key_organization'],
    ['hello', 'key_unknown'],
    ['rk_test_', 'key_unknown'],
    ['rk_staging_51abcdefghijkl', 'key_unknown'],
    ['rk_test_51abc defghijkl', 'key_unknown'],
  ])('%s is refused as %s', (text, code) => {
    const reading = readKey(text);
    expect(reading).toMatchObject({ ok: false, code });
    expect(reading.ok ? '' : reading.sentence).toMatch(/\.$/);
  });

  test('restricted keys are welcome, secret ones get advice', () => {
    expect(readKey('  rk_live_51abcdefgh4f2a ')).toMatchObject({
      ok: true,
      key: 'rk_live_51abcdefgh4f2a',
      mode: 'live',
      kind: 'restricted',
      hint: 'rk_live_…4f2a',
      advice: null,
    });
    expect(readKey('rkcs_test_51abcdefgh')).toMatchObject({ ok: true, mode: 'test' });
    const secret = readKey('sk_test_51abcdefgh');
    expect(secret).toMatchObject({ ok: true, kind: 'secret' });
    expect(secret.ok && secret.advice).toContain('restricted key is safer');
  });
});

test('the pre-filled form asks for what the probe checks, and one write only', () => {
  const url = keyFormUrl('test');
  for (const { slug } of PERMISSIONS) expect(url).toContain(`permissions[]=${slug}`);
  expect(PERMISSIONS.filter((permission) => permission.access === 'Write')).toHaveLength(1);
  expect(new Set(WEBHOOK_EVENTS).size).toBe(WEBHOOK_EVENTS.length);
  expect(WEBHOOK_EVENTS).toContain('customer.subscription.trial_will_end');
});

describe('connecting', () => {
  test('a key that lacks permissions is told which; once they are there it connects', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const lacking = ['rak_invoice_read', 'rak_webhook_write', 'rak_webhook_read'];
    const grants = READ_ONLY_GRANTS.filter((grant) => !lacking.includes(grant));
    const key = simulator.keys.create({ grants });
    const steps: ProbeStep[] = [];
    await probeKey(ctx, key, (step) => steps.push(step));
    expect(steps[0]).toMatchObject({ step: 'account', name: 'Northwind Tools', mode: 'test' });
    const missing = steps.filter(
      (step) => step.step === 'permission' && step.needed && !step.granted,
    );
    expect(missing.map((step) => (step.step === 'permission' ? step.slug : '')).toSorted()).toEqual(
      ['rak_invoice_read', 'rak_webhook_write'],
    );
    expect(steps.at(-1)).toEqual({ step: 'done', ok: false });
    const refused = await connectSource(ctx, { key });
    expect(refused).toMatchObject({ ok: false, code: 'permission_missing' });
    expect(refused.ok ? '' : refused.sentence).toContain('Invoices → Read');
    simulator.keys.grant(key, 'rak_invoice_read');
    simulator.keys.grant(key, 'rak_webhook_read');
    // Listing webhooks is allowed now; that creating one is not shows only on the way.
    const readOnly = await connectSource(ctx, { key });
    expect(readOnly.ok ? '' : readOnly.sentence).toContain('Webhook Endpoints → Write');
    expect(await listSources(ctx)).toEqual([]);
    simulator.keys.grant(key, 'rak_webhook_write');
    const source = await connect(account, key);
    expect(source).toMatchObject({ name: 'Northwind Tools', mode: 'test', state: 'syncing' });
    expect(JSON.stringify(source)).not.toContain(key);
    expect(simulator.requests.every(isAllowed)).toBe(true);
  });

  test('a revoked key, an unknown one and one connected already are refused with their sentence', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const key = simulator.keys.create();
    simulator.keys.expire(key);
    expect(await connectSource(ctx, { key })).toMatchObject({ ok: false, code: 'key_expired' });
    simulator.keys.revoke(key);
    expect(await connectSource(ctx, { key })).toMatchObject({ ok: false, code: 'key_revoked' });
    await connect(account);
    const again = await connectSource(ctx, { key: simulator.keys.create() });
    expect(again).toMatchObject({ ok: false, code: 'already_connected' });
    expect(simulator.world.state.webhookEndpoints.size).toBe(1);
  });

  test('probing survives limits and errors and never reads them as granted', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const key = simulator.keys.create({
      grants: READ_ONLY_GRANTS.filter(
        (grant) => grant !== 'rak_refund_read' && grant !== 'rak_charge_read',
      ),
    });
    simulator.faults.add({ kind: 'rate_limit', reason: 'global-rate', probability: 0.1 });
    simulator.faults.add({ kind: 'server_error', probability: 0.1 });
    const probe = await probeKey(ctx, key);
    expect(probe.ok && probe.missing.map(({ slug }) => slug)).toEqual([
      'rak_charge_read',
      'rak_refund_read',
    ]);
  });

  test('with all webhook endpoints taken it follows by polling, and finishes once one is free', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const taken = await takeEndpoints(simulator, 16);
    const source = await connect(account);
    expect(source.state).toBe('webhook_full');
    expect(source.state_detail.webhook?.endpoints).toHaveLength(16);
    expect(source.webhook.following).toBe('polling');
    expect(source.next_step).toContain('Remove an endpoint');
    await syncAll(ctx, source.id);
    expect((await getSource(ctx, source.id)).state).toBe('webhook_full');
    expect((await retryWebhook(ctx, source.id)).state).toBe('webhook_full');
    await taken.removeOne();
    const live = await retryWebhook(ctx, source.id);
    expect(live.state).toBe('live');
    simulator.world.createCustomer({ email: 'new@example.com' });
    await simulator.settled();
    expect(account.received).toEqual(['stored']);
  });

  test('a stray endpoint of ours is replaced, those of others are left alone', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    await takeEndpoints(simulator, 3);
    const source = await connect(account);
    const again = await retryWebhook(ctx, source.id);
    expect(again.webhook_endpoint_id).not.toBe(source.webhook_endpoint_id);
    expect(simulator.world.state.webhookEndpoints.size).toBe(4);
  });

  test('a live key needs a public https address; without one it polls and says so', async () => {
    account = await openAccount({ mode: 'live' });
    const { ctx } = account;
    const source = await connect(account);
    expect(source.state).toBe('syncing');
    expect(source.state_detail.webhook?.status).toBe('needs_https');
    await syncAll(ctx, source.id);
    const degraded = await getSource(ctx, source.id);
    expect(degraded.state).toBe('degraded');
    expect(degraded.sentence).toContain('https');
    expect(degraded.next_step).toContain('HEADWATER_PUBLIC_URL');
  });

  test('pause, resume, disconnect and connect again keep one source', async () => {
    account = await openAccount({ customers: 5, months: 3 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    expect((await pauseSource(ctx, source.id)).state).toBe('paused');
    expect((await resumeSource(ctx, source.id)).state).toBe('live');
    expect((await disconnectSource(ctx, source.id)).state).toBe('disconnected');
    expect(simulator.world.state.webhookEndpoints.size).toBe(0);
    await expect(pauseSource(ctx, source.id)).rejects.toMatchObject({
      code: 'source_disconnected',
    });
    const back = await connect(account);
    expect(back).toMatchObject({ id: source.id, state: 'syncing' });
    await syncAll(ctx, source.id);
    expect((await getSource(ctx, source.id)).state).toBe('live');
    expect(simulator.requests.every(isAllowed)).toBe(true);
  });
});

/** The read-only promise: nothing but our webhook endpoint is ever written. */
const isAllowed = (request: { method: string; path: string }): boolean =>
  request.method === 'GET' || request.path.startsWith('/v1/webhook_endpoints');

async function takeEndpoints(simulator: Account['simulator'], count: number) {
  const key = simulator.keys.create();
  const headers = { authorization: `Bearer ${key}` };
  const url = `${simulator.url}/v1/webhook_endpoints`;
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = new URLSearchParams({
      url: `https://example.com/hook${index}`,
      'enabled_events[0]': 'charge.succeeded',
    });
    const response = await fetch(url, { method: 'POST', headers, body });
    ids.push(((await response.json()) as { id: string }).id);
  }
  return {
    removeOne: async () => await fetch(`${url}/${ids.pop()}`, { method: 'DELETE', headers }),
  };
}
