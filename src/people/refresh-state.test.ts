import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deleteObjects } from '../objects/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import {
  SOURCE,
  chargeObject,
  customerObject,
  empty,
  resolve,
  save,
  subscriptionObject,
} from './fixtures/account.ts';
import { getPerson, refreshState, saveMrr } from './index.ts';

const seconds = (iso: string): number => Date.parse(iso) / 1000;

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(async () => await ctx.close());
beforeEach(async () => await empty(ctx));

describe('state', () => {
  async function personOf(customer: string): Promise<number> {
    return (await resolve(ctx, { id: customer })).person_by_customer.get(customer)!;
  }
  async function refresh(...ids: number[]): Promise<void> {
    await inTransaction(ctx, async (tx) => await refreshState(tx, ids));
  }

  test('adds up subscriptions, payments and debts of all customers', async () => {
    await save(
      ctx,
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
      ctx,
      { id: 'cus_a', email: 'x@example.com' },
      { id: 'cus_b', email: 'x@example.com' },
    );
    const person_id = person_by_customer.get('cus_a')!;
    await save(
      ctx,
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
      ctx,
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
    await save(ctx, 'invoices', {
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
      ctx,
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
    await save(ctx, 'customers', customerObject('cus_a', { email: 'x@example.com', name: 'Ada' }));
    const person_id = (await resolve(ctx, { id: 'cus_a', email: 'x@example.com', name: 'Ada' }))
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
    const younger = (await resolve(ctx, { id: 'cus_b', email: 'x@example.com' })).created[0]!;
    await resolve(ctx, { id: 'cus_a', email: 'x@example.com' });
    await refresh(older, younger);
    const { rows } = await sql<{ person_id: number }>`select person_id from person_state`.execute(
      ctx.db,
    );
    expect(rows).toEqual([{ person_id: older }]);
  });
});

describe('profile', () => {
  test('shows customers, subscriptions with their plan and price, and invoices', async () => {
    await save(ctx, 'products', {
      id: 'prod_team',
      object: 'product',
      created: 1,
      name: 'Team',
      active: true,
    });
    await save(
      ctx,
      'customers',
      customerObject('cus_a', { phone: '+44 1', balance: -500, metadata: { tier: 'gold' } }),
    );
    await save(ctx, 'subscriptions', subscriptionObject('sub_1', 'cus_a'));
    const person_id = (await resolve(ctx, { id: 'cus_a', email: 'ada@example.com' })).created[0]!;
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
