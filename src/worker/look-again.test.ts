import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../platform/index.ts';
import { connect, openAccount } from '../stripe/fixtures/account.ts';
import type { Account } from '../stripe/fixtures/account.ts';
import { lookAgain } from './look-again.ts';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(async () => await account.close());

test('while an account is copied, looking again leaves most of the time to storing', async () => {
  const { ctx } = account;
  await connect(account);
  await sql`
    with made as (
      insert into people (person_id, email, created_at, updated_at)
      select n, n || '@example.com', now(), now() from generate_series(1, 120) as n returning person_id)
    insert into person_marks (person_id, marked_at) select person_id, now() from made`.execute(
    ctx.db,
  );
  const began = performance.now();
  const stop = new AbortController();
  const first = lookAgain(ctx, stop.signal);
  const waiting = async () =>
    (await sql<{ n: number }>`select count(*) n from person_marks`.execute(ctx.db)).rows[0]!.n;
  while ((await waiting()) === 120) await new Promise((resolve) => setTimeout(resolve, 5));
  const took = performance.now() - began;
  expect(await waiting()).toBe(70);
  expect(
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, took * 3, 'rests'))]),
  ).toBe('rests');
  // The copy ends: so does the rest, and the others are looked at together.
  await sql`update sync_runs set state = 'complete'`.execute(ctx.db);
  expect(await first).toBe(50);
  expect(await lookAgain(ctx, stop.signal)).toBe(70);
});
