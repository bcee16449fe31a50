import { afterAll, beforeAll, expect, test } from 'vitest';
import { signPayload } from '../../simulator/index.ts';
import { applyAll, connect, openAccount } from '../stripe/fixtures/account.ts';
import type { Account } from '../stripe/fixtures/account.ts';
import { countEventsInHand, receiveWebhook } from '../stripe/index.ts';
import { afterEvents } from './after-events.ts';

let account: Account;
let webhook_path: string;

beforeAll(async () => {
  account = await openAccount();
  webhook_path = (await connect(account)).webhook.url.split('/').at(-1)!;
});
afterAll(async () => await account.close());

async function deliver(name: string, count: number): Promise<void> {
  const [endpoint] = [...account.simulator.world.state.webhookEndpoints];
  const received_at = new Date();
  const created = Math.floor(received_at.getTime() / 1000);
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const event = {
        id: `evt_${name}_${n}`,
        object: 'event',
        type: 'x.y',
        created,
        livemode: false,
      };
      const body = JSON.stringify({ ...event, data: {} });
      await receiveWebhook(account.ctx, {
        webhook_path,
        raw_body: Buffer.from(body),
        signature: signPayload(body, endpoint!.secret, created),
        received_at,
      });
    }),
  );
}

test('looking again waits until a flood of events is applied, and not when there is none', async () => {
  const order: string[] = [];
  const work = afterEvents(async () => order.push('looked'));
  const { signal } = new AbortController();
  await work(account.ctx, signal);
  expect(order).toEqual(['looked']);
  await deliver('flood', 100);
  const looking = work(account.ctx, signal);
  await new Promise((resolve) => setTimeout(resolve, 150));
  order.push('applied');
  await applyAll(account.ctx);
  await looking;
  expect(order).toEqual(['looked', 'applied', 'looked']);
});

test('a program that stops does not wait for it', async () => {
  await deliver('stop', 100);
  expect(countEventsInHand(account.ctx)).toBe(100);
  const stopping = new AbortController();
  const looking = afterEvents(async () => 0)(account.ctx, stopping.signal);
  stopping.abort();
  await looking;
});
