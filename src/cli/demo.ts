import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { issueSetupToken, needsSetup, setUp } from '../access/index.ts';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { listSources } from '../stripe/index.ts';
import { print } from './app.ts';
import type { App, Opener } from './app.ts';
import { connect } from './connect.ts';
import { serve, untilStopped } from './serve.ts';

// The demo listens on loopback and holds invented people only, so its password may be known.
const USER = { name: 'Demo', email: 'demo@headwater.test', password: 'headwater-demo' };
const SIMULATOR = path.resolve(import.meta.dirname, '../../simulator/main.ts');

interface DemoOptions {
  customers: string;
  months: string;
  live: string;
}

interface SimulatedAccount {
  url: string;
  key: string;
  stop(): Promise<void>;
}

export function addDemo(program: Command, opener: Opener): void {
  program
    .command('demo')
    .description('run Headwater on a simulated Stripe account')
    .option('--customers <n>', 'size of the simulated account', '1500')
    .option('--months <n>', 'length of its history', '24')
    .option('--live <n>', 'things that happen in it per minute', '6')
    .action(async (options: DemoOptions) => {
      const stopped = untilStopped();
      const defaults = { HEADWATER_DATA_DIR: '.data/demo', HEADWATER_LOG_LEVEL: 'warn' };
      const config = { ...opener.config(defaults), host: '127.0.0.1' };
      const account = await startAccount(config.data_dir, options);
      let app: App | null = null;
      try {
        app = await opener.open({ ...config, stripe_url: account.url });
        const serving = await serve(app, { demo: true });
        await furnish(app.ctx, account.key);
        print(
          `Headwater is ready at ${config.public_url} – sign in as ${USER.email} with the password ${USER.password}`,
        );
        await stopped;
        print('Stopping …');
        await serving.stop();
      } finally {
        await app?.close({ owner: true });
        await account.stop();
      }
    });
}

/** The first start makes the user and connects the account by the way everyone connects; later starts find both. */
async function furnish(ctx: Context, key: string): Promise<void> {
  if (await needsSetup(ctx)) {
    await setUp(ctx, { token: await issueSetupToken(ctx), ...USER });
  }
  if ((await listSources(ctx)).length > 0) return;
  await connect(ctx, key);
}

/** The simulator is a program of its own, reached over HTTP; its account is kept in the data folder. */
async function startAccount(dataDir: string, options: DemoOptions): Promise<SimulatedAccount> {
  mkdirSync(dataDir, { recursive: true });
  const child = spawn(
    process.execPath,
    [
      SIMULATOR,
      '--json',
      '--port=0',
      '--limits=sandbox',
      '--latency=80',
      `--customers=${options.customers}`,
      `--months=${options.months}`,
      `--live=${options.live}`,
      `--state=${path.join(dataDir, 'simulated-account.json')}`,
      '--until-stdin-ends',
    ],
    // Detached, so that Ctrl-C reaches it through us and it stops last, with its account saved;
    // its standard input ends with us, however we end.
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, key } = await firstLine(child);
  return {
    url,
    key,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function firstLine(child: ChildProcess): Promise<{ url: string; key: string }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(
        new AppError(
          'simulator_failed',
          `The simulator ended with code ${code}. Look above for its message.`,
        ),
      ),
    );
    createInterface({ input: child.stdout! }).once('line', (line) => {
      resolve(JSON.parse(line) as { url: string; key: string });
    });
  });
}
