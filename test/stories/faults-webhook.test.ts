import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signPayload, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { sql } from '../../src/platform/index.ts';
import { connectSource, getSource } from '../../src/stripe/index.ts';
import { eventually, startProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const MB = 1_000_000;

let simulator: Simulator;
let product: Product;
let source_id: number;
beforeAll(async () => {
  simulator = await startSimulator({ now: NOW, speed: 0, customers: 3, months: 2 });
  product = await startProduct({ stripe_url: simulator.url, now: NOW, user: false });
  const result = await connectSource(product.ctx, { key: simulator.keys.create() });
  if (!result.ok) throw new Error(result.sentence);
  source_id = result.source.id;
  const state = async () => (await getSource(product.ctx, source_id)).state;
  await eventually(state, (now) => now === 'live', 60_000);
});
afterAll(async () => {
  await product.stop();
  await simulator.close();
});

const wall = (): number => Math.floor(Date.now() / 1000);
const endpoint = () => [...simulator.world.state.webhookEndpoints][0]!;
const signed = (body: string, more: { secret?: string; at?: number } = {}): string =>
  signPayload(body, more.secret ?? endpoint().secret, more.at ?? wall());

interface Answer {
  status: number;
  body: { code: string; message?: string };
}

async function deliver(
  body: string | ReadableStream,
  signature: string | null,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(endpoint().url, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(signature === null ? {} : { 'stripe-signature': signature }),
      ...headers,
    },
  } as RequestInit);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

let made = 0;
/** An event of this account, of a type nobody knows unless told otherwise. */
function makeEvent(more: Record<string, unknown> = {}): { id: string; [name: string]: unknown } {
  made += 1;
  return {
    id: `evt_made_${made}`,
    object: 'event',
    type: 'weather.changed',
    api_version: '2026-10-28.endive',
    created: NOW.getTime() / 1000 + 60,
    livemode: false,
    pending_webhooks: 1,
    data: { object: { id: 'we_1', object: 'weather' } },
    ...more,
  };
}

interface StoredEvent {
  id: string;
  processed: boolean;
  error: string | null;
}

async function stored(id: string): Promise<StoredEvent | undefined> {
  const { rows } = await sql<StoredEvent>`
    select id, processed_at is not null as processed, error from stripe.events
     where source_id = ${source_id} and id = ${id}`.execute(product.ctx.db);
  return rows[0];
}

/** Waits until the event was applied, and answers how that went. */
const applied = async (id: string): Promise<StoredEvent> =>
  (await eventually(
    async () => await stored(id),
    (event) => event?.processed === true,
    60_000,
  ))!;

/** A customer of the account, as an event shows it. */
function customerOf(more: Record<string, unknown>) {
  const customer = simulator.world.createCustomer({ email: `made-${made}@example.com` });
  return { ...customer, ...more };
}

const rowOf = async (id: string) =>
  (
    await sql<{ raw: Record<string, unknown> }>`
      select raw from stripe.customers where source_id = ${source_id} and id = ${id}`.execute(
      product.ctx.db,
    )
  ).rows[0]?.raw;

describe('a delivery that is not what it claims is refused and leaves nothing', () => {
  const event = () => JSON.stringify(makeEvent());

  test('tampered on the way', async () => {
    const body = event();
    const answer = await deliver(body.replace('"weather"', '"whether"'), signed(body));
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_signature' } });
  });

  test('replayed after five minutes', async () => {
    const body = event();
    const late = await deliver(body, signed(body, { at: wall() - 302 }));
    expect(late).toMatchObject({ status: 400, body: { code: 'bad_signature' } });
    // A slow delivery is none.
    expect((await deliver(body, signed(body, { at: wall() - 240 }))).status).toBe(200);
  });

  test.each([
    ['with the secret of another endpoint', (body: string) => signed(body, { secret: 'whsec_x' })],
    ['without a signature', () => null],
    ['with an empty signature', () => ''],
    ['with a signature of another scheme', (body: string) => signed(body).replace('v1=', 'v0=')],
  ])('%s', async (_name, sign) => {
    const body = event();
    expect(await deliver(body, sign(body))).toMatchObject({
      status: 400,
      body: { code: 'bad_signature' },
    });
  });

  test.each([
    ['of the other mode', { livemode: true }],
    ['of another account', { account: 'acct_somebody_else' }],
  ])('%s', async (_name, more) => {
    const body = JSON.stringify(makeEvent(more));
    expect(await deliver(body, signed(body))).toMatchObject({
      status: 400,
      body: { code: 'other_account' },
    });
  });

  test.each(['', 'not json', 'null', '[]', '"text"', '{"id":"evt_half', '{"id":"evt_no_type"}'])(
    'no event at all: %s',
    async (body) => {
      expect(await deliver(body, signed(body))).toMatchObject({
        status: 400,
        body: { code: 'malformed' },
      });
    },
  );

  test('nothing of all this was kept', async () => {
    const { rows } = await sql<{ id: string }>`
      select id from stripe.events where id like 'evt_made_%' or type is null`.execute(
      product.ctx.db,
    );
    // The slow delivery alone.
    expect(rows).toHaveLength(1);
  });
});

describe('a delivery that is genuine is kept, however odd', () => {
  test('signed twice while the secret is rolled', async () => {
    const event = makeEvent();
    const body = JSON.stringify(event);
    const [, old] = signed(body, { secret: 'whsec_the_old_one' }).split(',');
    const [at, ours] = signed(body).split(',');
    expect((await deliver(body, `${at},${old},${ours}`)).status).toBe(200);
    expect(await applied(event.id)).toMatchObject({ error: null });
  });

  test('of a type that is unknown', async () => {
    const event = makeEvent({ type: 'v9.thing.happened', data: { object: { object: 'thing' } } });
    const body = JSON.stringify(event);
    expect(await deliver(body, signed(body))).toEqual({ status: 200, body: { code: 'stored' } });
    expect(await deliver(body, signed(body))).toEqual({ status: 200, body: { code: 'duplicate' } });
    expect(await applied(event.id)).toMatchObject({ error: null });
  });

  test('of an API version that is unknown: what it is about is fetched', async () => {
    const customer = customerOf({});
    const event = makeEvent({
      type: 'customer.updated',
      api_version: '2031-01-01.future',
      data: { object: { id: customer.id, object: 'customer', name: 'in a shape to come' } },
    });
    const body = JSON.stringify(event);
    expect((await deliver(body, signed(body))).status).toBe(200);
    expect(await applied(event.id)).toMatchObject({ error: null });
    expect(await rowOf(customer.id)).toEqual(customer);
  });

  test('of 5 MB, and what it tells is applied', async () => {
    const customer = customerOf({ description: '' });
    const event = makeEvent({ type: 'customer.updated', data: { object: customer } });
    const filler = 5 * MB - JSON.stringify(event).length;
    customer.description = 'ä'.repeat(Math.floor(filler / 2));
    const body = JSON.stringify(event);
    expect(Buffer.byteLength(body)).toBeGreaterThan(4.99 * MB);
    expect((await deliver(body, signed(body))).status).toBe(200);
    expect(await applied(event.id)).toMatchObject({ error: null });
    expect((await rowOf(customer.id))?.description).toBe(customer.description);
  });

  test('a thin event, which nobody asked for, is acknowledged and forgotten', async () => {
    const body = JSON.stringify({ id: 'evt_thin', object: 'v2.core.event', type: 'v1.x' });
    expect(await deliver(body, signed(body))).toEqual({ status: 200, body: { code: 'ignored' } });
    expect(await stored('evt_thin')).toBeUndefined();
  });

  test('with characters in names that the database cannot hold', async () => {
    const customer = customerOf({ name: 'A\u0000da \uD83D Lovelace \uDE00 😀' });
    const event = makeEvent({ type: 'customer.updated', data: { object: customer } });
    const body = JSON.stringify(event);
    expect((await deliver(body, signed(body))).status).toBe(200);
    expect(await applied(event.id)).toMatchObject({ error: null });
    expect((await rowOf(customer.id))?.name).toBe('A\uFFFDda \uFFFD Lovelace \uFFFD 😀');
    const name = async () =>
      (
        await sql<{ name: string }>`
          select p.name from people p join person_keys k using (person_id)
           where k.customer = ${customer.id}`.execute(product.ctx.db)
      ).rows[0]?.name;
    expect(await eventually(name, (now) => now?.startsWith('A') === true)).toBe(
      'A\uFFFDda \uFFFD Lovelace \uFFFD 😀',
    );
  });

  test('called by any type of content, or none', async () => {
    for (const type of ['text/plain', 'application/octet-stream', 'application/xml']) {
      const body = JSON.stringify(makeEvent());
      expect((await deliver(body, signed(body), { 'content-type': type })).status).toBe(200);
    }
  });
});

describe('a delivery beyond all bounds is refused with a sentence', () => {
  const body = JSON.stringify(makeEvent({ filler: 'x'.repeat(6 * MB) }));

  test.each(['announced', 'unannounced'])('its length %s', async (how) => {
    const send = async (): Promise<Answer | null> => {
      const plain = new TransformStream<Uint8Array, Uint8Array>();
      const sent = how === 'announced' ? body : new Blob([body]).stream().pipeThrough(plain);
      // The answer comes before all is sent, and may be missed when the connection then closes.
      return await deliver(sent, signed(body)).catch(() => null);
    };
    const answer = await eventually(send, (one) => one !== null);
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
    expect(answer!.body.message).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('and the next one is taken as ever', async () => {
    const event = makeEvent();
    const next = JSON.stringify(event);
    expect((await deliver(next, signed(next))).status).toBe(200);
    expect(await applied(event.id)).toMatchObject({ error: null });
  });
});
