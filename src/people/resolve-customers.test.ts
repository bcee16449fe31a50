import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction, sql } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { SOURCE, empty, resolve } from './fixtures/account.ts';
import {
  countPeople,
  findPeopleByCustomers,
  getPerson,
  holdPeople,
  listPeople,
  markPeople,
  resolveCustomers,
  takeMarks,
} from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(async () => await ctx.close());
beforeEach(async () => await empty(ctx));

describe('resolving customers', () => {
  test('makes a person with a state, and finds them again', async () => {
    const first = await resolve(ctx, {
      id: 'cus_a',
      email: 'Ada@Example.com',
      name: 'Ada',
      country: 'GB',
    });
    const [person_id] = first.created;
    expect(first.person_by_customer).toEqual(new Map([['cus_a', person_id]]));
    const again = await resolve(ctx, { id: 'cus_a' });
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
    await resolve(ctx, { id: 'cus_same', email: null });
    const other = await inTransaction(
      ctx,
      async (tx) => await resolveCustomers(tx, 2, [{ id: 'cus_same' }]),
    );
    expect(other.created).toHaveLength(1);
    expect(await countPeople(ctx)).toBe(2);
    expect(await countPeople(ctx, { source_id: 2 })).toBe(1);
  });

  test('merges into the older person, marks both, and leads from the former to the latter', async () => {
    const { created: older } = await resolve(ctx, { id: 'cus_a' });
    const { created: younger } = await resolve(ctx, { id: 'cus_b', email: 'x@example.com' });
    const { merges, person_by_customer } = await resolve(ctx, {
      id: 'cus_a',
      email: 'x@example.com',
    });
    expect(merges).toEqual([{ from: younger[0], into: older[0] }]);
    expect(person_by_customer.get('cus_a')).toBe(older[0]);
    const profile = await getPerson(ctx, younger[0]!);
    expect(profile.person.person_id).toBe(older[0]);
    expect(profile.customers.map((one) => one.customer).toSorted()).toEqual(['cus_a', 'cus_b']);
    expect(await countPeople(ctx)).toBe(1);
    expect((await listPeople(ctx)).total).toBe(1);
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 10))).toEqual(
      [older[0]!, younger[0]!].toSorted((a, b) => a - b),
    );
  });

  test('a chain of merges leads to the last', async () => {
    const { created: one } = await resolve(ctx, { id: 'cus_1' });
    const { created: two } = await resolve(ctx, { id: 'cus_2' });
    const { created: three } = await resolve(ctx, { id: 'cus_3', email: 'x@example.com' });
    await resolve(ctx, { id: 'cus_2', email: 'x@example.com' });
    await resolve(ctx, { id: 'cus_1', email: 'x@example.com' });
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
    const results = await Promise.all(pages.map(async (page) => await resolve(ctx, ...page)));
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
    const { created: older } = await resolve(ctx, { id: 'cus_a', email: 'x@example.com' });
    const { created: younger } = await resolve(ctx, { id: 'cus_b' });
    const order: string[] = [];
    let merge: Promise<unknown> = Promise.resolve();
    await inTransaction(ctx, async (tx) => {
      const held = await resolveCustomers(tx, SOURCE, [{ id: 'cus_b' }]);
      expect(held.person_by_customer.get('cus_b')).toBe(younger[0]);
      merge = resolve(ctx, { id: 'cus_b', email: 'x@example.com' }).then(() =>
        order.push('merged'),
      );
      await new Promise((done) => setTimeout(done, 200));
      order.push('used');
    });
    await merge;
    expect(order).toEqual(['used', 'merged']);
    expect((await resolve(ctx, { id: 'cus_b' })).person_by_customer.get('cus_b')).toBe(older[0]);
  });
});

describe('marks', () => {
  test('whoever waits already is not marked twice', async () => {
    await inTransaction(ctx, async (tx) => await markPeople(tx, [5, 6, 5]));
    await inTransaction(ctx, async (tx) => await markPeople(tx, [6, 7]));
    const { rows } = await sql<{ person_id: number }>`select person_id from person_marks`.execute(
      ctx.db,
    );
    expect(rows.map((row) => row.person_id).toSorted((a, b) => a - b)).toEqual([5, 6, 7]);
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
