import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signPayload } from '../../../simulator/index.ts';
import { findObject } from '../../objects/index.ts';
import type { Json } from '../../objects/index.ts';
import { sql } from '../../platform/index.ts';
import { applyAll, connect, openAccount } from '../fixtures/account.ts';
import type { Account } from '../fixtures/account.ts';
import { applyEvents, disconnectSource, receiveWebhook, rotateSecret } from '../index.ts';
import { countInHand, takeFromHand } from './in-hand.ts';

let account: Account;
let source_id: number;
let webhook_path: string;

beforeEach(async () => {
  account = await openAccount();
  const source = await connect(account);
  source_id = source.id;
  webhook_path = source.webhook.url.split('/').at(-1)!;
});
afterEach(async () => await account.close());

const secrets = (): string[] =>
  [...account.simulator.world.state.webhookEndpoints].map((endpoint) => endpoint.secret);

async function send(body: string, secret = secrets()[0]!): Promise<string> {
  const received_at = new Date();
  const { code } = await receiveWebhook(account.ctx, {
    webhook_path,
    raw_body: Buffer.from(body),
    signature: signPayload(body, secret, Math.floor(received_at.getTime() / 1000)),
    received_at,
  });
  return code;
}

const created = Math.floor(new Date('2026-03-01T12:00:05Z').getTime() / 1000);

const customerEvent = (id: string, customer: Json): string =>
  JSON.stringify({
    id,
    object: 'event',
    api_version: '2026-10-28.endive',
    type: 'customer.created',
    created,
    livemode: false,
    data: { object: { object: 'customer', created, ...customer } },
  });

async function kept(id: string): Promise<Json | undefined> {
  const { rows } = await sql<{ raw: Json }>`
    select raw from stripe.events where source_id = ${source_id} and id = ${id}`.execute(
    account.ctx.db,
  );
  return rows[0]?.raw;
}

describe('a batch of deliveries', () => {
  test('each is judged by itself: what is wrong with one touches no other', async () => {
    const fine = customerEvent('evt_fine', { id: 'cus_fine' });
    const codes = await Promise.all([
      send(fine),
      send('no json'),
      send(fine, 'whsec_somebody_else'),
      send(fine),
      send(customerEvent('evt_other', { id: 'cus_other' })),
    ]);
    expect(codes).toEqual(['stored', 'malformed', 'bad_signature', 'duplicate', 'stored']);
    expect(await applyAll(account.ctx)).toBe(2);
  });

  test('what Postgres does not take as it came is kept all the same, and stops no other', async () => {
    const strange = [
      customerEvent('evt_nul', { id: 'cus_nul', name: 'A\u0000B' }),
      customerEvent('evt_half', { id: 'cus_half', name: 'A\ud83dB' }),
      customerEvent('evt_emoji', { id: 'cus_emoji', name: 'A😀' }).replace('😀', '\\ud83d\\ude00'),
      customerEvent('evt_huge', { id: 'cus_huge', balance: 7 }).replace(':7', ':1e400000'),
    ];
    const codes = await Promise.all(
      [customerEvent('evt_fine', { id: 'cus_fine' }), ...strange].map((body) => send(body)),
    );
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'stored'));
    await applyAll(account.ctx);
    const nameOf = async (id: string) =>
      (await findObject(account.ctx, source_id, 'customers', id))?.name;
    expect(await nameOf('cus_nul')).toBe('A\uFFFDB');
    expect(await nameOf('cus_half')).toBe('A\uFFFDB');
    expect(await nameOf('cus_emoji')).toBe('A😀');
    expect(await findObject(account.ctx, source_id, 'customers', 'cus_fine')).not.toBeNull();
  });

  test('the text is kept as it came, spaces aside', async () => {
    const body = JSON.stringify(JSON.parse(customerEvent('evt_text', { id: 'cus_text' })), null, 2);
    await send(body);
    expect(await kept('evt_text')).toEqual(JSON.parse(body));
  });
});

describe('the source as it is now decides', () => {
  test('nothing is taken after a disconnection, not even what is on its way', async () => {
    expect(await send(customerEvent('evt_1', { id: 'cus_1' }))).toBe('stored');
    const [secret] = secrets();
    await disconnectSource(account.ctx, source_id);
    expect(await send(customerEvent('evt_2', { id: 'cus_2' }), secret)).toBe('unknown_source');
    expect(await kept('evt_2')).toBeUndefined();
  });

  test('a new secret counts from the next delivery on', async () => {
    expect(await send(customerEvent('evt_1', { id: 'cus_1' }))).toBe('stored');
    const [old] = secrets();
    await rotateSecret(account.ctx, source_id);
    const fresh = secrets().find((secret) => secret !== old)!;
    expect(await send(customerEvent('evt_2', { id: 'cus_2' }), fresh)).toBe('stored');
  });
});

describe('events in hand', () => {
  test('are applied without being read back, and the row decides when they are gone', async () => {
    await send(customerEvent('evt_1', { id: 'cus_1', name: 'In hand' }));
    await send(customerEvent('evt_2', { id: 'cus_2', name: 'From the row' }));
    expect(countInHand(account.ctx)).toBe(2);
    expect(takeFromHand(account.ctx, source_id, 'evt_2')).toMatchObject({ id: 'evt_2' });
    expect(takeFromHand(account.ctx, source_id, 'evt_2')).toBeUndefined();
    expect(await applyEvents(account.ctx)).toBe(2);
    expect(countInHand(account.ctx)).toBe(0);
    for (const [id, name] of [
      ['cus_1', 'In hand'],
      ['cus_2', 'From the row'],
    ] as const)
      expect(await findObject(account.ctx, source_id, 'customers', id)).toMatchObject({ name });
  });
});
