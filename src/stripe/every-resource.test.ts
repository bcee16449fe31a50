import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { READ_ONLY_GRANTS } from '../../simulator/http/keys.ts';
import { findObject, recordEvents } from '../objects/index.ts';
import type { Json, Resource } from '../objects/index.ts';
import { sql } from '../platform/index.ts';
import {
  ALL_ROUTES,
  TOLD_ROUTES,
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import {
  checkPermissions,
  copyAgain,
  getSource,
  getSyncProgress,
  recheckPermissions,
  walkPaymentMethods,
} from './index.ts';

let account: Account;
afterEach(async () => await account.close());

/** One of everything that a subscription business has. */
async function makeEverything({ simulator }: Account, has = { payout: true }) {
  const { world } = simulator;
  const customer = world.createCustomer({ email: 'ada@example.com' }).id;
  world.addTaxId(customer, { type: 'eu_vat', value: 'ATU12345678' });
  world.createTaxRate({ display_name: 'VAT', percentage: 20 });
  world.createPromotionCode({ coupon: 'WELCOME20', code: 'HELLO' });
  world.subscribe({ customer, items: [{ price: 'price_team_month' }] });
  world.createOneOffInvoiceItem({ customer, amount: 700 });
  const method = world.attachPaymentMethod(customer, { brand: 'visa' });
  world.createSetupIntent({ customer });
  const session = world.openCheckoutSession({ customer, items: [{ price: 'price_team_month' }] });
  world.createQuote({ customer, items: [{ price: 'price_team_month' }] });
  world.scheduleSubscription({
    customer,
    phases: [{ items: [{ price: 'price_starter_month' }], months: 2 }],
  });
  await simulator.advance({ days: 1 });
  const listed = await listAccount(simulator);
  const charge = Object.values(listed.charges!).find(
    (one) => one.status === 'succeeded' && one.disputed === false,
  )!;
  const invoice = Object.values(listed.invoices!).find((one) => one.status === 'paid')!;
  const dispute = world.openDispute(String(charge.id));
  world.issueCreditNote({ invoice: String(invoice.id), amount: 300, by: 'out_of_band' });
  await simulator.advance({ days: 10 });
  if (has.payout) world.payOut();
  return { customer, method, session, dispute };
}

async function expectWhole(source_id: number, routes = ALL_ROUTES): Promise<void> {
  const kept = await listKept(account.ctx, source_id, routes);
  const there = await listAccount(account.simulator, routes);
  for (const [resource, objects] of Object.entries(there)) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

const idsOf = async (resource: Resource): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(`stripe.${resource}`)} where deleted_at is null order by id
  `.execute(account.ctx.db);
  return rows.map((row) => row.id);
};

const progressOf = async (source_id: number, resource: string) =>
  (await getSyncProgress(account.ctx, source_id)).resources.find(
    (row) => row.resource === resource,
  )!;

async function walk(source_id: number): Promise<void> {
  const { signal } = new AbortController();
  for (let round = 0; round < 50; round += 1) {
    await walkPaymentMethods(account.ctx, signal);
    if ((await progressOf(source_id, 'payment_methods')).state !== 'running') return;
  }
  throw new Error('the walk does not come to an end');
}

describe('every resource', () => {
  test('is kept as Stripe lists it, with what hangs off it, and as its events tell it', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    await makeEverything(account);
    const source = await connect(account);
    await syncAll(ctx, source.id);
    await expectWhole(source.id);
    for (const resource of ['disputes', 'credit_notes', 'quotes', 'checkout_sessions', 'payouts']) {
      expect((await idsOf(resource as Resource)).length, resource).toBeGreaterThan(0);
    }
    const { rows } = await sql<{ customer: string; credit_note: string }>`
      select l.customer, n.customer as owner from stripe.credit_note_line_items l
        join stripe.credit_notes n on n.id = l.credit_note and n.customer = l.customer
    `.execute(ctx.db);
    expect(rows.length).toBeGreaterThan(0);
    expect(await idsOf('tax_ids')).toHaveLength(1);
    const [owner] = await idsOf('customers');
    expect(await findObject(ctx, source.id, 'customers', owner!)).not.toHaveProperty('tax_ids');
    // All of it once more, told by events alone.
    const [old] = await idsOf('tax_ids');
    const { customer, method } = await makeEverything(account, { payout: false });
    simulator.world.removeTaxId(old!);
    await simulator.settled();
    await applyAll(ctx);
    // Stripe flags a disputed charge without an event of the charge; the dispute itself tells it.
    const { charges: _, ...told } = TOLD_ROUTES;
    await expectWhole(source.id, told);
    expect(await idsOf('tax_ids')).toHaveLength(1);
    expect(await idsOf('tax_ids')).not.toContain(old);
    const kept = await findObject(ctx, source.id, 'payment_methods', method.id);
    expect(kept).toMatchObject({ customer });
    simulator.world.detachPaymentMethod(method.id);
    await simulator.settled();
    await applyAll(ctx);
    const freed = await findObject(ctx, source.id, 'payment_methods', method.id);
    expect(freed).toMatchObject({ customer: null });
  });

  test('a tax id removed unheard is found by the next copy', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const customer = simulator.world.createCustomer({ email: 'ada@example.com' }).id;
    const ids = ['ATU12345678', 'ATU87654321'].map(
      (value) => simulator.world.addTaxId(customer, { type: 'eu_vat', value }).id,
    );
    const source = await connect(account);
    await syncAll(ctx, source.id);
    expect(await idsOf('tax_ids')).toEqual(ids.toSorted());
    simulator.world.removeTaxId(ids[0]!);
    // The event is lost; the customer itself has not changed.
    await simulator.settled();
    await sql`delete from stripe.events`.execute(ctx.db);
    ctx.clock.advance(60_000);
    await simulator.advance({ minutes: 1 });
    await copyAgain(ctx, source.id);
    await syncAll(ctx, source.id);
    expect(await idsOf('tax_ids')).toEqual([ids[1]]);
  });
});

const without = (...slugs: string[]) => ({
  grants: READ_ONLY_GRANTS.filter((grant) => !slugs.includes(grant)),
});

describe('what the key may not read', () => {
  test('is skipped with the permission to add, and read by itself once it is granted', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    await makeEverything(account);
    const key = simulator.keys.create(without('rak_dispute_read', 'rak_payout_read'));
    const source = await connect(account, key);
    await syncAll(ctx, source.id);
    expect((await getSource(ctx, source.id)).state).toBe('live');
    expect(await progressOf(source.id, 'disputes')).toMatchObject({
      state: 'skipped',
      missing: { slug: 'rak_dispute_read', label: 'Disputes', access: 'Read' },
      error: null,
    });
    expect((await progressOf(source.id, 'charges')).state).toBe('done');
    expect((await getSyncProgress(ctx, source.id)).usable).toContain('Disputes and Payouts');
    expect(await idsOf('disputes')).toEqual([]);

    simulator.keys.grant(key, 'rak_dispute_read');
    simulator.keys.grant(key, 'rak_payout_read');
    const started = simulator.requests.length;
    // One permission every quarter of an hour, in turn.
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await recheckPermissions(ctx);
      await recheckPermissions(ctx);
      ctx.clock.advance(15 * 60_000);
      if ((await getSource(ctx, source.id)).state === 'syncing') await syncAll(ctx, source.id);
    }
    expect((await progressOf(source.id, 'disputes')).state).toBe('done');
    expect((await progressOf(source.id, 'payouts')).state).toBe('done');
    expect((await idsOf('disputes')).length).toBeGreaterThan(0);
    expect((await getSource(ctx, source.id)).state).toBe('live');
    const paths = simulator.requests.slice(started).map((one) => one.path);
    expect(new Set(paths)).toEqual(new Set(['/v1/disputes', '/v1/payouts']));
  });

  test('lost half-way, only that resource stops', async () => {
    account = await openAccount({ customers: 30, months: 6, latency_ms: 10 });
    const { ctx, simulator } = account;
    const key = simulator.keys.create(without());
    const source = await connect(account, key);
    const working = syncAll(ctx, source.id);
    simulator.keys.withdraw(key, 'rak_balance_transaction_source_read');
    await working;
    expect((await getSource(ctx, source.id)).state).toBe('live');
    expect(await progressOf(source.id, 'balance_transactions')).toMatchObject({
      state: 'skipped',
      missing: { slug: 'rak_balance_transaction_source_read' },
    });
  });

  test('a list that is not there at all is left out and fails nothing', async () => {
    account = await openAccount({ customers: 5, months: 2 });
    const { ctx, simulator } = account;
    simulator.faults.add({ kind: 'server_error', status: 404, path: '/v1/quotes' });
    const source = await connect(account);
    await syncAll(ctx, source.id);
    expect(await progressOf(source.id, 'quotes')).toMatchObject({
      state: 'skipped',
      missing: null,
    });
    expect((await getSource(ctx, source.id)).state).toBe('live');
  });
});

describe('the walk over payment methods', () => {
  test('begins after the lists, goes on after a stop, and holds nothing up', async () => {
    account = await openAccount({ customers: 8, months: 3 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    expect(await walkPaymentMethods(ctx, new AbortController().signal)).toBe(0);
    await syncAll(ctx, source.id);
    expect((await getSource(ctx, source.id)).state).toBe('live');
    const waiting = await progressOf(source.id, 'payment_methods');
    const customers = (await idsOf('customers')).length;
    expect(waiting).toMatchObject({
      state: 'running',
      counts: 'customers',
      done: 0,
      expected: customers,
    });
    const stop = new AbortController();
    const walking = walkPaymentMethods(ctx, stop.signal);
    await delay(400);
    stop.abort();
    await walking;
    const half = await progressOf(source.id, 'payment_methods');
    expect(half.done).toBeLessThan(customers);
    await walk(source.id);
    const asked = simulator.requests.flatMap(
      ({ path }) => /^\/v1\/customers\/([^/]+)\/payment_methods/.exec(path)?.[1] ?? [],
    );
    // The batch that was cut off is asked for once more.
    expect(new Set(asked).size).toBe(customers);
    expect(asked.length).toBeLessThanOrEqual(customers + 3);
    expect((await progressOf(source.id, 'payment_methods')).state).toBe('done');
    const there = [...simulator.world.state.paymentMethods].map((row) => row.id).toSorted();
    expect(await idsOf('payment_methods')).toEqual(there);
  });

  test('uses no more than half of what Stripe allows, and is skipped without its permission', async () => {
    account = await openAccount({ customers: 4, months: 2 });
    const { ctx, simulator } = account;
    const key = simulator.keys.create(without('rak_payment_method_read'));
    const source = await connect(account, key);
    await syncAll(ctx, source.id);
    await walk(source.id);
    expect(await progressOf(source.id, 'payment_methods')).toMatchObject({
      state: 'skipped',
      missing: { label: 'Payment Methods' },
    });
    simulator.keys.grant(key, 'rak_payment_method_read');
    await checkPermissions(ctx, source.id);
    await sql`update sync_runs set requests = 10_000_000 where lane = 'payment_methods'`.execute(
      ctx.db,
    );
    const before = simulator.requests.length;
    expect(await walkPaymentMethods(ctx, new AbortController().signal)).toBe(0);
    expect(simulator.requests.length).toBe(before);
    ctx.clock.advance(31 * 86_400_000);
    await sql`update sync_runs set requests = 0`.execute(ctx.db);
    await walk(source.id);
    expect((await idsOf('payment_methods')).length).toBeGreaterThan(0);
  });
});

describe('an event in an older shape', () => {
  const tell = async (source_id: number, id: string, api_version: string, object: Json) => {
    const created = Math.floor(account.ctx.clock.now().getTime() / 1000) + 5;
    const type = `${String(object.object)}.created`;
    const event = { id, object: 'event', type, created, api_version, data: { object } };
    await recordEvents(account.ctx, { source_id, origin: 'poll', events: [event] });
    await applyAll(account.ctx);
  };

  test('is fetched, and stands for itself where the key may not read the object', async () => {
    account = await openAccount();
    const { ctx, simulator } = account;
    const customer = simulator.world.createCustomer({ email: 'ada@example.com' }).id;
    const key = simulator.keys.create(without('rak_credit_note_read'));
    const source = await connect(account, key);
    await syncAll(ctx, source.id);
    const note = {
      object: 'credit_note',
      id: 'cn_old',
      customer,
      created: 1_772_000_000,
      refund: 're_1',
      total: 500,
      tax_amounts: [{ amount: 20, inclusive: false, tax_rate: 'txr_1' }],
      lines: { object: 'list', data: [], has_more: false },
    };
    await tell(source.id, 'evt_old', '2024-06-20', note);
    const kept = await findObject(ctx, source.id, 'credit_notes', 'cn_old');
    expect(kept).toMatchObject({
      refunds: [{ refund: 're_1' }],
      total_taxes: [{ amount: 20, tax_rate_details: { tax_rate: 'txr_1' } }],
    });
    // The event itself stays as it was sent, and one in an unknown version is all that is kept.
    await tell(source.id, 'evt_unknown', '2019-05-16', { ...note, id: 'cn_unknown' });
    expect(await findObject(ctx, source.id, 'credit_notes', 'cn_unknown')).toBeNull();
    const { rows } = await sql<{ id: string; refund: string; done: boolean }>`
      select id, raw#>>'{data,object,refund}' as refund, processed_at is not null as done
        from stripe.events where id in ('evt_old', 'evt_unknown') order by id`.execute(ctx.db);
    expect(rows).toEqual([
      { id: 'evt_old', refund: 're_1', done: true },
      { id: 'evt_unknown', refund: 're_1', done: true },
    ]);
    expect((await getSource(ctx, source.id)).state).toBe('live');
  });

  test('of a resource that has not changed since is used at once', async () => {
    account = await openAccount();
    const source = await connect(account);
    await syncAll(account.ctx, source.id);
    await tell(source.id, 'evt_coupon', '2024-06-20', {
      object: 'coupon',
      id: 'OLD',
      percent_off: 5,
    });
    expect(await findObject(account.ctx, source.id, 'coupons', 'OLD')).toMatchObject({
      percent_off: 5,
    });
    const paths = account.simulator.requests.map((one) => one.path);
    expect(paths).not.toContain('/v1/coupons/OLD');
  });
});
