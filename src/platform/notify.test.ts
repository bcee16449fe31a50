import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { inTransaction, notify, openBus, sql } from './index.ts';
import type { Notice } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => await ctx.close());

const soon = () => new Promise((resolve) => setTimeout(resolve, 150));

test('a notice arrives when its transaction commits; what is no notice is passed over', async () => {
  const bus = await openBus(ctx.database_url, ctx.log);
  const heard: Notice[] = [];
  bus.subscribe((notice) => heard.push(notice));
  for (const payload of ['not json', 'null', '7', '{"topic": 7}', '']) {
    await sql`select pg_notify('headwater', ${payload})`.execute(ctx.db);
  }
  await inTransaction(ctx, async (tx) => {
    await notify(tx, { topic: 'people' });
    await soon();
    expect(heard).toEqual([]);
  });
  await soon();
  expect(heard).toEqual([{ topic: 'people' }]);
  await bus.close();
});

test('listens again after its connection was cut, once', async () => {
  const bus = await openBus(ctx.database_url, ctx.log);
  const heard: Notice[] = [];
  bus.subscribe((notice) => heard.push(notice));
  const listeners = sql<{ n: number }>`
    select count(*)::int n from pg_stat_activity where datname = current_database() and query = 'listen headwater'`;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query = 'listen headwater'`.execute(ctx.db);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await listeners.execute(ctx.db)).rows[0]?.n).toBe(1);
  await notify(ctx, { topic: 'people' });
  await soon();
  expect(heard).toEqual([{ topic: 'people' }]);
  await bus.close();
});
