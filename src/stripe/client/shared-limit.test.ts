import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { connect, openAccount } from '../fixtures/account.ts';
import type { Account } from '../fixtures/account.ts';
import { editSource } from '../index.ts';
import { readSource } from '../queries/sources.ts';
import { HUNGRY, divideLimit } from './divide-limit.ts';
import { clientOf } from './source-client.ts';

describe('a rate is divided', () => {
  test.each([
    [[HUNGRY], 1],
    [[HUNGRY, HUNGRY], 0.5],
    [[HUNGRY, 1], 0.95],
    [[HUNGRY, 20], 0.74],
    [[20, HUNGRY], 0.26],
    [[0, HUNGRY], 0.05],
    [[HUNGRY, HUNGRY, HUNGRY, 0], 0.95 / 3],
    [[10, 10], 0.5],
  ])('%o: the first gets %f', (demands, part) => {
    expect(divideLimit(demands, 100)).toBeCloseTo(part, 5);
  });

  test('never more than there is, and everybody gets something', () => {
    const demand = fc.oneof(fc.constant(HUNGRY), fc.double({ min: 0, max: 200, noNaN: true }));
    fc.assert(
      fc.property(fc.array(demand, { minLength: 1, maxLength: 12 }), (demands) => {
        const parts = demands.map((mine, index) =>
          divideLimit([mine, ...demands.toSpliced(index, 1)], 80),
        );
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0.05 - 1e-9);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

let account: Account | null = null;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await account?.close();
  account = null;
});

const FIXTURE = path.resolve(import.meta.dirname, '../fixtures/reader-process.ts');

/** Starts a process that reads for a while; resolves once it reads. */
async function startReader({ ctx }: Account, source_id: number, ms: number) {
  const config = JSON.stringify({ ...ctx.config, database_url: ctx.database_url });
  const child = spawn(process.execPath, [FIXTURE, config, String(source_id), String(ms)]);
  children.push(child);
  let text = '';
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(text)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('reading')) resolve();
    });
    child.on('exit', () => reject(new Error('the reader ended before it read')));
  });
  const counts = async () =>
    JSON.parse((await ended).split('\n')[1]!) as { requests: number; rate_limited: number };
  return { child, counts };
}

test('two processes share the limit of one account: hardly any request is refused', async () => {
  account = await openAccount({ mode: 'live', limits: 'live', customers: 5, months: 1 });
  account.ctx.config.stripe_share = 0.8;
  const source = await connect(account);
  const first = await startReader(account, source.id, 8_000);
  await delay(1_500);
  const second = await startReader(account, source.id, 6_500);
  const all = [await first.counts(), await second.counts()];
  const requests = all.reduce((sum, one) => sum + one.requests, 0);
  const limited = all.reduce((sum, one) => sum + one.rate_limited, 0);
  expect(all.map((one) => one.requests > 40)).toEqual([true, true]);
  expect(limited / requests).toBeLessThanOrEqual(0.005);
}, 60_000);

test('a process that dies gives its share back within five seconds, and a change of the share is followed', async () => {
  account = await openAccount({ limits: 'off', customers: 1, months: 1 });
  const { ctx } = account;
  const source = await connect(account);
  const client = clientOf(ctx, await readSource(ctx, source.id));
  const { limiter } = client;
  let going = true;
  const reading = (async () => {
    while (going)
      await Promise.all([1, 2, 3, 4].map(async () => await client.get('/v1/customers')));
  })();
  const until = async (holds: () => boolean, ms: number): Promise<number> => {
    const started = performance.now();
    while (!holds() && performance.now() - started < ms) await delay(20);
    expect(holds()).toBe(true);
    return performance.now() - started;
  };
  await until(() => limiter.limits.global_per_s === 25, 3_000);
  const { child } = await startReader(account, source.id, 60_000);
  await until(() => limiter.limits.global_per_s < 20, 8_000);
  child.kill('SIGKILL');
  expect(await until(() => limiter.limits.global_per_s === 25, 10_000)).toBeLessThan(5_000);
  await editSource(ctx, source.id, { rate_share: 0.2 });
  await until(() => limiter.limits.global_per_s === 5, 3_000);
  going = false;
  await reading;
}, 60_000);
