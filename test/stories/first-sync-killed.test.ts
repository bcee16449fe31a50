import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { digestDatabase } from '../support/digest.ts';
import { freePort, processEnv, runCommand } from '../support/product.ts';

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

/** Starts a sync and ends it as a power cut would, after `ms`. */
async function syncAndKill(env: Record<string, string>, ms: number): Promise<void> {
  const child = spawn(process.execPath, [path.resolve('bin/headwater'), 'sync', '--json'], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, ms))]);
  child.kill('SIGKILL');
  await exited;
}

test('a first sync that is killed half-way, again and again, ends equal to one that was not', async () => {
  const whole = await connected();
  const broken = await connected();
  try {
    const first = await runCommand(['sync', '--json'], whole.env);
    expect(first.code).toBe(0);
    const summary = JSON.parse(first.stdout) as Summary;
    expect(summary).toMatchObject({ complete: true, errors: [] });

    for (const ms of [700, 1100, 900, 1500, 1300]) await syncAndKill(broken.env, ms);
    const rest = await runCommand(['sync', '--json'], broken.env);
    expect(rest.code).toBe(0);
    expect(JSON.parse(rest.stdout)).toMatchObject({ complete: true, errors: [] });

    const [expected, got] = [await digestDatabase(whole.url), await digestDatabase(broken.url)];
    expect(expected['stripe.customers']?.length).toBe(simulator.world.state.customers.size);
    expect(expected['stripe.subscriptions']?.length).toBe(simulator.world.state.subscriptions.size);
    expect(expected['stripe.invoices']?.length).toBe(simulator.world.state.invoices.size);
    expect(expected['stripe.charges']?.length).toBe(simulator.world.state.charges.size);
    for (const [name, lines] of Object.entries(expected)) expect(got[name], name).toEqual(lines);
  } finally {
    await whole.drop();
    await broken.drop();
  }
}, 180_000);
