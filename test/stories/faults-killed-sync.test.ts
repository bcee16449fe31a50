import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { digestDatabase } from '../support/digest.ts';
import { eventually, freePort, processEnv, runCommand } from '../support/product.ts';
import { createTestRandom } from '../support/random.ts';
import type { Random } from '../support/random.ts';

const KILLS = 20;
// What is walked in the background for long afterwards is no list, and not what is measured here.
const SYNC = ['sync', '--json', '--without-payment-methods'];

let simulator: Simulator;
let key: string;
/** Two dozen processes start the same program: what one has compiled, the next need not. */
let compiled: string;
beforeAll(async () => {
  compiled = await mkdtemp(path.join(os.tmpdir(), 'headwater-compiled-'));
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
afterAll(async () => {
  await simulator.close();
  await rm(compiled, { recursive: true, force: true });
});

interface Installation {
  env: Record<string, string>;
  url: string;
  drop: () => Promise<void>;
}

async function connected(): Promise<Installation> {
  const { url, drop } = await createTestDatabase();
  const env = {
    ...processEnv({ database_url: url, stripe_url: simulator.url, port: await freePort() }),
    NODE_COMPILE_CACHE: compiled,
  };
  const result = await runCommand(['connect'], env, key);
  expect(result).toMatchObject({ stderr: '', code: 0 });
  return { env, url, drop };
}

/** Starts a sync and ends it as a power cut would: some time after it has asked for so many pages. */
async function syncAndKill(
  env: Record<string, string>,
  when: { pages: number; pause_ms: number },
): Promise<void> {
  const before = simulator.requests.length;
  const child = spawn(process.execPath, [path.resolve('bin/headwater'), ...SYNC], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const isThere = async (): Promise<boolean> =>
    simulator.requests.length - before >= when.pages || child.exitCode !== null;
  await eventually(isThere, (there) => there, 60_000);
  await new Promise((resolve) => setTimeout(resolve, when.pause_ms));
  child.kill('SIGKILL');
  await exited;
}

async function ask<T>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

interface Claim {
  run: string;
  source: string;
  pages: number;
  objects: number;
}

/** What the installation says of itself: how its one run stands, and how much it has. */
async function claim(url: string): Promise<Claim> {
  const rows = await ask<Claim>(
    url,
    `select r.state as run, s.state as source,
            (select sum(pages)::int from headwater.sync_ranges where run_id = r.id) as pages,
            (select sum(objects)::int from headwater.sync_ranges where run_id = r.id) as objects
       from headwater.sync_runs r join headwater.sources s on s.id = r.source_id
      where r.lane = 'main'`,
  );
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

/** Pages that a process has asked for and not stored when it dies, more or less. */
const PAGES_LOST = 24;

/** So far apart that all of the deaths fit before the end, and as irregular as that allows. */
function pickMoment(random: Random, pagesLeft: number, kills: number) {
  const share = Math.max(0, pagesLeft) / kills;
  return {
    pages: random.integer(1, Math.ceil(PAGES_LOST + 2 * share)),
    pause_ms: random.integer(0, 100),
  };
}

test(`a first sync killed at ${KILLS} random moments ends equal to one that was not`, async () => {
  const random = createTestRandom();
  const [whole, broken] = [await connected(), await connected()];
  try {
    const undisturbed = await runCommand(SYNC, whole.env);
    expect(undisturbed.code).toBe(0);
    const { objects } = JSON.parse(undisturbed.stdout) as { objects: number };

    const end = await claim(whole.url);

    let inTheMiddle = 0;
    let before: Claim | null = null;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await syncAndKill(
        broken.env,
        pickMoment(random, end.pages - (before?.pages ?? 0), KILLS - kill),
      );
      const now = await claim(broken.url);
      // It calls itself complete only when everything is there, and keeps what it has.
      const isTrue = now.run === 'complete' ? now.objects === objects : now.source === 'syncing';
      expect(isTrue, JSON.stringify(now)).toBe(true);
      expect(now.objects).toBeGreaterThanOrEqual(before?.objects ?? 0);
      if (now.run === 'running') inTheMiddle += 1;
      before = now;
    }
    expect(inTheMiddle).toBeGreaterThan(KILLS / 2);
    expect(before!.pages).toBeGreaterThan(end.pages / 4);
    const rest = await runCommand(SYNC, broken.env);
    expect(JSON.parse(rest.stdout)).toMatchObject({ complete: true, errors: [], objects });
    expect(await claim(broken.url)).toMatchObject({ run: 'complete', source: 'live' });

    const [expected, got] = [await digestDatabase(whole.url), await digestDatabase(broken.url)];
    const { state } = simulator.world;
    const living = [...state.customers].filter((customer) => !customer.deleted);
    expect(expected['stripe.customers']?.length).toBe(living.length);
    expect(expected['stripe.subscriptions']?.length).toBe(state.subscriptions.size);
    expect(expected['stripe.invoices']?.length).toBe(state.invoices.size);
    expect(expected['stripe.charges']?.length).toBe(state.charges.size);
    // A process that was still alive when all lists were there walked on in the background.
    delete expected['stripe.payment_methods'];
    for (const [name, lines] of Object.entries(expected)) expect(got[name], name).toEqual(lines);
  } finally {
    await whole.drop();
    await broken.drop();
  }
}, 600_000);
