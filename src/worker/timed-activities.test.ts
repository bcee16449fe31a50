import { afterEach, expect, test } from 'vitest';
import { sweepActivityInstants } from '../activities/jobs.ts';
import { tellTimed } from '../activities/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { NOW, applyAll, connect, openAccount, syncAll } from '../stripe/fixtures/account.ts';
import type { Account } from '../stripe/fixtures/account.ts';
import { connectSource, walkPaymentMethods } from '../stripe/index.ts';
import { lookAgainAtAll } from './index.ts';

const DAY_MS = 86_400_000;
const { signal } = new AbortController();

let account: Account;
let copy: TestContext | null = null;
afterEach(async () => {
  await copy?.close();
  copy = null;
  await account.close();
});

const after = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

/** What came by the clock: type, whose, and when, oldest first. */
async function listTimed(ctx: TestContext) {
  const { rows } = await sql<{ name: string; email: string; occurred_at: Date }>`
    select t.name, p.email, a.occurred_at
      from activities a join activity_types t on t.id = a.type join people p using (person_id)
     where t.name in ('trial_ending', 'card_expiring', 'reactivated')
     order by a.occurred_at, t.name, p.email`.execute(ctx.db);
  return rows.map(({ name, email, occurred_at }) => [name, email, occurred_at.toISOString()]);
}

/** How many have something to come within a month; cards last longer. */
async function countWaiting(ctx: TestContext): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) n from activity_instants where due_at < ${after(30)}`.execute(ctx.db);
  return rows[0]!.n;
}

/** The simulator stands still; our clock alone goes on. */
async function onlyTheClock(to: Date): Promise<number> {
  account.ctx.clock.set(to);
  const due = await sweepActivityInstants(account.ctx);
  await lookAgainAtAll(account.ctx);
  return due;
}

/** Time passes for both, and everything Stripe tells is applied. */
async function pass(days: number): Promise<void> {
  const { ctx, simulator } = account;
  await simulator.advance({ days });
  await simulator.settled();
  ctx.clock.set(simulator.world.now());
  await applyAll(ctx);
  await sweepActivityInstants(ctx);
  await lookAgainAtAll(ctx);
}

async function follow(): Promise<number> {
  account = await openAccount();
  const { id } = await connect(account);
  await syncAll(account.ctx, id);
  return id;
}

async function hear(): Promise<void> {
  await account.simulator.settled();
  await applyAll(account.ctx);
  await lookAgainAtAll(account.ctx);
}

test('the end of a trial is told on time when nothing happens but time, and once', async () => {
  await follow();
  const { ctx, simulator } = account;
  const subscribe = (name: string) => {
    const customer = simulator.world.createCustomer({ email: `${name}@example.com` });
    const items = [{ price: 'price_team_month' }];
    return simulator.world.subscribe({ customer: customer.id, items, trial_days: 14 });
  };
  subscribe('stays');
  simulator.world.cancel(subscribe('leaves').id, { at_period_end: true });
  await hear();
  expect(await countWaiting(ctx)).toBe(1);
  expect(await onlyTheClock(new Date(after(11).getTime() - 1000))).toBe(0);
  expect(await listTimed(ctx)).toEqual([]);
  expect(await onlyTheClock(after(11))).toBe(1);
  const told = [['trial_ending', 'stays@example.com', after(11).toISOString()]];
  expect(await listTimed(ctx)).toEqual(told);
  // Once more changes nothing, and nothing waits any longer.
  const { rows } = await sql<{ person_id: number }>`select person_id from people`.execute(ctx.db);
  const ids = rows.map((row) => row.person_id);
  expect(await inTransaction(ctx, async (tx) => await tellTimed(tx, ids))).toBe(0);
  expect(await onlyTheClock(after(12))).toBe(0);
  expect(await listTimed(ctx)).toEqual(told);
  expect(await countWaiting(ctx)).toBe(0);
});

test('who followed and who copies it all later tell the same', async () => {
  await follow();
  const { ctx, simulator } = account;
  const { world } = simulator;
  const person = (name: string, card = {}) =>
    world.createCustomer({ email: `${name}@example.com`, card }).id;
  const items = [{ price: 'price_team_month' }];
  const trial_days = 14;
  world.subscribe({ customer: person('converts'), items, trial_days });
  const early = world.subscribe({ customer: person('early'), items, trial_days });
  const quits = world.subscribe({ customer: person('quits'), items, trial_days });
  const regrets = world.subscribe({ customer: person('regrets'), items, trial_days });
  world.subscribe({ customer: person('old card', { exp_month: 5, exp_year: 2026 }), items });
  const renewed = person('new card', { exp_month: 5, exp_year: 2026 });
  world.subscribe({ customer: renewed, items });
  const back = person('back');
  const first = world.subscribe({ customer: back, items });
  await hear();
  await pass(4.3);
  world.endTrial(early.id);
  world.cancel(quits.id);
  world.cancel(first.id);
  world.attachCard(renewed, { exp_month: 5, exp_year: 2031 });
  await pass(8);
  world.cancel(regrets.id);
  await pass(20);
  world.subscribe({ customer: back, items });
  await pass(40);
  const told = await listTimed(ctx);
  expect(told.map(([name, email]) => `${name} ${email}`)).toEqual([
    'trial_ending converts@example.com',
    'trial_ending regrets@example.com',
    'reactivated back@example.com',
    'card_expiring old card@example.com',
  ]);
  expect(told[0]![2]).toBe(after(11).toISOString());
  expect(told[3]![2]).toBe('2026-05-02T00:00:00.000Z');

  copy = await createTestContext({ now: ctx.clock.now(), config: { ...ctx.config } });
  const connected = await connectSource(copy, { key: simulator.keys.create() });
  if (!connected.ok) throw new Error(connected.sentence);
  await syncAll(copy, connected.source.id);
  for (let round = 0; round < 5; round += 1) await walkPaymentMethods(copy, signal);
  await lookAgainAtAll(copy);
  expect(await listTimed(copy)).toEqual(told);
});

test('while an account is copied, nobody is told to have come back; after it they are', async () => {
  await follow();
  const { ctx, simulator } = account;
  const customer = simulator.world.createCustomer({ email: 'back@example.com', card: {} }).id;
  const items = [{ price: 'price_team_month' }];
  const first = simulator.world.subscribe({ customer, items });
  await pass(3);
  simulator.world.cancel(first.id);
  await pass(3);
  simulator.world.subscribe({ customer, items });
  await simulator.settled();
  await applyAll(ctx);
  const { rows } = await sql<{ person_id: number }>`select person_id from people`.execute(ctx.db);
  const ids = rows.map((row) => row.person_id);
  const tell = async (copying: boolean) =>
    await inTransaction(ctx, async (tx) => await tellTimed(tx, ids, { copying }));
  expect(await tell(true)).toBe(0);
  expect(await countWaiting(ctx)).toBe(1);
  ctx.clock.advance(60_000);
  expect(await sweepActivityInstants(ctx)).toBe(1);
  await lookAgainAtAll(ctx);
  expect(await listTimed(ctx)).toEqual([
    ['reactivated', 'back@example.com', after(6).toISOString()],
  ]);
});

test('of people who merge, what is due follows to whom they became', async () => {
  await follow();
  const { ctx, simulator } = account;
  const customer = simulator.world.createCustomer({ email: 'one@example.com' }).id;
  simulator.world.createCustomer({ email: 'two@example.com' });
  const items = [{ price: 'price_team_month' }];
  simulator.world.subscribe({ customer, items, trial_days: 14 });
  await hear();
  simulator.world.updateCustomer(customer, { email: 'two@example.com' });
  await hear();
  expect(await countWaiting(ctx)).toBe(1);
  await onlyTheClock(after(11));
  expect(await listTimed(ctx)).toEqual([
    ['trial_ending', 'two@example.com', after(11).toISOString()],
  ]);
});
