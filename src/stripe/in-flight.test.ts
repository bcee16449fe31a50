import { afterEach, describe, expect, test } from 'vitest';
import {
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { sql } from '../platform/index.ts';
import { applyEvents } from './index.ts';

let account: Account;
afterEach(async () => await account.close());

/** Waits for something that is on its way; the test's own limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function expectWhole(source_id: number): Promise<void> {
  const kept = await listKept(account.ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(account.simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

const nameOf = async (id: string): Promise<string | undefined> =>
  (
    await sql<{ name: string }>`
      select raw ->> 'name' as name from stripe.customers where id = ${id} and deleted_at is null`.execute(
      account.ctx.db,
    )
  ).rows[0]?.name;

/**
 * A sync whose page of a list was made before something happened, and arrives after the event that
 * tells of it; the event is applied before the page, or after it.
 */
async function syncWhile(
  path: string,
  apply: 'event first' | 'page first',
  happen: () => void,
): Promise<number> {
  const { ctx, simulator } = account;
  const source = await connect(account);
  simulator.faults.add({ kind: 'hold', path, next: 1 });
  const syncing = syncAll(ctx, source.id);
  await until(() => simulator.faults.held() === 1);
  // Of one second, nothing but a look at Stripe can tell what came first.
  happen();
  await simulator.settled();
  if (apply === 'event first') await applyAll(ctx);
  simulator.faults.release();
  await syncing;
  await applyAll(ctx);
  return source.id;
}

describe.each(['event first', 'page first'] as const)(
  'a page that was on its way while its object changed, %s',
  (apply) => {
    test.each([0, 90_000])('a customer renamed, %s ms after', async (ms) => {
      account = await openAccount({ customers: 8, months: 3 });
      const { simulator, ctx } = account;
      const [customer] = [...simulator.world.state.customers].filter((one) => !one.deleted);
      const source_id = await syncWhile('/v1/customers', apply, () => {
        simulator.world.state.clock.moveTo(simulator.world.state.now() + ms / 1000);
        ctx.clock.advance(ms);
        simulator.world.updateCustomer(customer!.id, { name: 'Renamed Meanwhile' });
      });
      expect(await nameOf(customer!.id)).toBe('Renamed Meanwhile');
      await expectWhole(source_id);
    });

    test('a customer deleted', async () => {
      account = await openAccount({ customers: 8, months: 3 });
      const { simulator } = account;
      const [customer] = [...simulator.world.state.customers].filter((one) => !one.deleted);
      await syncWhile('/v1/customers', apply, () => simulator.world.deleteCustomer(customer!.id));
      expect(await nameOf(customer!.id)).toBeUndefined();
    });

    test('a subscription moved to another plan, and the invoice paid', async () => {
      account = await openAccount({ customers: 8, months: 3 });
      const { simulator, ctx } = account;
      const active = [...simulator.world.state.subscriptions].find(
        (one) => one.status === 'active' && one.items.length === 1,
      )!;
      const source_id = await syncWhile('/v1/subscriptions', apply, () =>
        simulator.world.changeSubscription(active.id, {
          item: active.items[0]!.id,
          quantity: active.items[0]!.quantity + 3,
          proration: 'always_invoice',
        }),
      );
      await expectWhole(source_id);
      // Told once, at the moment it happened.
      const { rows } = await sql<{ occurred_at: Date }>`
        select occurred_at from activities join activity_payloads using (person_id, id)
         where object_id = ${active.id}
           and type = (select id from activity_types where name = 'subscription_change')`.execute(
        ctx.db,
      );
      expect(rows).toEqual([{ occurred_at: simulator.world.now() }]);
    });
  },
);

test('an object fetched because of a tie changes again while it is on its way', async () => {
  account = await openAccount({ customers: 3, months: 2 });
  const { ctx, simulator } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  const { world } = simulator;
  const [customer] = [...world.state.customers].filter((one) => !one.deleted);
  // Two updates of one second, of which the second says the same as the first did before: no order can be read from them.
  await simulator.advance({ minutes: 5 });
  world.updateCustomer(customer!.id, { name: 'A' });
  world.updateCustomer(customer!.id, { name: 'B' });
  world.updateCustomer(customer!.id, { name: 'A' });
  await simulator.settled();
  simulator.faults.add({ kind: 'hold', path: `/v1/customers/${customer!.id}`, next: 1 });
  const applying = applyEvents(ctx);
  await until(() => simulator.faults.held() === 1);
  await simulator.advance({ minutes: 1 });
  world.updateCustomer(customer!.id, { name: 'C' });
  await simulator.settled();
  simulator.faults.release();
  await applying;
  await applyAll(ctx);
  expect(await nameOf(customer!.id)).toBe('C');
});
