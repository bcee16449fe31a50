import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { startEmbeddedPostgres } from '../../src/platform/index.ts';
import { clusterFolder, findServerUser } from '../../src/platform/postgres-binaries.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export const USER = {
  name: 'Bench',
  email: 'bench@example.com',
  password: 'a password for benches',
};

/** The product as people run it, on a fresh database, connected to a simulated account. */
export interface Installation {
  folder: string;
  url: string;
  database: pg.Client;
  product_pid: number;
  postgres_pid: number;
  simulator: Simulator;
  source_id: number;
  webhook: { url: string; secret: string };
  /** Another empty database on the same server. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts everything and waits until the first sync of the account's few customers is complete. */
export async function startInstallation(options: {
  customers: number;
  /** Server settings besides the product's own, for looking closer. */
  postgres?: Record<string, string>;
}): Promise<Installation> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'headwater-bench-'));
  const server = await startEmbeddedPostgres(folder, { extra: options.postgres ?? {} });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const createDatabase = async (name: string): Promise<string> => {
    await admin.query(`create database ${name}`);
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  const database_url = await createDatabase('bench');
  const { customers } = options;
  const bulk = { customers, subscriptions: customers, invoices: 2 * customers };
  const simulator = await startSimulator({ seed: 11, bulk, speed: 0 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const product = await startProduct({ database_url, stripe_url: simulator.url, port });
  const database = new pg.Client({ connectionString: database_url });
  await database.connect();
  const source_id = await connect(url, product.token, simulator);
  const { rows } = await database.query<{ webhook_path: string }>(
    'select webhook_path from headwater.sources',
  );
  const secret = [...simulator.world.state.webhookEndpoints][0]!.secret;
  await untilSynced(database);
  const cluster = clusterFolder(folder, await findServerUser());
  const pidFile = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8');
  return {
    folder,
    url,
    database,
    product_pid: product.child.pid!,
    postgres_pid: Number(pidFile.split('\n')[0]),
    simulator,
    source_id,
    webhook: { url: `${url}/webhooks/stripe/${rows[0]!.webhook_path}`, secret },
    createDatabase,
    async stop() {
      await database.end();
      product.child.kill('SIGINT');
      await product.exited;
      await admin.end();
      await server.stop({ force: true });
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
      await rm(cluster, { recursive: true, force: true });
    },
  };
}

interface ProductProcess {
  child: ChildProcess;
  exited: Promise<unknown>;
  token: string;
}

async function startProduct(options: {
  database_url: string;
  stripe_url: string;
  port: number;
}): Promise<ProductProcess> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
  const child = spawn(process.execPath, [...flags, path.join(ROOT, 'bin/headwater'), 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: options.database_url,
      HEADWATER_STRIPE_URL: options.stripe_url,
      HEADWATER_STRIPE_SHARE: '1',
      HEADWATER_PORT: String(options.port),
      HEADWATER_SECRET: 'a secret for benches, not for real life',
      HEADWATER_LOG_LEVEL: process.env.HEADWATER_LOG_LEVEL ?? 'warn',
    },
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const token = await new Promise<string>((resolve, reject) => {
    void exited.then((code) =>
      reject(new Error(`headwater start ended with code ${String(code)}`)),
    );
    let printed = '';
    child.stdout!.on('data', (chunk) => {
      printed += String(chunk);
      const found = /one-time token: (\S+)\n/.exec(printed);
      if (found) resolve(found[1]!);
    });
  });
  return { child, exited, token };
}

/** Makes the first user and connects the account, as the page does; the id of the source. */
async function connect(url: string, token: string, simulator: Simulator): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ token, ...USER });
  const setUp = await fetch(`${url}/api/setup`, { method: 'POST', headers, body });
  if (!setUp.ok) throw new Error(`setup answered ${setUp.status}: ${await setUp.text()}`);
  const cookie = setUp.headers.get('set-cookie')!.split(';')[0]!;
  const { csrf_token } = (await setUp.json()) as { csrf_token: string };
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const answer = await fetch(`${url}/api/sources`, {
    method: 'POST',
    headers: { ...headers, cookie, 'x-csrf-token': csrf_token },
    body: JSON.stringify({ key }),
  });
  if (!answer.ok) throw new Error(`connecting answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { id: number }).id;
}

async function untilSynced(database: pg.Client): Promise<void> {
  await until(
    database,
    "select exists (select 1 from headwater.sources where state = 'live') as yes",
  );
  await untilRested(database);
}

/** Nobody is left who has to be looked at again. */
export async function untilRested(database: pg.Client): Promise<void> {
  await until(database, 'select not exists (select 1 from headwater.person_marks) as yes');
}

/** Asks every few milliseconds until the answer is yes; an error after two minutes. */
export async function until(database: pg.Client, question: string, every_ms = 50): Promise<void> {
  const end = performance.now() + 120_000;
  for (;;) {
    const { rows } = await database.query<{ yes: boolean }>(question);
    if (rows[0]?.yes) return;
    if (performance.now() > end) throw new Error(`still not so: ${question}`);
    await new Promise((resolve) => setTimeout(resolve, every_ms));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
