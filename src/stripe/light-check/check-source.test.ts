import { afterEach, describe, expect, test } from 'vitest';
import { sql } from '../../platform/index.ts';
import type { Json, Sighting } from '../../objects/index.ts';
import {
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from '../fixtures/account.ts';
import type { Account } from '../fixtures/account.ts';
import { careForSources, checkSource, listChecks, pauseSource } from '../index.ts';
import { comparePage } from './compare-page.ts';
import type { KeptRow } from './compare-page.ts';
import { lastDueAt, planCheck, readsFor } from './plan-check.ts';

let account: Account | null = null;
afterEach(async () => {
  await account?.close();
  account = null;
});

async function open(options: Parameters<typeof openAccount>[0]) {
  account = await openAccount(options);
  const source = await connect(account);
  await syncAll(account.ctx, source.id);
  return { ...account, source };
}

async function expectWhole({ ctx, simulator }: Account, source_id: number): Promise<void> {
  const kept = await listKept(ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

describe('comparing with Stripe', () => {
  test('an account that is as it should be has no difference, and the reads keep to the allowance', async () => {
    const { ctx, simulator, source } = await open({ customers: 60, months: 8 });
    const before = simulator.requests.length;
    const check = await checkSource(ctx, source.id);
    expect(check).toMatchObject({ missing: 0, extra: 0, different: 0, repaired: 0 });
    expect(check.sentence).toMatch(
      /^[\d,]+ objects of \d+ lists compared with Stripe: no difference\.$/,
    );
    expect(check.compared).toBeGreaterThan(300);
    expect(check.reads).toBe(simulator.requests.length - before);
    expect(check.reads).toBeLessThanOrEqual(80);
  });

  test('what is missing, different or gone is found, told and repaired', async () => {
    const { ctx, simulator, source } = await open({ customers: 40, months: 3 });
    const customers = [...simulator.world.state.customers].filter(({ deleted }) => !deleted);
    const [lost, changed, copied] = customers.map(({ id }) => id);
    await sql`delete from stripe.customers where id = ${lost}`.execute(ctx.db);
    await sql`
      update stripe.customers set raw = raw || '{"name": "Nobody"}' where id = ${changed}`.execute(
      ctx.db,
    );
    await sql`
      insert into stripe.customers (source_id, id, raw, version_at, version_kind, synced_at)
      select source_id, 'cus_ghost', raw || '{"id": "cus_ghost"}', version_at, version_kind, synced_at
        from stripe.customers where id = ${copied}`.execute(ctx.db);
    const check = await checkSource(ctx, source.id);
    expect(check).toMatchObject({ missing: 1, extra: 1, different: 1, repaired: 3 });
    expect(check.sentence).toContain(
      '1 missing here, 1 with other content, 1 deleted in Stripe. All are put right.',
    );
    await expectWhole(account!, source.id);
    const again = await checkSource(ctx, source.id);
    expect(again).toMatchObject({ missing: 0, extra: 0, different: 0 });
    expect((await listChecks(ctx, source.id, 14)).map(({ id }) => id)).toEqual([
      again.id,
      check.id,
    ]);
  });

  test('what an event tells of is no difference, also when it has not arrived', async () => {
    const { ctx, simulator, source } = await open({ customers: 20, months: 2 });
    simulator.webhook_faults.drop_ratio = 1;
    const [first, second] = [...simulator.world.state.customers].filter(({ deleted }) => !deleted);
    simulator.world.updateCustomer(first!.id, { name: 'Just Renamed' });
    simulator.world.deleteCustomer(second!.id);
    await simulator.advance({ minutes: 30 });
    ctx.clock.advance(1_800_000);
    expect(await checkSource(ctx, source.id)).toMatchObject({ missing: 0, extra: 0, different: 0 });
    await applyAll(ctx);
    await expectWhole(account!, source.id);
  });

  test('a page costs one read also when its invoices have many lines; those are fetched whole to be put right', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const { world } = simulator;
    const prices = Array.from({ length: 14 }, (_, index) => {
      const product = world.createProduct({ name: `Part ${index}` });
      return world.createPrice({ product: product.id, unit_amount: 100, interval: 'month' });
    });
    for (const name of ['ada', 'bob', 'cyd']) {
      const customer = world.createCustomer({ email: `${name}@example.com` });
      world.subscribe({ customer: customer.id, items: prices.map(({ id }) => ({ price: id })) });
    }
    const source = await connect(account);
    await syncAll(ctx, source.id);
    const nested = () =>
      simulator.requests.filter(({ path }) => /\/lines$|subscription_items/.test(path)).length;
    const before = nested();
    expect(before).toBeGreaterThan(0);
    expect(await checkSource(ctx, source.id)).toMatchObject({ missing: 0, different: 0 });
    expect(nested()).toBe(before);
    // Nothing is on its way any more, so nothing explains what differs.
    await applyAll(ctx);
    await sql`update stripe.invoices set raw = raw || '{"number": "wrong"}'`.execute(ctx.db);
    await sql`delete from stripe.invoice_line_items`.execute(ctx.db);
    expect(await checkSource(ctx, source.id)).toMatchObject({ different: 3, repaired: 3 });
    await expectWhole(account, source.id);
  });

  test('every night it is done once by itself', async () => {
    const { ctx, simulator, source } = await open({ customers: 3, months: 1 });
    const { signal } = new AbortController();
    const counts: number[] = [];
    // From noon, every two hours of two days.
    for (let hours = 0; hours < 48; hours += 2) {
      await careForSources(ctx, signal);
      counts.push((await listChecks(ctx, source.id, 14)).length);
      await simulator.advance({ hours: 2 });
      ctx.clock.advance(7_200_000);
    }
    expect(counts.slice(0, 8)).toEqual(Array(8).fill(0));
    expect(counts.slice(9, 20)).toEqual(Array(11).fill(1));
    expect(counts.at(-1)).toBe(2);
  });

  test('it needs an account that is copied and followed', async () => {
    const { ctx, source } = await open({ customers: 1, months: 1 });
    await pauseSource(ctx, source.id);
    await expect(checkSource(ctx, source.id)).rejects.toMatchObject({ code: 'check_not_ready' });
  });

  test('after a month of asking by hand the tenth of the allowance is used up, and it says so', async () => {
    const { ctx, source } = await open({ customers: 1, months: 1 });
    await sql`
      insert into source_checks (source_id, at, reads, compared, missing, extra, different, repaired, sentence)
      values (${source.id}, ${ctx.clock.now()}, 1000000, 0, 0, 0, 0, 0, '')`.execute(ctx.db);
    await expect(checkSource(ctx, source.id)).rejects.toMatchObject({ code: 'check_budget_used' });
    ctx.clock.advance(31 * 86_400_000);
    expect((await checkSource(ctx, source.id)).compared).toBeGreaterThan(0);
  });
});

describe('the plan', () => {
  const lists = (...rows: number[]) =>
    rows.map((n, index) => ({ resource: `list${index}`, rows: n, by_created: true }));

  test('the smallest account spends a thousand reads in thirty days, no more', () => {
    expect(readsFor(10_000, 0)).toBe(33);
    expect(readsFor(10_000, 990)).toBe(10);
    expect(readsFor(10_000, 2_000)).toBe(0);
    expect(readsFor(50_000_000, 0)).toBe(80);
  });

  test('every list has its newest page before windows begin, and short lists need none', () => {
    const plan = planCheck(lists(10, 5_000, 90, 1_000_000), 20, Math.random);
    expect(plan.newest.toSorted()).toEqual(['list0', 'list1', 'list2', 'list3']);
    expect(plan.fetches).toBe(5);
    expect(plan.windows).toHaveLength(11);
    expect(new Set(plan.windows).has('list0')).toBe(false);
    expect(planCheck(lists(1, 2, 3, 4), 3, Math.random)).toMatchObject({ windows: [], fetches: 0 });
  });

  test('it is due once a night, between three and five by the account’s own clock', () => {
    for (const time_zone of ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland']) {
      const source = { id: 1, account_id: 'acct_1', time_zone };
      const due = lastDueAt(source, new Date('2026-07-10T12:34:56Z'));
      expect(lastDueAt(source, new Date(due.getTime() + 86_399_000))).toEqual(due);
      expect(lastDueAt(source, new Date(due.getTime() - 1)).getTime()).toBe(
        due.getTime() - 86_400_000,
      );
      const hour = Number(
        new Intl.DateTimeFormat('en', {
          timeZone: time_zone,
          hour: 'numeric',
          hourCycle: 'h23',
        }).format(due),
      );
      expect([3, 4]).toContain(hour);
    }
    const spread = ['acct_a', 'acct_b', 'acct_c'].map((account_id) =>
      lastDueAt(
        { id: 1, account_id, time_zone: 'UTC' },
        new Date('2026-07-10T12:00:00Z'),
      ).getTime(),
    );
    expect(new Set(spread).size).toBe(3);
  });
});

describe('a page', () => {
  const at = new Date('2026-03-01T12:00:00Z');
  const listed = (object: Json): Sighting => ({ object, version_at: at, kind: 'fetch' });
  const kept = (raw: Json, more: Partial<KeptRow> = {}): KeptRow => ({
    id: String(raw.id),
    raw,
    version_at: new Date('2026-02-01T12:00:00Z'),
    deleted: false,
    ...more,
  });
  const never = () => false;

  test('counters and objects without events are taken over without a word', () => {
    const counted = comparePage(
      'customers',
      [listed({ id: 'a', name: 'A', next_invoice_sequence: 3 })],
      [kept({ id: 'a', name: 'A', next_invoice_sequence: 2 })],
      never,
    );
    expect([counted.quiet.length, counted.different.length]).toEqual([1, 0]);
    const balance = comparePage('balance_transactions', [listed({ id: 't' })], [], never);
    expect([balance.quiet.length, balance.missing.length]).toEqual([1, 0]);
  });

  test('ours being newer, or on a test clock, is no difference', () => {
    const newer = kept({ id: 'a', name: 'B' }, { version_at: new Date(at.getTime() + 5_000) });
    const found = comparePage(
      'customers',
      [listed({ id: 'a', name: 'A' })],
      [newer, kept({ id: 'b', test_clock: 'clock_1' })],
      never,
    );
    expect(found).toMatchObject({ different: [], extra: [], missing: [] });
  });
});
