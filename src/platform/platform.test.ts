import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext, createTestDatabase } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { inTransaction, loadConfig, migrate, sql, withExclusive } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => await ctx.close());

test('a secret comes back as it was sealed and a tampered one is refused', () => {
  const sealed = ctx.vault.seal('rk_test_abc');
  expect(sealed).not.toContain('rk_test');
  expect(ctx.vault.open(sealed)).toBe('rk_test_abc');
  expect(() => ctx.vault.open(`${sealed.slice(0, -4)}AAAA`)).toThrow(/cannot be opened/);
});

test('bigints are numbers, numerics stay exact and dates stay days', async () => {
  const { rows } = await sql<{ n: number; exact: string; day: string }>`
    select 4503599627370495::bigint n, 0.1::numeric + 0.2 exact, '2026-02-28'::date as day`.execute(
    ctx.db,
  );
  expect(rows[0]).toEqual({ n: 4_503_599_627_370_495, exact: '0.3', day: '2026-02-28' });
});

test('a transaction that throws leaves nothing behind', async () => {
  const attempt = inTransaction(ctx, async (tx) => {
    await sql`insert into settings (key, value) values ('x', '1')`.execute(tx.db);
    throw new Error('no');
  });
  await expect(attempt).rejects.toThrow('no');
  const { rows } = await sql`select 1 from settings where key = 'x'`.execute(ctx.db);
  expect(rows).toHaveLength(0);
});

test('only one holder of an exclusive name at a time', async () => {
  const inner = await withExclusive(
    ctx,
    'one',
    async () => await withExclusive(ctx, 'one', async () => 'second'),
  );
  expect(inner).toBeNull();
  expect(await withExclusive(ctx, 'one', async () => 'again')).toBe('again');
});

test('migrating twice, or two at once, applies each file once; a newer database is refused', async () => {
  const { url, drop } = await createTestDatabase();
  try {
    expect(await Promise.all([migrate(url), migrate(url)])).toEqual([0, 0]);
    const client = await import('pg').then(
      ({ default: pg }) => new pg.Client({ connectionString: url }),
    );
    await client.connect();
    await client.query("insert into headwater.migrations (version, name) values (9999, 'future')");
    await client.end();
    await expect(migrate(url)).rejects.toThrow(/newer Headwater/);
  } finally {
    await drop();
  }
});

test('wrong settings are all named at once', () => {
  const env = { HEADWATER_PORT: '99999', HEADWATER_SECRET: 'short', SMTP_URL: 'http://x' };
  expect(() => loadConfig(env)).toThrow(/HEADWATER_PORT[\s\S]*SMTP_URL[\s\S]*HEADWATER_SECRET/);
});

test('a connection that the database ends, in use or idle, ends nothing else', async () => {
  const result = await withExclusive(ctx, 'held while the connection goes', async (lost) => {
    const others = sql`select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()`;
    await others.execute(ctx.db);
    // The lock went with it: whoever works under it is told.
    await new Promise((resolve) => lost.addEventListener('abort', resolve, { once: true }));
    return 'told';
  });
  expect(result).toBe('told');
  expect(await withExclusive(ctx, 'held while the connection goes', async () => 'free')).toBe(
    'free',
  );
});
