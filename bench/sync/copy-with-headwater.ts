import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { cpuOf, cpuOfTree, peakMemory, startNode, untilEnd } from './processes.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Copy {
  /** From the start of the program to the moment every row, person and activity is there. */
  wall_s: number;
  /** The same to the moment that figures and audiences have followed; null when nobody waited. */
  settled_s: number | null;
  rss_mb: number;
  own_cpu_s: number;
  postgres_cpu_s: number;
}

const envOf = (database_url: string, stripe_url: string): Record<string, string> => ({
  DATABASE_URL: database_url,
  HEADWATER_STRIPE_URL: stripe_url,
  HEADWATER_STRIPE_SHARE: '1',
  HEADWATER_SECRET: 'a secret for measuring, not for real life',
  HEADWATER_LOG_LEVEL: process.env.HEADWATER_LOG_LEVEL ?? 'warn',
});

/** Connects the account, outside the time that is measured. */
export async function connect(url: string, stripe_url: string, key: string): Promise<void> {
  const child = startNode([path.join(ROOT, 'bin/headwater'), 'connect'], {
    env: envOf(url, stripe_url),
  });
  const ended = untilEnd(child);
  child.stdin!.end(key);
  const { code, text } = await ended;
  if (code !== 0) throw new Error(`headwater connect ended with ${code}: ${text}`);
}

/** Runs `headwater sync` to its end. `onComplete` is called the moment the run is complete. */
export async function copyWithHeadwater(input: {
  database_url: string;
  stripe_url: string;
  postgres_pid: number;
  onComplete: () => Promise<void>;
  /** False ends the program as soon as the rows are there. */
  settle: boolean;
}): Promise<Copy> {
  const client = new pg.Client({ connectionString: input.database_url });
  await client.connect();
  const postgresBefore = cpuOfTree(input.postgres_pid);
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 10) / 100;
  const args = [path.join(ROOT, 'bin/headwater'), 'sync', '--json', '--without-payment-methods'];
  const child = startNode([...profiling(), ...args], {
    env: envOf(input.database_url, input.stripe_url),
  });
  const pid = child.pid!;
  const ended = untilEnd(child);
  let over = false;
  void ended.then(() => (over = true));
  const copy: Copy = { wall_s: 0, settled_s: null, rss_mb: 0, own_cpu_s: 0, postgres_cpu_s: 0 };
  while (!over) {
    copy.rss_mb = Math.max(copy.rss_mb, peakMemory(pid));
    if (copy.wall_s === 0 && (await isComplete(client))) {
      copy.wall_s = seconds();
      copy.own_cpu_s = cpuOf(pid);
      copy.postgres_cpu_s =
        Math.round((cpuOfTree(input.postgres_pid) - postgresBefore) * 100) / 100;
      await input.onComplete();
      if (!input.settle) child.kill('SIGKILL');
    }
    await Promise.race([ended, delay(50)]);
  }
  const end_s = seconds();
  if (input.settle) copy.settled_s = end_s;
  if (copy.wall_s === 0 && (await isComplete(client))) copy.wall_s = end_s;
  await client.end();
  const { code, text } = await ended;
  if (code !== 0 && input.settle) throw new Error(`headwater sync ended with ${code}: ${text}`);
  return copy;
}

/** A CPU profile of the program, when its folder is named. */
const profiling = (): string[] =>
  process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : [];

async function isComplete(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    "select 1 from headwater.sync_runs where state = 'complete' limit 1",
  );
  return rows.length > 0;
}
