import { afterEach, describe, expect, test } from 'vitest';
import { buildAudiences } from '../audiences/jobs.ts';
import { sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { connect, syncAll } from '../stripe/fixtures/account.ts';
import { openTwoAccounts } from '../stripe/fixtures/two-accounts.ts';
import type { TwoAccounts } from '../stripe/fixtures/two-accounts.ts';
import { beginRemoval, connectSource, getSource, listSources } from '../stripe/index.ts';
import { furnishFrom, lookAgainAtAll, removeSource } from './index.ts';
import { continueRemovals } from './remove-source.ts';

let accounts: TwoAccounts;
afterEach(async () => await accounts.close());

/** Two accounts that share one person, everything computed. */
async function open() {
  accounts = await openTwoAccounts(
    { customers: 30, months: 6 },
    {
      customers: 20,
      months: 6,
      seed: 7,
      account: { id: 'acct_other', name: 'Southwind' },
    },
  );
  const { ctx, simulator, other, otherKey } = accounts;
  for (const { world } of [simulator, other]) {
    const customer = world.createCustomer({ email: 'both@example.com', name: 'Bo Both' });
    world.subscribe({ customer: customer.id, items: [{ price: 'price_growth_month' }] });
  }
  const tries = simulator.world.createCustomer({ email: 'tries@example.com' });
  const items = [{ price: 'price_growth_month' }];
  simulator.world.subscribe({ customer: tries.id, items, trial_days: 14 });
  const first = await connect(accounts);
  const second = await connect(accounts, otherKey);
  await furnishFrom(ctx, first);
  for (const { id } of [first, second]) await syncAll(ctx, id);
  await lookAgainAtAll(ctx);
  while ((await buildAudiences(ctx)) > 0);
  return { first, second };
}

const count = async (ctx: Context, from: string): Promise<number> =>
  (await sql<{ n: number }>`select count(*) n from ${sql.raw(from)}`.execute(ctx.db)).rows[0]!.n;

async function mrrNow(ctx: Context): Promise<number> {
  const { rows } = await sql<{ mrr: number }>`
    select coalesce(sum(amount_minor), 0)::float8 as mrr from mrr_days`.execute(ctx.db);
  return rows[0]!.mrr;
}

/** Rows that belong to somebody who is not there. */
async function countStrays(ctx: Context): Promise<Record<string, number>> {
  const tables = [
    'person_keys',
    'person_state',
    'person_marks',
    'activities',
    'activity_payloads',
    'person_activity_totals',
    'activity_instants',
    'mrr_versions',
    'mrr_movements',
    'audience_members',
    'audience_instants',
    'outbox',
    'playbook_runs',
    'consents',
  ];
  const strays: Record<string, number> = {};
  for (const table of tables) {
    const n = await count(
      ctx,
      `${table} t where not exists (select from people p where p.person_id = t.person_id)`,
    );
    if (n > 0) strays[table] = n;
  }
  return strays;
}

/** What the account that stays gave, to compare with afterwards. */
async function standing(ctx: Context, source_id: number) {
  const { rows } = await sql`
    select s.person_id, s.subscription_status, v.mrr
      from person_state s
      join lateral (select sum(mrr_minor) filter (where until_at is null)::float8 mrr
                      from mrr_versions v where v.person_id = s.person_id and v.source_id = ${source_id}) v on true
     where s.person_id in (select person_id from person_keys where source_id = ${source_id})
     order by 1`.execute(ctx.db);
  return rows;
}

describe('removing a source', () => {
  test('keeping nothing: all that came only from it goes, the rest stays exact', async () => {
    const { first, second } = await open();
    const { ctx } = accounts;
    const people = await count(ctx, 'people');
    const of = async (id: number) =>
      await count(ctx, `(select distinct person_id from person_keys where source_id = ${id}) x`);
    const [mine, theirs] = [await of(first.id), await of(second.id)];
    const kept = await standing(ctx, second.id);
    // Somebody who goes waits for the end of a trial.
    expect(await count(ctx, 'activity_instants')).toBeGreaterThan(0);
    const { done, removed } = await removeSource(ctx, first.id, 'nothing');
    expect(done).toBe(true);
    // Bo owns a customer in both.
    expect(removed.people).toBe(mine - 1);
    expect(removed.customers).toBeGreaterThan(30);
    expect(removed.activities).toBeGreaterThan(30);
    await lookAgainAtAll(ctx);
    while ((await buildAudiences(ctx)) > 0);
    expect(await count(ctx, 'people')).toBe(people - (mine - 1));
    expect(await of(second.id)).toBe(theirs);
    expect(await countStrays(ctx)).toEqual({});
    for (const table of ['customers', 'invoices', 'charges', 'subscription_items', 'events']) {
      expect(await count(ctx, `stripe.${table} where source_id = ${first.id}`)).toBe(0);
      expect(await count(ctx, `stripe.${table} where source_id = ${second.id}`)).toBeGreaterThan(0);
    }
    expect(await standing(ctx, second.id)).toEqual(kept);
    expect(await count(ctx, `activity_payloads where source_id = ${first.id}`)).toBe(0);
    const versions = await sql<{ mrr: number }>`
      select sum(mrr_minor)::float8 mrr from mrr_versions where until_at is null`.execute(ctx.db);
    expect(await mrrNow(ctx)).toBeCloseTo(versions.rows[0]!.mrr, 3);
    expect((await listSources(ctx)).map(({ id }) => id)).toEqual([second.id]);
    await expect(getSource(ctx, first.id)).rejects.toMatchObject({ code: 'source_not_found' });
    expect(accounts.simulator.world.state.webhookEndpoints.size).toBe(0);
  }, 60_000);

  test('keeping people: they and what they did stay, and connecting again finds them', async () => {
    const { first, second } = await open();
    const { ctx, simulator } = accounts;
    const [people, activities] = [await count(ctx, 'people'), await count(ctx, 'activities')];
    const digest = async () =>
      (await sql`select person_id, kind, key from person_keys order by 1, 2, 3`.execute(ctx.db))
        .rows;
    const keys = await digest();
    const before = await mrrNow(ctx);
    const { removed } = await removeSource(ctx, first.id, 'people');
    expect(removed.people).toBeUndefined();
    await lookAgainAtAll(ctx);
    expect([await count(ctx, 'people'), await count(ctx, 'activities')]).toEqual([
      people,
      activities,
    ]);
    expect(await count(ctx, `stripe.invoices where source_id = ${first.id}`)).toBe(0);
    expect(await count(ctx, `mrr_versions where source_id = ${first.id}`)).toBe(0);
    expect(await mrrNow(ctx)).toBeLessThan(before);
    expect((await listSources(ctx)).map(({ id }) => id)).toEqual([second.id]);
    const again = await connectSource(ctx, { key: simulator.keys.create() });
    expect(again).toMatchObject({ ok: true, source: { id: first.id, state: 'syncing' } });
    await syncAll(ctx, first.id);
    await lookAgainAtAll(ctx);
    expect(await digest()).toEqual(keys);
    expect([await count(ctx, 'people'), await count(ctx, 'activities')]).toEqual([
      people,
      activities,
    ]);
    expect(await mrrNow(ctx)).toBeCloseTo(before, 3);
  }, 60_000);

  test('keeping everything: only the key, the webhook and the connection go', async () => {
    const { first } = await open();
    const { ctx, simulator } = accounts;
    const tables = ['people', 'activities', 'stripe.invoices', 'stripe.events', 'mrr_versions'];
    const sizes = async () =>
      await Promise.all(tables.map(async (table) => await count(ctx, table)));
    const before = await sizes();
    expect(await removeSource(ctx, first.id, 'everything')).toEqual({ done: true, removed: {} });
    expect(await sizes()).toEqual(before);
    const { rows } = await sql`
      select key_sealed, key_hint, webhook_secret_sealed s from sources where id = ${first.id}`.execute(
      ctx.db,
    );
    expect(rows).toEqual([{ key_sealed: '', key_hint: '', s: null }]);
    expect(simulator.world.state.webhookEndpoints.size).toBe(0);
  }, 60_000);

  test('stopped after any batch it goes on by itself', async () => {
    const { first } = await open();
    const { ctx } = accounts;
    await beginRemoval(ctx, first.id, 'nothing');
    expect((await getSource(ctx, first.id)).state).toBe('deleting');
    let rounds = 0;
    for (;;) {
      // Stops after the first batch, as a killed process would.
      let asked = 0;
      const signal = {
        get aborted() {
          return (asked += 1) > 2;
        },
      } as AbortSignal;
      if ((await continueRemovals(ctx, signal)) === 0) break;
      rounds += 1;
    }
    expect(rounds).toBeGreaterThan(10);
    await lookAgainAtAll(ctx);
    expect(await countStrays(ctx)).toEqual({});
    expect(await count(ctx, `stripe.customers where source_id = ${first.id}`)).toBe(0);
    expect(await count(ctx, `sources where id = ${first.id}`)).toBe(0);
  }, 60_000);

  test('whoever had unsubscribed gets no mail when they come back as somebody new', async () => {
    const { first } = await open();
    const { ctx } = accounts;
    const { rows } = await sql<{ person_id: number; email: string }>`
      select person_id, email from people where email <> 'both@example.com' and person_id in
        (select person_id from person_keys where source_id = ${first.id}) limit 1`.execute(ctx.db);
    const { person_id, email } = rows[0]!;
    await sql`
      insert into consents (person_id, topic, state, how, at)
      values (${person_id}, 'all', 'unsubscribed', 'test', now())`.execute(ctx.db);
    await removeSource(ctx, first.id, 'nothing');
    expect(await count(ctx, `suppressions where address = '${email.toLowerCase()}'`)).toBe(1);
  }, 60_000);
});
