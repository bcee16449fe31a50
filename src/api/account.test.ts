import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signPayload, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { freePort } from '../../test/support/product.ts';
import { buildAudiences } from '../audiences/index.ts';
import { applyEvents, continueSyncs } from '../stripe/index.ts';
import { lookAgainAtAll } from '../worker/index.ts';
import type { ActivityPage } from './contract/activities.ts';
import type { AudienceList, MemberPage } from './contract/audiences.ts';
import type { Dashboard, DashboardList, PeopleBehind, TileResult } from './contract/dashboards.ts';
import type { PeoplePage, PersonDetail } from './contract/people.ts';
import type { ProbeStep } from './contract/probe.ts';
import type { SearchResult } from './contract/search.ts';
import type { Source, SourceDetail } from './contract/sources.ts';
import { startTestApi } from './fixtures/client.ts';
import type { TestServer } from './fixtures/client.ts';

// One account, connected and copied by way of the API; `call` checks every answer against its contract.
let simulator: Simulator;
let server: TestServer;
let key: string;
let url: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  const now = new Date('2026-03-01T12:00:00Z');
  simulator = await startSimulator({ now, customers: 60, months: 8, speed: 0 });
  key = simulator.keys.create({ grants: 'all' });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = await startTestApi({
    config: { port, public_url: url, stripe_url: simulator.url, stripe_share: 1 },
  });
  server.ctx.clock.set(now);
  await server.app.listen({ host: '127.0.0.1', port });
  await server.signIn();
});
afterAll(async () => {
  await server?.close();
  await simulator?.close();
});

const probe = async (tried: string): Promise<ProbeStep[]> => {
  const answer = await server.call('POST', '/api/sources/probe', { key: tried });
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  return answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ProbeStep);
};

describe('connecting', () => {
  test('probing tells account, each permission and the end, line by line', async () => {
    const steps = await probe(key);
    expect(steps[0]).toMatchObject({ step: 'account', name: 'Northwind Tools', mode: 'test' });
    expect(steps.at(-1)).toEqual({ step: 'done', ok: true });
    expect(steps.filter(({ step }) => step === 'permission').length).toBeGreaterThan(8);
    const refused = await probe('pk_test_x');
    expect(refused.map(({ step }) => step)).toEqual(['refused', 'done']);
  });

  test('a bad key is refused with its sentence and nothing is saved', async () => {
    const weak = simulator.keys.create({ grants: 'all' });
    simulator.keys.withdraw(weak, 'rak_invoice_read');
    const answer = await server.call('POST', '/api/sources', { key: weak });
    expect([answer.status, answer.body.code]).toEqual([422, 'permission_missing']);
    expect(answer.text).not.toContain(weak);
    const list = await server.call<{ sources: Source[] }>('GET', '/api/sources');
    expect(list.body.sources).toEqual([]);
  });

  test('a good key connects; the key is never in an answer; connecting twice is refused', async () => {
    const connected = await server.call<Source>('POST', '/api/sources', { key, name: 'Northwind' });
    expect([connected.status, connected.body]).toMatchObject([
      200,
      { state: 'syncing', name: 'Northwind', account_id: 'acct_1SimHeadwater0001' },
    ]);
    expect(connected.text).not.toContain(key);
    const again = await server.call('POST', '/api/sources', { key });
    expect([again.status, again.body.code]).toEqual([409, 'already_connected']);
    const audit = await server.call<{ rows: { action: string }[] }>('GET', '/api/audit');
    expect(audit.body.rows[0]?.action).toBe('source.connected');
    expect(audit.text).not.toContain(key);
  });

  test('the copy is seen on its page, with health, a chart of 14 days and rows of each object', async () => {
    while ((await continueSyncs(server.ctx, signal)) > 0);
    await lookAgainAtAll(server.ctx);
    while ((await buildAudiences(server.ctx)) > 0);
    const { body } = await server.call<SourceDetail>('GET', '/api/sources/1');
    expect(body.source.state).toBe('live');
    expect(body.progress).toMatchObject({ state: 'complete' });
    expect(body.health.people).toBeGreaterThan(30);
    expect(body.chart).toHaveLength(14);
    expect(body.chart.at(-1)?.on_date).toBe('2026-03-01');
    expect(body.objects.customers).toBe(60);
    const sum = body.chart.reduce((total, day) => total + day.count, 0);
    expect(sum).toBe(body.health.activities_14_days);
    expect((await server.call('GET', '/api/sources/2')).status).toBe(404);
  });
});

describe('the webhook', () => {
  test('a change in Stripe comes in over HTTP, signed, and is applied', async () => {
    const before = await server.call<PeoplePage>('GET', '/api/people');
    simulator.world.createCustomer({ email: 'zoe@example.com', name: 'Zoe Nightingale' });
    await simulator.settled();
    while ((await applyEvents(server.ctx)) > 0);
    await lookAgainAtAll(server.ctx);
    const found = await server.call<PeoplePage>('GET', '/api/people?search=nightingale');
    expect(found.body).toMatchObject({ total: 1, rows: [{ email: 'zoe@example.com' }] });
    const after = await server.call<PeoplePage>('GET', '/api/people');
    expect(after.body.total).toBe(before.body.total + 1);
  });

  test('unknown addresses, wrong signatures and large bodies are turned away, each with its own status', async () => {
    const { body } = await server.call<Source>('POST', '/api/sources/1/webhook', {});
    const address = new URL(body.webhook.url).pathname;
    const post = async (path: string, payload: string, signature = 't=1,v1=00') =>
      await fetch(`${url}${path}`, {
        method: 'POST',
        body: payload,
        headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      });
    expect((await post('/webhooks/stripe/none', '{}')).status).toBe(404);
    const forged = await post(address, '{ "id": "evt_1",  "type": "x" }');
    expect([forged.status, await forged.json()]).toEqual([400, { code: 'bad_signature' }]);
    const large = `{"id":"evt_1","filler":"${'x'.repeat(3_000_000)}"}`;
    expect((await post(address, large)).status).toBe(400);
    expect((await post(address, large + large)).status).toBe(413);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(
      /http_request_seconds_count{method="POST",route="\/webhooks\/stripe\/:path",status="413"} 1/,
    );
  });

  test('a signed body of five megabytes is kept', async () => {
    const [endpoint] = [...simulator.world.state.webhookEndpoints];
    const event = {
      id: 'evt_large',
      object: 'event',
      type: 'x.large',
      created: Math.floor(Date.now() / 1000),
      livemode: false,
      data: { object: { filler: 'x'.repeat(5_000_000) } },
    };
    const text = JSON.stringify(event);
    const response = await fetch(endpoint!.url, {
      method: 'POST',
      body: text,
      headers: { 'stripe-signature': signPayload(text, endpoint!.secret, event.created) },
    });
    expect([response.status, await response.json()]).toEqual([200, { code: 'stored' }]);
    while ((await applyEvents(server.ctx)) > 0);
  });
});

describe('people', () => {
  test('pages of people add up to all of them, each once, in every order', async () => {
    for (const query of ['', '&sort=mrr', '&sort=name&descending=true']) {
      const seen: number[] = [];
      let cursor: string | null = '';
      let total = 0;
      while (cursor !== null) {
        const page: { body: PeoplePage } = await server.call<PeoplePage>(
          'GET',
          `/api/people?limit=25${query}${cursor ? `&cursor=${cursor}` : ''}`,
        );
        seen.push(...page.body.rows.map((row) => row.person_id));
        ({ next_cursor: cursor, total } = page.body);
      }
      expect([new Set(seen).size, seen.length]).toEqual([total, total]);
    }
    expect((await server.call('GET', '/api/people?sort=shoe')).status).toBe(422);
    expect((await server.call('GET', '/api/people?cursor=x')).body.code).toBe('bad_cursor');
  });

  test('a profile has facts, subscriptions, invoices, audiences and MRR; its activities page backwards', async () => {
    const list = await server.call<PeoplePage>('GET', '/api/people?sort=mrr&limit=5');
    const top = list.body.rows[0]!;
    const { body } = await server.call<PersonDetail>('GET', `/api/people/${top.person_id}`);
    expect(body.person).toEqual(top);
    expect(body.subscriptions.length).toBeGreaterThan(0);
    expect(body.invoices.length).toBeGreaterThan(0);
    expect(body.mrr_history.at(-1)).toMatchObject({ mrr_minor: top.mrr_minor });
    expect(body.movements.at(-1)).toMatchObject({ mrr_after_minor: top.mrr_minor });
    expect(body.versions.length).toBeGreaterThan(0);
    const base = `/api/people/${top.person_id}/activities?limit=2`;
    const first = await server.call<ActivityPage>('GET', base);
    expect(first.body.rows).toHaveLength(2);
    const { occurred_at, id } = first.body.next!;
    const second = await server.call<ActivityPage>(
      'GET',
      `${base}&before_at=${occurred_at}&before_id=${id}`,
    );
    const ids = [...first.body.rows, ...second.body.rows].map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    const charges = await server.call<ActivityPage>('GET', `${base}&types=charge`);
    expect(new Set(charges.body.rows.map((row) => row.type))).toEqual(new Set(['charge']));
    expect((await server.call('GET', '/api/people/99999')).status).toBe(404);
  });

  test('the account’s own activities are those of its page', async () => {
    const page = await server.call<ActivityPage>('GET', '/api/sources/1/activities?limit=10');
    expect(page.body.rows).toHaveLength(10);
    expect(new Set(page.body.rows.map((row) => row.source_id))).toEqual(new Set([1]));
  });

  test('an audience narrows the list to its members, who explain themselves', async () => {
    const made = await server.call<{ id: number }>('POST', '/api/audiences', {
      name: 'Big spenders',
      definition: { field: 'mrr_minor', operator: 'gt', value: 0 },
    });
    while ((await buildAudiences(server.ctx)) > 0);
    const { id } = made.body;
    const members = await server.call<MemberPage>('GET', `/api/audiences/${id}/members?limit=200`);
    expect(members.body.rows.length).toBe(members.body.total);
    expect(members.body.total).toBeGreaterThan(5);
    const people = await server.call<PeoplePage>('GET', `/api/people?audience_id=${id}&limit=200`);
    expect(new Set(people.body.rows.map((row) => row.person_id))).toEqual(
      new Set(members.body.rows.map((row) => row.person_id)),
    );
    const one = people.body.rows[0]!.person_id;
    const why = await server.call('GET', `/api/audiences/${id}/why/${one}`);
    expect(why.body).toMatchObject({ matches: true, explanation: { kind: 'condition' } });
    const list = await server.call<AudienceList>('GET', '/api/audiences');
    expect(list.body.audiences.find((row) => row.id === id)?.size).toBe(members.body.total);
    const profile = await server.call<PersonDetail>('GET', `/api/people/${one}`);
    expect(profile.body.audiences.map((row) => row.name)).toContain('Big spenders');
  });

  test('the palette finds people and what else bears the name', async () => {
    const zoe = await server.call<SearchResult>('GET', '/api/search?q=zoe');
    expect(zoe.body.hits[0]).toMatchObject({ kind: 'person', title: 'Zoe Nightingale' });
    const spenders = await server.call<SearchResult>('GET', '/api/search?q=BIG%20SPEND');
    expect(spenders.body.hits).toMatchObject([{ kind: 'audience', title: 'Big spenders' }]);
    const source = await server.call<SearchResult>('GET', '/api/search?q=northwind');
    expect(source.body.hits.map((hit) => hit.kind)).toContain('source');
    expect((await server.call<SearchResult>('GET', '/api/search?q=')).body.hits).toEqual([]);
  });
});

describe('dashboards', () => {
  const tiles = [
    { id: 'mrr', title: 'MRR', kind: 'series', question: { metric: 'mrr' } },
    { id: 'customers', title: 'Customers', kind: 'number', question: { metric: 'customers' } },
    { id: 'plans', title: 'Plans', kind: 'bars', question: { metric: 'mrr_by_plan' } },
    { id: 'moves', title: 'Moves', kind: 'series', question: { metric: 'mrr_movements' } },
  ];
  const draft = { name: 'Board', description: '', tiles };
  let url: string;

  test('a dashboard is made, changed and listed; one that asks nonsense is refused', async () => {
    const made = await server.call<Dashboard>('POST', '/api/dashboards', draft);
    expect([made.status, made.body]).toMatchObject([200, draft]);
    url = `/api/dashboards/${made.body.id}`;
    const renamed = await server.call('PUT', url, { ...draft, name: 'Main' });
    expect(renamed.body).toMatchObject({ name: 'Main' });
    const wrong = { ...draft, tiles: [{ ...tiles[0], kind: 'bars' }] };
    expect((await server.call('PUT', url, wrong)).body.code).toBe('bad_dashboard');
    const list = await server.call<DashboardList>('GET', '/api/dashboards');
    expect(list.body.dashboards.map((row) => row.name)).toContain('Main');
    expect((await server.call('GET', url)).body).toMatchObject({ tiles });
    const found = await server.call<SearchResult>('GET', '/api/search?q=main');
    expect(found.body.hits).toContainEqual(expect.objectContaining({ kind: 'dashboard' }));
  });

  test('a number is as many people as stand behind it, and a point’s amounts add up to it', async () => {
    const ask = async <K extends TileResult['kind']>(tile: string, kind: K) => {
      const range = 'from=2025-10-01&to=2026-03-01&interval=month';
      const { body } = await server.call<TileResult>('GET', `${url}/tiles/${tile}?${range}`);
      expect(body.kind).toBe(kind);
      return body as Extract<TileResult, { kind: K }>;
    };
    const behind = async (tile: string, point: string) =>
      await server.call<PeopleBehind>(
        'GET',
        `${url}/tiles/${tile}/people?from=2025-10-01&to=2026-03-01&interval=month&limit=500&point=${encodeURIComponent(point)}`,
      );
    const customers = await ask('customers', 'number');
    expect(customers.value).toBeGreaterThan(5);
    expect((await behind('customers', '2026-03-01')).body.total).toBe(customers.value);
    const last = (await ask('mrr', 'series')).series[0]!.points.at(-1)!;
    const payers = await behind('mrr', last.point);
    const sum = payers.body.rows.reduce((total, row) => total + (row.amount_minor ?? 0), 0);
    expect(payers.body.rows).toHaveLength(payers.body.total);
    // Each amount is rounded for display; the number is rounded once.
    expect(Math.abs(sum - last.value)).toBeLessThanOrEqual(payers.body.total / 2);
    expect((await ask('plans', 'bars')).bars.length).toBeGreaterThan(0);
    expect((await ask('moves', 'series')).series.map((one) => one.name)).toContain('churn');
    expect((await behind('mrr', '2020-01-01')).body).toMatchObject({ code: 'bad_point' });
    expect((await server.call('GET', `${url}/tiles/none`)).status).toBe(404);
    expect((await server.call('GET', `${url}/tiles/mrr?from=yesterday`)).status).toBe(400);
    expect((await server.call('DELETE', url)).body).toEqual({ done: true });
  });
});

describe('what can be done to a source', () => {
  test('pause, resume, another key, copy again, disconnect: each answers its new state and is noted', async () => {
    const act = async (name: string) =>
      (await server.call<Source>('POST', `/api/sources/1/${name}`, {})).body.state;
    expect(await act('pause')).toBe('paused');
    expect(await act('resume')).toBe('live');
    expect(await act('sync')).toBe('syncing');
    const next = simulator.keys.create({ grants: 'all' });
    const replaced = await server.call('PUT', '/api/sources/1/key', { key: next });
    expect(replaced.status).toBe(200);
    expect(replaced.text).not.toContain(next);
    const wrong = await server.call('PUT', '/api/sources/1/key', { key: 'whsec_x' });
    expect(wrong.status).toBe(422);
    expect(await act('disconnect')).toBe('disconnected');
    const audit = await server.call<{ rows: { action: string }[] }>('GET', '/api/audit?limit=5');
    expect(audit.body.rows.map((row) => row.action)).toEqual([
      'source.disconnected',
      'source.key_replaced',
      'source.copied_again',
      'source.resumed',
      'source.paused',
    ]);
    const writes = simulator.requests.filter((request) => request.method !== 'GET');
    expect(writes.every((request) => request.path.startsWith('/v1/webhook_endpoints'))).toBe(true);
  });
});
