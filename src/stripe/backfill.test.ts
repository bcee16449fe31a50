import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { planRanges } from './backfill/lists.ts';
import { connect, listAccount, listKept, openAccount, syncAll } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { continueSyncs, getSource, getSyncProgress, replaceKey, resumeSource } from './index.ts';

let account: Account;
afterEach(async () => await account.close());

/** Everything that follows from the objects: the activities, without who and when recorded. */
async function listActivities(ctx: Context): Promise<unknown[]> {
  const { rows } = await sql`
    select a.id, a.type, a.occurred_at, a.amount_minor, a.currency, p.attributes
      from activities a join activity_payloads p on p.person_id = a.person_id and p.id = a.id
     order by a.id`.execute(ctx.db);
  return rows;
}

async function expectWhole(
  source_id: number,
  listed?: Awaited<ReturnType<typeof listAccount>>,
): Promise<void> {
  const kept = await listKept(account.ctx, source_id);
  const there = listed ?? (await listAccount(account.simulator));
  for (const [resource, objects] of Object.entries(there)) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

const rangesOf = async (ctx: Context) =>
  (
    await sql<{ resource: string; pages: number; done: boolean }>`
      select resource, pages, done_at is not null as done from sync_ranges`.execute(ctx.db)
  ).rows;

describe('the first sync', () => {
  test('keeps every object of the account, whole, with its people and activities', async () => {
    account = await openAccount({ customers: 100, months: 14 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    expect(source.state).toBe('syncing');
    await syncAll(ctx, source.id);
    await expectWhole(source.id);
    expect((await getSource(ctx, source.id)).state).toBe('live');
    const progress = await getSyncProgress(ctx, source.id);
    const main = progress.resources.filter((row) => row.lane === 'main');
    expect(main.map((row) => row.state)).toEqual(main.map(() => 'done'));
    expect(progress.resources.find((row) => row.resource === 'customers')?.done).toBe(
      Object.keys((await listAccount(simulator)).customers!).length,
    );
    const { rows } = await sql<{ owned: number; customers: number }>`
      select (select count(*) from person_keys where kind = 'customer') owned,
             (select count(*) from stripe.customers) customers`.execute(ctx.db);
    expect(rows[0]!.owned).toBe(rows[0]!.customers);
    expect((await listActivities(ctx)).length).toBeGreaterThan(300);
    const events = await sql<{ n: number }>`select count(*) n from stripe.events`.execute(ctx.db);
    expect(events.rows[0]!.n).toBeGreaterThan(50);
  });

  test('follows lists inside of objects to their end', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const { world } = simulator;
    const product = world.createProduct({ name: 'Seats' });
    const items = Array.from({ length: 14 }, (_, index) => ({
      price: world.createPrice({ product: product.id, unit_amount: 100 + index, interval: 'month' })
        .id,
      quantity: 1,
    }));
    const customer = world.createCustomer({ email: 'many@example.com' });
    for (let index = 0; index < 130; index += 1) {
      world.createOneOffInvoiceItem({ customer: customer.id, amount: 50 + index });
    }
    world.subscribe({ customer: customer.id, items });
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await expectWhole(source.id);
    const kept = await listKept(ctx, source.id);
    expect(Object.keys(kept.subscription_items!)).toHaveLength(14);
    expect(Object.keys(kept.invoice_line_items!).length).toBeGreaterThanOrEqual(144);
  });

  test('reads long lists with several readers, and asks for little more than there is', async () => {
    account = await openAccount({
      bulk: { customers: 700, invoices: 1800 },
      latency_ms: 100,
      months: 24,
      mode: 'live',
    });
    const { ctx, simulator } = account;
    const source = await connect(account);
    const before = simulator.requests.length;
    await syncAll(ctx, source.id);
    // More than were planned: long ones were cut in two on the way.
    expect((await rangesOf(ctx)).length).toBeGreaterThan(planRanges(ctx.clock.now()).length);
    const requests = simulator.requests.length - before;
    const there = await listAccount(simulator);
    const pages = Object.entries(there)
      .filter(([resource]) => !['subscription_items', 'invoice_line_items'].includes(resource))
      .reduce((sum, [, objects]) => sum + Math.ceil(Object.keys(objects).length / 100), 0);
    expect(requests).toBeLessThan(pages * 1.5);
    await expectWhole(source.id, there);
  });
});

describe('what may go wrong on the way', () => {
  test('stopped and continued, again and again, it is equal to one that was not', async () => {
    account = await openAccount({ customers: 60, months: 12, latency_ms: 5 });
    const { ctx } = account;
    const source = await connect(account);
    let stops = 0;
    for (;;) {
      const stop = AbortSignal.timeout(60);
      await continueSyncs(ctx, stop);
      if ((await getSyncProgress(ctx, source.id)).state === 'complete') break;
      stops += 1;
      expect(stops).toBeLessThan(100);
    }
    expect(stops).toBeGreaterThan(1);
    await expectWhole(source.id);
    await compareWithUndisturbed();
  });

  test('kill -9 at any moment loses nothing and doubles nothing', async () => {
    account = await openAccount({ customers: 60, months: 12, latency_ms: 20 });
    const { ctx } = account;
    const source = await connect(account);
    const script = path.join(import.meta.dirname, 'fixtures/sync-process.ts');
    const settings = JSON.stringify({ ...ctx.config, database_url: ctx.database_url });
    const done = async () =>
      (await getSyncProgress(ctx, source.id)).resources.reduce((sum, row) => sum + row.done, 0);
    for (let kills = 0; kills < 4; kills += 1) {
      const before = await done();
      const child = spawn(process.execPath, [script, settings], { stdio: 'inherit' });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      while (child.exitCode === null && (await done()) === before) await delay(10);
      await delay(kills * 30);
      child.kill('SIGKILL');
      await gone;
    }
    expect(await done()).toBeGreaterThan(0);
    await syncAll(ctx, source.id);
    await expectWhole(source.id);
    await compareWithUndisturbed();
  });

  async function compareWithUndisturbed(): Promise<void> {
    const activities = await listActivities(account.ctx);
    const { customers, months } = { customers: 60, months: 12 };
    const other = await openAccount({ customers, months });
    try {
      const source = await connect(other);
      await syncAll(other.ctx, source.id);
      expect(activities).toEqual(await listActivities(other.ctx));
    } finally {
      await other.close();
    }
  }

  test('limits, errors, cut answers and broken connections are survived', async () => {
    account = await openAccount({ customers: 60, months: 12 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    simulator.faults.add({ kind: 'rate_limit', reason: 'endpoint-rate', probability: 0.05 });
    simulator.faults.add({ kind: 'rate_limit', reason: 'global-concurrency', next: 2 });
    simulator.faults.add({ kind: 'lock_timeout', probability: 0.05 });
    simulator.faults.add({ kind: 'server_error', probability: 0.1 });
    simulator.faults.add({ kind: 'cut_body', probability: 0.1 });
    simulator.faults.add({ kind: 'disconnect', probability: 0.05 });
    await syncAll(ctx, source.id);
    simulator.faults.clear();
    await expectWhole(source.id);
    const progress = await getSyncProgress(ctx, source.id);
    expect(progress.rate_limited).toBeGreaterThan(0);
    expect(progress.resources.every((row) => row.error === null)).toBe(true);
  });

  test('a list that fails for long shows its error, and the run is not complete', async () => {
    account = await openAccount({ customers: 20, months: 6 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    simulator.faults.add({ kind: 'server_error', path: '/v1/charges' });
    const stop = new AbortController();
    const working = continueSyncs(ctx, stop.signal);
    const charges = async () =>
      (await getSyncProgress(ctx, source.id)).resources.find((row) => row.resource === 'charges')!;
    while (!(await charges()).error) await delay(50);
    expect(await charges()).toMatchObject({ state: 'waiting', error: { code: 'server' } });
    expect((await getSyncProgress(ctx, source.id)).state).toBe('running');
    stop.abort();
    await working;
    simulator.faults.clear();
    await syncAll(ctx, source.id);
    await expectWhole(source.id);
    expect((await charges()).error).toBeNull();
  });

  test('an object deleted under the cursor does not end the list', async () => {
    account = await openAccount({ bulk: { customers: 350 }, months: 6 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    // As if the first page were stored: then the customer its cursor stands on goes.
    const headers = { authorization: `Bearer ${simulator.keys.create()}` };
    const page = await fetch(`${simulator.url}/v1/customers?limit=100`, { headers });
    const { data } = (await page.json()) as { data: { id: string; created: number }[] };
    await sql`update sync_ranges set cursor = ${data.at(-1)!.id} where resource = 'customers'`.execute(
      ctx.db,
    );
    simulator.world.deleteCustomer(data.at(-1)!.id);
    await syncAll(ctx, source.id);
    const kept = await listKept(ctx, source.id);
    expect(Object.keys(kept.customers!)).toHaveLength(349);
  });
});

describe('a key that changes half-way', () => {
  test('revoked: the state says so; another key of the account goes on', async () => {
    account = await openAccount({ customers: 40, months: 6, latency_ms: 10 });
    const { ctx, simulator } = account;
    const key = simulator.keys.create();
    const source = await connect(account, key);
    const working = continueSyncs(ctx, new AbortController().signal);
    await delay(60);
    simulator.keys.revoke(key);
    await working;
    const revoked = await getSource(ctx, source.id);
    expect(revoked.state).toBe('key_revoked');
    expect(revoked.next_step).toContain('new restricted key');
    expect((await getSyncProgress(ctx, source.id)).state).toBe('waiting');
    expect((await replaceKey(ctx, source.id, simulator.keys.create())).state).toBe('syncing');
    await syncAll(ctx, source.id);
    await expectWhole(source.id);
  });

  test('narrowed: the permission is named; once granted it goes on by itself', async () => {
    account = await openAccount({ customers: 40, months: 6, latency_ms: 10 });
    const { ctx, simulator } = account;
    const key = simulator.keys.create();
    const source = await connect(account, key);
    simulator.keys.withdraw(key, 'rak_charge_read');
    await continueSyncs(ctx, new AbortController().signal);
    const narrowed = await getSource(ctx, source.id);
    expect(narrowed.state).toBe('permission_missing');
    expect(narrowed.sentence).toContain('Charges → Read');
    expect((await resumeSource(ctx, source.id)).state).toBe('permission_missing');
    simulator.keys.grant(key, 'rak_charge_read');
    ctx.clock.advance(61_000);
    await syncAll(ctx, source.id);
    expect((await getSource(ctx, source.id)).state).toBe('live');
    await expectWhole(source.id);
  });
});
