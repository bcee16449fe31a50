import { afterEach, describe, expect, test } from 'vitest';
import { findObject } from '../objects/index.ts';
import { sql } from '../platform/index.ts';
import { applyAll, connect, openAccount, syncAll } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { editSource, getSource } from './index.ts';

let account: Account;
afterEach(async () => await account.close());

describe('customers on a test clock', () => {
  const people = async () =>
    (
      await sql<{ email: string }>`select email from people order by email`.execute(account.ctx.db)
    ).rows.map((row) => row.email);
  const countActivities = async () =>
    (await sql<{ n: number }>`select count(*) as n from activities`.execute(account.ctx.db))
      .rows[0]!.n;

  test('are kept and are nobody, until their owner wants them as people', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const { world } = simulator;
    const clock = world.createTestClock();
    const subscribe = (email: string, on: object) => {
      const customer = world.createCustomer({ email, ...on }).id;
      world.subscribe({ customer, items: [{ price: 'price_team_month' }] });
      return customer;
    };
    subscribe('real@example.com', {});
    const tester = subscribe('tester@example.com', { test_clock: clock.id });
    const source = await connect(account);
    await syncAll(ctx, source.id);
    expect(await people()).toEqual(['real@example.com']);
    const alone = await countActivities();
    expect(await findObject(ctx, source.id, 'customers', tester)).toMatchObject({
      test_clock: clock.id,
    });
    // Nor by what is theirs and comes by event.
    await simulator.advance({ days: 32 });
    ctx.clock.advance(32 * 86_400_000);
    await applyAll(ctx);
    expect(await people()).toEqual(['real@example.com']);
    const { rows } = await sql`select 1 from stripe.charges where customer = ${tester}`.execute(
      ctx.db,
    );
    expect(rows.length).toBeGreaterThan(0);

    await editSource(ctx, source.id, { include_test_clocks: true });
    await syncAll(ctx, source.id);
    expect(await people()).toEqual(['real@example.com', 'tester@example.com']);
    expect(await countActivities()).toBeGreaterThan(2 * alone);
    const told = async (customer: string) =>
      (
        await sql<{ type: number; n: number }>`
          select a.type, count(*) as n from activities a join person_keys k using (person_id)
           where k.customer = ${customer} group by 1 order by 1`.execute(ctx.db)
      ).rows;
    const others = await sql<{ id: string }>`
      select id from stripe.customers where id <> ${tester}`.execute(ctx.db);
    const real = others.rows[0]?.id;
    expect(await told(tester)).toEqual(await told(real!));
  });

  test('a clock that is deleted meanwhile ends nothing', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const clock = simulator.world.createTestClock();
    simulator.world.createCustomer({ email: 'gone@example.com', test_clock: clock.id });
    const source = await connect(account);
    simulator.faults.add({ kind: 'server_error', status: 404, path: '/v1/customers', next: 1 });
    await syncAll(ctx, source.id);
    expect((await getSource(ctx, source.id)).state).toBe('live');
  });
});
