import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { issueSetupToken, setUp } from '../../src/access/index.ts';
import { buildServer } from '../../src/api/index.ts';
import { createSmtpMailer } from '../../src/messages/index.ts';
import { openBus } from '../../src/platform/index.ts';
import { clusterFolder, findServerUser } from '../../src/platform/postgres-binaries.ts';
import { startWorker } from '../../src/worker/index.ts';
import { createTestContext } from './database.ts';
import type { TestContext } from './database.ts';

export const USER = {
  name: 'Ada Finch',
  email: 'ada@example.com',
  password: 'correct horse battery',
};
const ROOT = path.resolve(import.meta.dirname, '../..');
const WEB_ROOT = path.join(ROOT, 'dist/web');

export interface Product {
  ctx: TestContext;
  /** Where the page, the API and the webhook answer. */
  url: string;
  stop(): Promise<void>;
}

/**
 * The whole product in this process, on a database of its own and on the test's clock, so that an
 * hour can pass at once. The page must have been built (the suite's runner does that first).
 */
export async function startProduct(options: {
  stripe_url: string;
  now?: Date;
  smtp_url?: string;
  user?: boolean;
}): Promise<Product> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const ctx = await createTestContext({
    ...(options.now ? { now: options.now } : {}),
    config: {
      port,
      public_url: url,
      stripe_url: options.stripe_url,
      smtp_url: options.smtp_url ?? null,
      stripe_share: 1,
    },
  });
  const bus = await openBus(ctx.database_url, ctx.log);
  const mailer = options.smtp_url ? createSmtpMailer(ctx.config) : null;
  const server = await buildServer(ctx, { bus, demo: false, web_root: WEB_ROOT });
  await server.listen({ host: '127.0.0.1', port });
  const worker = startWorker(ctx, { bus, mailer });
  if (options.user ?? true) await setUp(ctx, { token: await issueSetupToken(ctx), ...USER });
  return {
    ctx,
    url,
    async stop() {
      await server.close();
      await worker.stop();
      await mailer?.close();
      await bus.close();
      await ctx.close();
    },
  };
}

export interface ProductProcess {
  url: string;
  /** The one-time token of the first run, when there was no user yet. */
  setup_token: string | null;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C would; the exit code. */
  stop(): Promise<number | null>;
}

/** `headwater start` as a process of its own, for stories in which it dies. */
export async function startProductProcess(options: {
  database_url: string;
  stripe_url: string;
  port: number;
  smtp_url?: string;
}): Promise<ProductProcess> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/headwater'), 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...processEnv(options),
      ...(options.smtp_url ? { SMTP_URL: options.smtp_url } : {}),
    },
  });
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  const setup_token = await untilReady(child);
  return {
    url: `http://127.0.0.1:${options.port}`,
    setup_token,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGINT');
      return await exited;
    },
  };
}

/** The settings that point a command at a test's database, port and Stripe. */
export function processEnv(options: {
  database_url: string;
  stripe_url: string;
  port: number;
}): Record<string, string> {
  return {
    DATABASE_URL: options.database_url,
    HEADWATER_STRIPE_URL: options.stripe_url,
    HEADWATER_STRIPE_SHARE: '1',
    HEADWATER_PORT: String(options.port),
    HEADWATER_SECRET: 'a secret for tests, not for real life',
    HEADWATER_LOG_LEVEL: process.env.HEADWATER_LOG_LEVEL ?? 'error',
  };
}

/** The token, if there is one, is printed together with the line that says it is ready. */
function untilReady(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`headwater start ended with code ${code} before it was ready`)),
    );
    let printed = '';
    child.stdout!.on('data', (chunk) => {
      printed += String(chunk);
      if (!/ready at .*\n/.test(printed)) return;
      resolve(/one-time token: (\S+)\n/.exec(printed)?.[1] ?? null);
    });
  });
}

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `headwater <args>` to its end. */
export function runCommand(
  args: string[],
  env: Record<string, string>,
  input = '',
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'bin/headwater'), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.stdin.end(input);
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A port nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A folder that goes away with the test, and the database cluster that belongs to it. */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'headwater-story-'));
  return {
    folder,
    remove: async () => {
      await rm(clusterFolder(folder, await findServerUser()), { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer is right; fails with the last answer after `timeout_ms`. */
export async function eventually<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  timeout_ms = 20_000,
): Promise<T> {
  const end = performance.now() + timeout_ms;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (performance.now() > end)
      throw new Error(
        `still not so after ${timeout_ms} ms: ${JSON.stringify(answer)?.slice(0, 600)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
