import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HIDDEN } from '../src/cli/db.ts';
import { connect, openAccount, syncAll } from '../src/stripe/fixtures/account.ts';
import type { Account } from '../src/stripe/fixtures/account.ts';
import { walkPaymentMethods } from '../src/stripe/index.ts';
import { RESOURCES } from '../src/objects/index.ts';
import { ensureReadOnlyRole, openDatabase, sql } from '../src/platform/index.ts';
import type { Context } from '../src/platform/index.ts';

const DOCUMENT = readFileSync(path.resolve(import.meta.dirname, '../docs/sql.md'), 'utf8');
const QUERIES = [...DOCUMENT.matchAll(/^([A-Z][^\n]+):\n\n```sql\n([^`]+)```/gm)].map(
  ([, title, query]) => ({ title: title!, query: query! }),
);

/** Nobody need have failed to pay, owe anything or have left. */
const MAY_BE_EMPTY = /^(Why payments fail|Open invoices|Why customers leave)/;

let account: Account;
let reader: Context['db'];
beforeAll(async () => {
  // Whatever the wall clock says: the queries go by now().
  account = await openAccount({ now: new Date(), customers: 12, months: 6 });
  const { ctx, simulator } = account;
  const { world } = simulator;
  const customer = world.createCustomer({ email: 'ada@example.com' }).id;
  world.subscribe({ customer, items: [{ price: 'price_team_month' }], trial_days: 5 });
  world.attachPaymentMethod(customer, { exp_year: new Date().getFullYear(), exp_month: 1 });
  const source = await connect(account);
  await syncAll(ctx, source.id);
  await walkPaymentMethods(ctx, new AbortController().signal);
  reader = openDatabase(await ensureReadOnlyRole(ctx, ctx.database_url, HIDDEN));
}, 120_000);
afterAll(async () => {
  await reader.destroy();
  await account.close();
});

const run = async (query: string) =>
  (await sql.raw<Record<string, unknown>>(query).execute(reader)).rows;

describe('docs/sql.md', () => {
  test('has ten queries', () => {
    expect(QUERIES).toHaveLength(10);
    expect(DOCUMENT.match(/```sql/g)).toHaveLength(10);
  });

  test.each(QUERIES)('$title', async ({ title, query }) => {
    const rows = await run(query);
    expect(rows.length > 0 || MAY_BE_EMPTY.test(title)).toBe(true);
  });

  test('names every table and every view of schema stripe', async () => {
    const views = await run(
      `select table_name from information_schema.views where table_schema = 'stripe'`,
    );
    const names = [...RESOURCES, ...views.map((row) => String(row.table_name)), 'events'];
    expect(names.filter((name) => !DOCUMENT.includes(name))).toEqual([]);
    for (const name of names) await run(`select * from stripe.${name} limit 1`);
  });
});

describe('the reader', () => {
  test('sees what is made later in schema stripe, and no secret', async () => {
    await sql`create table stripe.made_later (id int)`.execute(account.ctx.db);
    expect(await run('select * from stripe.made_later')).toEqual([]);
    for (const column of HIDDEN.sources) {
      await expect(run(`select ${column} from headwater.sources`)).rejects.toThrow('denied');
    }
    await expect(run('select * from headwater.sessions')).rejects.toThrow('denied');
    await expect(run(`delete from stripe.charges`)).rejects.toThrow(/denied|read-only/);
  });

  test('reads a month’s worth that agrees with the prices', async () => {
    const rows = await run(`
      select unit_amount_minor::int as unit, quantity::int, recurring_interval as every,
             recurring_interval_count as n, per_month_minor::float as month
        from stripe.current_subscriptions where unit_amount_minor is not null`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { unit, quantity, every, n, month } of rows as Record<string, number>[]) {
      const months = { month: 1, year: 12 }[String(every)]!;
      expect(month).toBeCloseTo((unit! * quantity!) / (months * n!), 1);
    }
  });
});
