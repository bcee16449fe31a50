import { afterEach, expect, test } from 'vitest';
import { sql } from '../platform/index.ts';
import { applyAll, connect, openAccount, syncAll } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { careForSources, pollEvents } from './index.ts';

let account: Account;
afterEach(async () => await account.close());
const { signal } = new AbortController();
const HOUR_MS = 3_600_000;

async function pass(hours: number): Promise<void> {
  await account.simulator.advance({ hours });
  account.ctx.clock.advance(hours * HOUR_MS);
}

const TAILS = /^\/v1\/(balance_transactions|checkout\/sessions|invoiceitems|quotes)/;
const countTailReads = (): number =>
  account.simulator.requests.filter(({ path }) => TAILS.test(path)).length;

async function list(table: string, columns: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.raw(columns)} from ${sql.table(`stripe.${table}`)} order by created_at, id`.execute(
    account.ctx.db,
  );
  return rows;
}

test('what Stripe tells no event of arrives by itself, for a few reads, and only when anything happened', async () => {
  account = await openAccount({ customers: 6, months: 2 });
  const { ctx, simulator } = account;
  const { world } = simulator;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  await pollEvents(ctx, signal);
  await careForSources(ctx, signal);
  const before = (await list('balance_transactions', 'id')).length;
  const reads = countTailReads();
  const customer = world.createCustomer({ email: 'new@example.com' });
  world.subscribe({ customer: customer.id, items: [{ price: 'price_team_month' }] });
  const session = world.openCheckoutSession({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: 'price_growth_month', quantity: 1 }],
  } as never);
  await pass(4);
  await applyAll(ctx);
  await careForSources(ctx, signal);
  const there = [...world.state.balanceTransactions];
  expect((await list('balance_transactions', 'id')).length).toBe(there.length);
  expect(there.length).toBeGreaterThan(before);
  expect(await list('checkout_sessions', 'id, status')).toContainEqual({
    id: session.id,
    status: 'open',
  });
  // One read a list, and none for drafts and pending ones before their day.
  expect(countTailReads() - reads).toBeLessThanOrEqual(4);
  await pass(1);
  await careForSources(ctx, signal);
  expect(countTailReads() - reads).toBeLessThanOrEqual(4);
  // Days later the pending money became available, and nobody told.
  await pass(24 * 8);
  await careForSources(ctx, signal);
  const kept = await list('balance_transactions', `id, raw ->> 'status' status`);
  expect(kept.filter((row) => row.status === 'pending')).toEqual(
    [...world.state.balanceTransactions]
      .filter(({ status }) => status === 'pending')
      .map(({ id, status }) => ({ id, status })),
  );
  expect(kept.some((row) => row.status === 'available')).toBe(true);
});

test('an invoice item that changed while it waited is read again within a day', async () => {
  account = await openAccount({ customers: 2, months: 1 });
  const { ctx, simulator } = account;
  const { world } = simulator;
  const customer = world.createCustomer({ email: 'new@example.com' });
  const subscription = world.subscribe({
    customer: customer.id,
    items: [{ price: 'price_starter_month' }],
  });
  await pass(24);
  world.changeSubscription(subscription.id, { price: 'price_team_month' });
  const source = await connect(account);
  await syncAll(ctx, source.id);
  const pending = [...world.state.invoiceItems].filter(({ invoice }) => invoice === null);
  expect(pending.length).toBeGreaterThan(0);
  world.state.invoiceItems.put({ ...pending[0]!, description: 'Changed without a word' });
  await pass(25);
  await careForSources(ctx, signal);
  const kept = await list('invoice_items', `id, raw ->> 'description' description`);
  expect(kept).toContainEqual({ id: pending[0]!.id, description: 'Changed without a word' });
});
