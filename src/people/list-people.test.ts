import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import {
  chargeObject,
  customerObject,
  empty,
  resolve,
  save,
  subscriptionObject,
} from './fixtures/account.ts';
import { listPeople, refreshState, saveMrr } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(async () => await ctx.close());
beforeEach(async () => await empty(ctx));

describe('listing', () => {
  async function people(count: number): Promise<number[]> {
    const { person_by_customer } = await resolve(
      ctx,
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
  });

  test('by MRR, the largest come first', async () => {
    await people(9);
    const amounts = (await listPeople(ctx, { sort: 'mrr' })).rows.map((row) => row.mrr_minor);
    expect(amounts).toEqual([300, 300, 200, 200, 100, 100, 0, 0, 0]);
  });

  test('searches words of name and address, and former addresses', async () => {
    await resolve(ctx, { id: 'cus_a', email: 'ada.finch@example.com', name: 'Ada Finch' });
    await resolve(ctx, { id: 'cus_b', email: 'bob@example.com', name: 'Bob' });
    await save(
      ctx,
      'customers',
      customerObject('cus_b', { email: 'bob@new.example.com', name: 'Bob' }),
    );
    const bob = (
      await resolve(ctx, { id: 'cus_b', email: 'bob@new.example.com' })
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
    const person_id = (await resolve(ctx, { id: 'cus_abcdefgh' })).created[0]!;
    await resolve(ctx, { id: 'cus_zzzzzzzz' });
    await save(ctx, 'subscriptions', subscriptionObject('sub_abcdefgh', 'cus_abcdefgh'));
    await save(ctx, 'charges', chargeObject('ch_abcdefgh', 'cus_abcdefgh', 1));
    await save(ctx, 'invoices', {
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
