import { afterEach, describe, expect, test } from 'vitest';
import { signPayload } from '../../simulator/index.ts';
import { sql, systemClock } from '../platform/index.ts';
import type { FixedClock } from '../platform/index.ts';
import {
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { getSource, pollEvents, receiveWebhook } from './index.ts';

let account: Account;
afterEach(async () => await account.close());

/** Stripe's clock is so many minutes ahead of ours (behind, when negative); both run. */
async function openSkewed(minutes: number): Promise<void> {
  account = await openAccount({
    now: new Date(Date.now() + minutes * 60_000),
    speed: 1,
    clock_skew_s: minutes * 60,
    customers: 6,
    months: 3,
  });
  account.ctx.clock = systemClock() as FixedClock;
}

async function pollNow(): Promise<number> {
  await sql`update sources set next_poll_at = null`.execute(account.ctx.db);
  return await pollEvents(account.ctx, new AbortController().signal);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe.each([-12, -4, 4, 12])('with Stripe’s clock %i minutes from ours', (minutes) => {
  test('what happens while the account is copied, told by no webhook, is found', async () => {
    await openSkewed(minutes);
    const { ctx, simulator } = account;
    const source = await connect(account);
    simulator.webhook_faults.drop_ratio = 1;
    simulator.faults.add({ kind: 'hold', path: '/v1/customers', next: 1 });
    const [customer] = [...simulator.world.state.customers].filter((one) => !one.deleted);
    const syncing = syncAll(ctx, source.id);
    await until(() => simulator.faults.held() === 1);
    // After the page was made, and before the events are listed.
    await simulator.advance({ minutes: 0.1 });
    simulator.world.updateCustomer(customer!.id, { name: 'Renamed Meanwhile' });
    simulator.world.createCustomer({ email: 'new@example.com' });
    simulator.faults.release();
    await syncing;
    await pollNow();
    await applyAll(ctx);
    const kept = await listKept(ctx, source.id);
    for (const [resource, rows] of Object.entries(await listAccount(simulator))) {
      expect({ [resource]: kept[resource] }).toEqual({ [resource]: rows });
    }
  });

  test('deliveries are taken, old ones are not, and the webhook is believed', async () => {
    await openSkewed(minutes);
    const { ctx, simulator, received } = account;
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await pollNow();
    simulator.world.createCustomer({ email: 'told@example.com' });
    await simulator.settled();
    expect(new Set(received)).toEqual(new Set(['stored']));
    // One that is still on its way when events are asked for is not a lost one.
    simulator.webhooks.hold();
    simulator.world.createCustomer({ email: 'late@example.com' });
    expect(await pollNow()).toBe(1);
    expect((await getSource(ctx, source.id)).state).toBe('live');

    const [endpoint] = [...simulator.world.state.webhookEndpoints];
    const body = JSON.stringify({ id: 'evt_old', type: 'x.y', created: 1, livemode: false });
    const stripeNow = Math.floor(Date.now() / 1000) + minutes * 60;
    const { code } = await receiveWebhook(ctx, {
      webhook_path: endpoint!.url.split('/').at(-1)!,
      raw_body: Buffer.from(body),
      signature: signPayload(body, endpoint!.secret, stripeNow - 320),
      received_at: new Date(),
    });
    expect(code).toBe('bad_signature');
  });
});
