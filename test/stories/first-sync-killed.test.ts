import { spawn } from 'node:child_process';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { digestDatabase } from '../support/digest.ts';
import { eventually, freePort, processEnv, runCommand } from '../support/product.ts';

let simulator: Simulator;
let key: string;
beforeAll(async () => {
  // Time stands still in the account, so that both syncs copy the same one.
  simulator = await startSimulator({
    customers: 250,
    months: 18,
    latency_ms: 15,
    speed: 0,
    seed: 7,
  });
  key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
});
afterAll(async () => await simulator.close());

interface Summary {
  complete: boolean;
  objects: number;
  requests: number;
  errors: unknown[];
}

async function connected(): Promise<{
  env: Record<string, string>;
  url: string;
  drop: () => Promise<void>;
}> {
  const { url, drop } = await createTestDatabase();
  const env = processEnv({ database_url: url, stripe_url: simulator.url, port: await freePort() });
  const result = await runCommand(['connect'], env, key);
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  return { env, url, drop };
}

/** Starts a sync and ends it as a power cut would, once so many objects are there. */
async function syncAndKillAt(
  env: Record<string, string>,
  url: string,
  objects: number,
): Promise<number> {
  const child = spawn(process.execPath, [path.resolve('bin/headwater'), 'sync', '--json'], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const count = async () =>
      (
        await client.query<{ n: number }>(
          'select coalesce(sum(objects), 0)::int n from headwater.sync_ranges',
        )
      ).rows[0]!.n;
    return await eventually(count, (n) => n >= objects, 60_000);
  } finally {
    child.kill('SIGKILL');
    await exited;
    await client.end();
  }
}

test('a first sync that is killed half-way, again and again, ends equal to one that was not', async () => {
  const whole = await connected();
  const broken = await connected();
  try {
    const first = await runCommand(['sync', '--json'], whole.env);
    expect(first.code).toBe(0);
    const summary = JSON.parse(first.stdout) as Summary;
    expect(summary).toMatchObject({ complete: true, errors: [] });

    for (const share of [0.05, 0.3, 0.5, 0.8]) {
      const reached = await syncAndKillAt(
        broken.env,
        broken.url,
        Math.ceil(summary.objects * share),
      );
      expect(reached).toBeLessThan(summary.objects);
    }
    const rest = await runCommand(['sync', '--json'], broken.env);
    expect(rest.code).toBe(0);
    expect(JSON.parse(rest.stdout)).toMatchObject({ complete: true, errors: [] });

    const [expected, got] = [await digestDatabase(whole.url), await digestDatabase(broken.url)];
    const listed = [...simulator.world.state.customers].filter((customer) => !customer.deleted);
    expect(expected['stripe.customers']?.length).toBe(listed.length);
    expect(expected['stripe.subscriptions']?.length).toBe(simulator.world.state.subscriptions.size);
    expect(expected['stripe.invoices']?.length).toBe(simulator.world.state.invoices.size);
    expect(expected['stripe.charges']?.length).toBe(simulator.world.state.charges.size);
    for (const [name, lines] of Object.entries(expected)) expect(got[name], name).toEqual(lines);
  } finally {
    await whole.drop();
    await broken.drop();
  }
}, 180_000);
