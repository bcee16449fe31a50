import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deleteObjects, saveObjects } from '../objects/index.ts';
import type { Json, Resource } from '../objects/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import {
  countPeople,
  findPeopleByCustomers,
  getPerson,
  holdPeople,
  listPeople,
  markPeople,
  refreshState,
  resolveCustomers,
  saveMrr,
  takeMarks,
} from './index.ts';
import type { Customer } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(async () => await ctx.close());
// Emptying 16 partitions row by row is quicker than truncating them.
const TABLES = [
  ...[
    'people',
    'person_keys',
    'person_state',
    'person_marks',
    'stripe.customers',
    'stripe.charges',
  ],
  ...['stripe.subscriptions', 'stripe.subscription_items', 'stripe.invoices', 'stripe.products'],
];
beforeEach(async () => {
  for (const table of TABLES) await sql`delete from ${sql.table(table)}`.execute(ctx.db);
});

const SOURCE = 1;
const seconds = (iso: string): number => Date.parse(iso) / 1000;

async function resolve(...customers: Customer[]) {
  return await inTransaction(ctx, async (tx) => await resolveCustomers(tx, SOURCE, customers));
}

async function save(resource: Resource, ...objects: Json[]): Promise<void> {
  const version = { at: ctx.clock.now(), kind: 'fetch' as const };
  await inTransaction(ctx, async (tx) => {
    await saveObjects(tx, { source_id: SOURCE, resource, objects, version });
  });
}

const customerObject = (id: string, more: Json = {}): Json => ({
  id,
  object: 'customer',
  created: seconds('2026-01-01T00:00:00Z'),
  email: null,
  name: null,
  delinquent: false,
  ...more,
});

const chargeObject = (id: string, customer: string, amount: number, more: Json = {}): Json => ({
  id,
  object: 'charge',
  customer,
  created: seconds('2026-02-01T00:00:00Z'),
  amount,
  amount_refunded: 0,
  currency: 'usd',
  status: 'succeeded',
  ...more,
});

const subscriptionObject = (id: string, customer: string, more: Json = {}): Json => ({
  id,
  object: 'subscription',
  customer,
  created: seconds('2026-01-02T00:00:00Z'),
  start_date: seconds('2026-01-02T00:00:00Z'),
  status: 'active',
  currency: 'usd',
  cancel_at_period_end: false,
  cancel_at: null,
  items: {
    object: 'list',
    has_more: false,
    data: [
      {
        id: `si_${id}`,
        object: 'subscription_item',
        created: seconds('2026-01-02T00:00:00Z'),
        subscription: id,
        quantity: 3,
        current_period_end: seconds('2026-04-02T00:00:00Z'),
        price: {
          id: 'price_team',
          product: 'prod_team',
          unit_amount: 1000,
          currency: 'usd',
          recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
        },
      },
    ],
  },
  ...more,
});

describe('resolving customers', () => {
  test('makes a person with a state, and finds them again', async () => {
    const first = await resolve({
      id: 'cus_a',
      email: 'Ada@Example.com',
      name: 'Ada',
      country: 'GB',
    });
    const [person_id] = first.created;
    expect(first.person_by_customer).toEqual(new Map([['cus_a', person_id]]));
    const again = await resolve({ id: 'cus_a' });
    expect(again).toEqual({
      person_by_customer: first.person_by_customer,
      created: [],
      merges: [],
    });
    expect(await findPeopleByCustomers(ctx, SOURCE, ['cus_a', 'cus_x'])).toEqual(
      first.person_by_customer,
    );
    const { person, state } = await getPerson(ctx, person_id!);
    expect(person).toMatchObject({ email: 'Ada@Example.com', name: 'Ada', country: 'GB' });
    expect(state.subscription_status).toBe('none');
  });

  test('keeps customers of two sources apart, unless their address is one', async () => {
    await resolve({ id: 'cus_same', email: null });
    const other = await inTransaction(
      ctx,
      async (tx) => await resolveCustomers(tx, 2, [{ id: 'cus_same' }]),
    );
    expect(other.created).toHaveLength(1);
    expect(await countPeople(ctx)).toBe(2);
    expect(await countPeople(ctx, { source_id: 2 })).toBe(1);
  });

  test('merges into the older person, marks both, and leads from the former to the latter', async () => {
    const { created: older } = await resolve({ id: 'cus_a' });
    const { created: younger } = await resolve({ id: 'cus_b', email: 'x@example.com' });
    const { merges, person_by_customer } = await resolve({ id: 'cus_a', email: 'x@example.com' });
    expect(merges).toEqual([{ from: younger[0], into: older[0] }]);
    expect(person_by_customer.get('cus_a')).toBe(older[0]);
    const profile = await getPerson(ctx, younger[0]!);
    expect(profile.person.person_id).toBe(older[0]);
    expect(profile.customers.map((one) => one.customer).toSorted()).toEqual(['cus_a', 'cus_b']);
    expect(await countPeople(ctx)).toBe(1);
    expect((await listPeople(ctx)).total).toBe(1);
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 10))).toEqual(
      [older[0], younger[0]].toSorted(),
    );
  });

  test('a chain of merges leads to the last', async () => {
    const { created: one } = await resolve({ id: 'cus_1' });
    const { created: two } = await resolve({ id: 'cus_2' });
    const { created: three } = await resolve({ id: 'cus_3', email: 'x@example.com' });
    await resolve({ id: 'cus_2', email: 'x@example.com' });
    await resolve({ id: 'cus_1', email: 'x@example.com' });
    const now = await inTransaction(
      ctx,
      async (tx) => await holdPeople(tx, [one[0]!, two[0]!, three[0]!]),
    );
    expect([...now.values()]).toEqual([one[0], one[0], one[0]]);
  });

  test('many transactions with the same customers at once agree', async () => {
    const names = Array.from({ length: 40 }, (_, n) => n);
    // Each page has every customer in an order of its own, half of them by id only.
    const pages = Array.from({ length: 10 }, (_, page) =>
      names
        .toSorted((a, b) => ((a * 7 + page * 13) % 41) - ((b * 7 + page * 13) % 41))
        .map((n) => ({
          id: `cus_${n}`,
          email: (n + page) % 2 ? `p${n % 15}@example.com` : null,
        })),
    );
    const results = await Promise.all(pages.map(async (page) => await resolve(...page)));
    const created = results.flatMap((result) => result.created);
    const gone = new Set(results.flatMap((result) => result.merges.map((merge) => merge.from)));
    expect(created.length - gone.size).toBe(15);
    expect(await countPeople(ctx)).toBe(15);
    const people = await findPeopleByCustomers(
      ctx,
      SOURCE,
      names.map((n) => `cus_${n}`),
    );
    for (const n of names) expect(people.get(`cus_${n}`)).toBe(people.get(`cus_${n % 15}`));
    const { rows } = await sql`
      select 1 from person_keys k left join people p using (person_id)
       where p.person_id is null or p.merged_into is not null`.execute(ctx.db);
    expect(rows).toEqual([]);
  });

  test('a person in use is not merged until that transaction ends', async () => {
    const { created: older } = await resolve({ id: 'cus_a', email: 'x@example.com' });
    const { created: younger } = await resolve({ id: 'cus_b' });
    const order: string[] = [];
    let merge: Promise<unknown> = Promise.resolve();
    await inTransaction(ctx, async (tx) => {
      const held = await resolveCustomers(tx, SOURCE, [{ id: 'cus_b' }]);
      expect(held.person_by_customer.get('cus_b')).toBe(younger[0]);
      merge = resolve({ id: 'cus_b', email: 'x@example.com' }).then(() => order.push('merged'));
      await new Promise((done) => setTimeout(done, 200));
      order.push('used');
    });
    await merge;
    expect(order).toEqual(['used', 'merged']);
    expect((await resolve({ id: 'cus_b' })).person_by_customer.get('cus_b')).toBe(older[0]);
  });
});

describe('marks', () => {
  test('whoever waits already is not marked twice', async () => {
    await inTransaction(ctx, async (tx) => await markPeople(tx, [5, 6, 5]));
    await inTransaction(ctx, async (tx) => await markPeople(tx, [6, 7]));
    const { rows } = await sql<{ person_id: number }>`select person_id from person_marks`.execute(
      ctx.db,
    );
    expect(rows.map((row) => row.person_id).toSorted()).toEqual([5, 6, 7]);
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 2))).toHaveLength(2);
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 2))).toHaveLength(1);
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 2))).toEqual([]);
  });

  test('a change behind a mark that a worker already holds gets a mark of its own', async () => {
    await inTransaction(ctx, async (tx) => await markPeople(tx, [9]));
    await inTransaction(ctx, async (tx) => {
      expect(await takeMarks(tx, 10)).toEqual([9]);
      await inTransaction(ctx, async (other) => await markPeople(other, [9]));
    });
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 10))).toEqual([9]);
  });

  test('a waiting mark is not taken before the change that relies on it is committed', async () => {
    await inTransaction(ctx, async (tx) => await markPeople(tx, [9]));
    await inTransaction(ctx, async (tx) => {
      await markPeople(tx, [9]);
      expect(await inTransaction(ctx, async (other) => await takeMarks(other, 10))).toEqual([]);
    });
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 10))).toEqual([9]);
  });

  test('marks of a transaction that failed come back', async () => {
    await inTransaction(ctx, async (tx) => await markPeople(tx, [9]));
    const failing = inTransaction(ctx, async (tx) => {
      await takeMarks(tx, 10);
      throw new Error('power cut');
    });
    await expect(failing).rejects.toThrow('power cut');
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 10))).toEqual([9]);
  });
});

describe('state', () => {
  async function personOf(customer: string): Promise<number> {
    return (await resolve({ id: customer })).person_by_customer.get(customer)!;
  }
  async function refresh(...ids: number[]): Promise<void> {
    await inTransaction(ctx, async (tx) => await refreshState(tx, ids));
  }

  test('adds up subscriptions, payments and debts of all customers', async () => {
    await save(
      'customers',
      customerObject('cus_a', {
        email: 'x@example.com',
        name: 'Old name',
        created: seconds('2025-01-01T00:00:00Z'),
      }),
      customerObject('cus_b', {
        email: 'x@example.com',
        name: 'New name',
        address: { country: 'DE' },
      }),
    );
    const { person_by_customer } = await resolve(
      { id: 'cus_a', email: 'x@example.com' },
      { id: 'cus_b', email: 'x@example.com' },
    );
    const person_id = person_by_customer.get('cus_a')!;
    await save(
      'subscriptions',
      subscriptionObject('sub_past', 'cus_a', { status: 'past_due', cancel_at_period_end: true }),
      subscriptionObject('sub_trial', 'cus_b', {
        status: 'trialing',
        trial_start: seconds('2026-02-25T00:00:00Z'),
        trial_end: seconds('2026-03-11T00:00:00Z'),
      }),
      subscriptionObject('sub_expired', 'cus_b', { status: 'incomplete_expired' }),
    );
    await save(
      'charges',
      chargeObject('ch_1', 'cus_a', 5000, {
        amount_refunded: 1000,
        created: seconds('2025-02-01T00:00:00Z'),
      }),
      chargeObject('ch_2', 'cus_b', 3000),
      chargeObject('ch_3', 'cus_b', 9000, { status: 'failed' }),
      chargeObject('ch_4', 'cus_a', 700, {
        currency: 'eur',
        created: seconds('2025-03-01T00:00:00Z'),
      }),
    );
    await save('invoices', {
      id: 'in_open',
      object: 'invoice',
      customer: 'cus_a',
      created: seconds('2026-02-20T00:00:00Z'),
      status: 'open',
      currency: 'usd',
      total: 3000,
      amount_due: 3000,
      amount_paid: 0,
    });
    await refresh(person_id);
    const { person, state } = await getPerson(ctx, person_id);
    expect(person).toMatchObject({
      name: 'New name',
      country: 'DE',
      created_at: new Date('2025-01-01T00:00:00Z'),
    });
    expect(state).toEqual({
      subscription_status: 'trialing',
      plan: null,
      currency: 'usd',
      mrr_minor: 0,
      lifetime_paid_minor: 7000,
      active_subscriptions: 0,
      trialing_subscriptions: 1,
      trial_ends_at: new Date('2026-03-11T00:00:00Z'),
      renews_at: new Date('2026-04-02T00:00:00Z'),
      first_paid_at: new Date('2025-02-01T00:00:00Z'),
      last_paid_at: new Date('2026-02-01T00:00:00Z'),
      delinquent_since_at: new Date('2026-02-20T00:00:00Z'),
    });
  });

  test('MRR is written apart and survives; the lifetime amount follows its currency', async () => {
    const person_id = await personOf('cus_a');
    await save(
      'charges',
      chargeObject('ch_1', 'cus_a', 5000),
      chargeObject('ch_2', 'cus_a', 800, {
        currency: 'eur',
        created: seconds('2025-01-01T00:00:00Z'),
      }),
    );
    await refresh(person_id);
    expect((await getPerson(ctx, person_id)).state).toMatchObject({
      currency: 'usd',
      lifetime_paid_minor: 5000,
    });
    await inTransaction(
      ctx,
      async (tx) =>
        await saveMrr(tx, [{ person_id, mrr_minor: 1234.5, currency: 'eur', plan: 'Team' }]),
    );
    const expected = { mrr_minor: 1235, currency: 'eur', plan: 'Team', lifetime_paid_minor: 800 };
    expect((await getPerson(ctx, person_id)).state).toMatchObject(expected);
    await refresh(person_id);
    expect((await getPerson(ctx, person_id)).state).toMatchObject(expected);
    await inTransaction(
      ctx,
      async (tx) => await saveMrr(tx, [{ person_id, mrr_minor: 0, currency: null, plan: null }]),
    );
    expect((await getPerson(ctx, person_id)).state).toMatchObject({
      mrr_minor: 0,
      currency: 'eur',
      plan: null,
    });
  });

  test('a person whose customers are all deleted keeps their name', async () => {
    await save('customers', customerObject('cus_a', { email: 'x@example.com', name: 'Ada' }));
    const person_id = (await resolve({ id: 'cus_a', email: 'x@example.com', name: 'Ada' }))
      .created[0]!;
    await refresh(person_id);
    ctx.clock.advance(1000);
    const version = { at: ctx.clock.now(), kind: 'event' as const };
    await inTransaction(ctx, async (tx) => {
      const objects = [{ id: 'cus_a', object: 'customer', deleted: true }];
      await deleteObjects(tx, { source_id: SOURCE, resource: 'customers', objects, version });
    });
    await refresh(person_id);
    const profile = await getPerson(ctx, person_id);
    expect(profile.person).toMatchObject({ email: 'x@example.com', name: 'Ada' });
    expect(profile.customers[0]!.deleted_at).not.toBeNull();
  });

  test('refreshing somebody who was merged leaves no state behind', async () => {
    const older = await personOf('cus_a');
    const younger = (await resolve({ id: 'cus_b', email: 'x@example.com' })).created[0]!;
    await resolve({ id: 'cus_a', email: 'x@example.com' });
    await refresh(older, younger);
    const { rows } = await sql<{ person_id: number }>`select person_id from person_state`.execute(
      ctx.db,
    );
    expect(rows).toEqual([{ person_id: older }]);
  });
});

describe('profile', () => {
  test('shows customers, subscriptions with their plan and price, and invoices', async () => {
    await save('products', {
      id: 'prod_team',
      object: 'product',
      created: 1,
      name: 'Team',
      active: true,
    });
    await save(
      'customers',
      customerObject('cus_a', { phone: '+44 1', balance: -500, metadata: { tier: 'gold' } }),
    );
    await save('subscriptions', subscriptionObject('sub_1', 'cus_a'));
    const person_id = (await resolve({ id: 'cus_a', email: 'ada@example.com' })).created[0]!;
    const profile = await getPerson(ctx, person_id);
    expect(profile.emails).toEqual(['ada@example.com']);
    expect(profile.customers[0]).toMatchObject({
      customer: 'cus_a',
      phone: '+44 1',
      balance_minor: -500,
      metadata: { tier: 'gold' },
    });
    expect(profile.subscriptions[0]).toMatchObject({
      id: 'sub_1',
      plan: 'Team',
      amount_minor: 3000,
      interval: 'month',
      interval_count: 1,
      quantity: 3,
      renews_at: new Date('2026-04-02T00:00:00Z'),
    });
    expect(profile.invoices).toEqual([]);
  });

  test('says so when there is no such person', async () => {
    await expect(getPerson(ctx, 4711)).rejects.toMatchObject({ code: 'person_not_found' });
  });
});

describe('listing', () => {
  async function people(count: number): Promise<number[]> {
    const { person_by_customer } = await resolve(
      ...Array.from({ length: count }, (_, n) => ({
        id: `cus_list${n}`,
        email: `user${n}@example.com`,
        // Some share a name and a date, so that only the id tells them apart.
        name: n % 3 ? `Name ${n % 4}` : null,
        created_at: new Date(Date.UTC(2026, 0, 1 + (n % 5))),
      })),
    );
    const ids = [...person_by_customer.values()];
    await inTransaction(ctx, async (tx) => {
      await saveMrr(
        tx,
        ids.map((person_id, n) => ({
          person_id,
          mrr_minor: (n % 4) * 100,
          currency: 'usd',
          plan: null,
        })),
      );
    });
    return ids;
  }

  test.each(
    ['created', 'name', 'mrr', 'lifetime', 'status'].flatMap((sort) => [
      { sort, descending: true },
      { sort, descending: false },
    ]),
  )('pages by $sort (descending: $descending) give everybody once, in order', async (order) => {
    const ids = await people(23);
    const whole = await listPeople(ctx, { ...order, limit: 200 });
    const paged: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listPeople>> = await listPeople(ctx, {
        ...order,
        limit: 4,
        cursor,
      });
      expect(page.total).toBe(23);
      paged.push(...page.rows.map((row) => row.person_id));
      cursor = page.next_cursor;
    } while (cursor);
    expect(paged).toEqual(whole.rows.map((row) => row.person_id));
    expect(paged.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
    if (order.sort === 'mrr') {
      const amounts = whole.rows.map((row) => row.mrr_minor);
      expect(amounts).toEqual(amounts.toSorted((a, b) => (order.descending ? b - a : a - b)));
    }
  });

  test('searches words of name and address, and former addresses', async () => {
    await resolve({ id: 'cus_a', email: 'ada.finch@example.com', name: 'Ada Finch' });
    await resolve({ id: 'cus_b', email: 'bob@example.com', name: 'Bob' });
    await save('customers', customerObject('cus_b', { email: 'bob@new.example.com', name: 'Bob' }));
    const bob = (
      await resolve({ id: 'cus_b', email: 'bob@new.example.com' })
    ).person_by_customer.get('cus_b')!;
    await inTransaction(ctx, async (tx) => await refreshState(tx, [bob]));
    const found = async (search: string) =>
      (await listPeople(ctx, { search })).rows.map((row) => row.name);
    expect(await found('finch ADA')).toEqual(['Ada Finch']);
    expect(await found('example.com')).toHaveLength(2);
    expect(await found('bob@example.com')).toEqual(['Bob']);
    expect(await found('100%')).toEqual([]);
    expect(await found('nobody')).toEqual([]);
  });

  test('any id of Stripe finds its person', async () => {
    const person_id = (await resolve({ id: 'cus_abcdefgh' })).created[0]!;
    await resolve({ id: 'cus_zzzzzzzz' });
    await save('subscriptions', subscriptionObject('sub_abcdefgh', 'cus_abcdefgh'));
    await save('charges', chargeObject('ch_abcdefgh', 'cus_abcdefgh', 1));
    await save('invoices', {
      id: 'in_abcdefgh',
      object: 'invoice',
      customer: 'cus_abcdefgh',
      created: 1,
      status: 'draft',
      amount_due: 0,
    });
    for (const search of [
      'cus_abcdefgh',
      ' sub_abcdefgh ',
      'ch_abcdefgh',
      'in_abcdefgh',
      'si_sub_abcdefgh',
    ])
      expect((await listPeople(ctx, { search })).rows.map((row) => row.person_id)).toEqual([
        person_id,
      ]);
    expect((await listPeople(ctx, { search: 'sub_nobodyhasit' })).total).toBe(0);
    expect((await listPeople(ctx, { search: 'sub_abcdefgh', person_ids: [999] })).total).toBe(0);
  });

  test('filters by status and by people', async () => {
    const ids = await people(6);
    expect((await listPeople(ctx, { person_ids: ids.slice(0, 2) })).total).toBe(2);
    expect((await listPeople(ctx, { status: 'none' })).total).toBe(6);
    expect((await listPeople(ctx, { status: 'active' })).total).toBe(0);
  });

  test('refuses a sort it does not know and a cursor of another list', async () => {
    await people(6);
    await expect(listPeople(ctx, { sort: 'shoe_size' })).rejects.toMatchObject({
      code: 'bad_sort',
    });
    const { next_cursor } = await listPeople(ctx, { limit: 2 });
    await expect(listPeople(ctx, { sort: 'mrr', cursor: next_cursor })).rejects.toMatchObject({
      code: 'bad_cursor',
    });
    await expect(listPeople(ctx, { cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'bad_cursor',
    });
  });
});
