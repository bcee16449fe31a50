import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { sql } from '../platform/index.ts';
import { checkPassword, hashPassword } from './hash-password.ts';
import {
  findSession,
  getSettings,
  issueSetupToken,
  listAudit,
  needsSetup,
  purgeSessions,
  recordAudit,
  saveSettings,
  setUp,
  signIn,
  signOut,
} from './index.ts';

let ctx: TestContext;
const ADA = { name: 'Ada Finch', email: 'Ada@Example.com', password: 'correct horse battery' };
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => await ctx.close());

test('a hash is Argon2id at OWASP strength, salted, and only the right password fits', async () => {
  const [one, two] = await Promise.all([hashPassword('pässword 1'), hashPassword('pässword 1')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await checkPassword('pässword 1', one)).toBe(true);
  expect(await checkPassword('pa\u0308ssword 1', one)).toBe(true);
  expect(await checkPassword('pässword 2', one)).toBe(false);
});

test('the first user is made with the token printed last, once', async () => {
  expect(await needsSetup(ctx)).toBe(true);
  const first = await issueSetupToken(ctx);
  const token = await issueSetupToken(ctx);
  await expect(setUp(ctx, { ...ADA, token: first })).rejects.toThrow(/not the token/);
  await expect(setUp(ctx, { ...ADA, token, password: 'short' })).rejects.toThrow(/too short/);
  await expect(setUp(ctx, { ...ADA, token, email: 'nobody' })).rejects.toThrow(/e-mail address/);
  const attempts = await Promise.allSettled([
    setUp(ctx, { ...ADA, token }),
    setUp(ctx, { ...ADA, token, email: 'eve@example.com' }),
  ]);
  expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
  expect(await needsSetup(ctx)).toBe(false);
  await expect(issueSetupToken(ctx)).rejects.toThrow(/set up already/);
  const { rows } = await sql`select 1 from settings where key = 'setup_token_hash'`.execute(ctx.db);
  expect(rows).toHaveLength(0);
  await sql`update users set email = ${ADA.email}`.execute(ctx.db);
});

test('signing in opens a fresh session and ends the one before; refusals look alike', async () => {
  const opened = await signIn(ctx, { email: ' ada@example.COM', password: ADA.password });
  if ('code' in opened) throw new Error(opened.sentence);
  expect((await findSession(ctx, opened.session_token))?.user).toMatchObject({ role: 'owner' });
  const again = await signIn(ctx, { ...ADA, previous_token: opened.session_token });
  if ('code' in again) throw new Error(again.sentence);
  expect(again.session_token).not.toBe(opened.session_token);
  expect(await findSession(ctx, opened.session_token)).toBeNull();
  const wrong = await signIn(ctx, { ...ADA, password: 'wrong' });
  expect(wrong).toEqual(await signIn(ctx, { ...ADA, email: 'nobody@example.com' }));
  expect(wrong).toMatchObject({ code: 'wrong_credentials' });
  await signOut(ctx, again.session_token);
  expect(await findSession(ctx, again.session_token)).toBeNull();
});

test('no token is stored as it is, and a session ends after 30 days', async () => {
  const opened = await signIn(ctx, ADA);
  if ('code' in opened) throw new Error(opened.sentence);
  const stored = await sql<{ row: string }>`select sessions::text row from sessions`.execute(
    ctx.db,
  );
  expect(stored.rows.some(({ row }) => row.includes(opened.session_token))).toBe(false);
  ctx.clock.advance(30 * 86_400_000 - 1);
  expect(await findSession(ctx, opened.session_token)).not.toBeNull();
  expect(await findSession(ctx, `${opened.session_token}x`)).toBeNull();
  ctx.clock.advance(1);
  expect(await findSession(ctx, opened.session_token)).toBeNull();
  expect(await purgeSessions(ctx)).toBeGreaterThan(0);
  expect(await purgeSessions(ctx)).toBe(0);
});

test('settings have defaults, change one by one, and wrong ones are refused', async () => {
  expect(await getSettings(ctx)).toEqual({
    workspace_name: 'Headwater',
    time_zone: 'UTC',
    reporting_currency: null,
  });
  await saveSettings(ctx, { time_zone: 'Europe/Berlin', reporting_currency: 'eur' });
  expect(await saveSettings(ctx, { reporting_currency: null })).toEqual({
    workspace_name: 'Headwater',
    time_zone: 'Europe/Berlin',
    reporting_currency: null,
  });
  await expect(saveSettings(ctx, { time_zone: 'Mars/Base' })).rejects.toThrow(/time zone/);
  await expect(saveSettings(ctx, { reporting_currency: 'EURO' })).rejects.toThrow(/currency/);
  await expect(saveSettings(ctx, { workspace_name: ' ' })).rejects.toThrow(/name/);
});

test('the audit log pages from newest to oldest and names the user', async () => {
  const [user] = (await sql<{ id: string }>`select id from users`.execute(ctx.db)).rows;
  for (const n of [1, 2, 3]) {
    await recordAudit(ctx, { user_id: user!.id, action: 'test.done', detail: { n } });
  }
  const first = await listAudit(ctx, { limit: 2 });
  expect(first.rows.map((row) => row.detail)).toEqual([{ n: 3 }, { n: 2 }]);
  expect(first.rows[0]?.user_name).toBeTruthy();
  const second = await listAudit(ctx, { limit: 2, before: first.next_before! });
  expect(second.rows[0]?.detail).toEqual({ n: 1 });
  expect((await listAudit(ctx, { limit: 200 })).next_before).toBeNull();
});
