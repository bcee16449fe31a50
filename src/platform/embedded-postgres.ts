import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { AppError } from './errors.ts';
import { clusterFolder, findServerUser, prepareBinaries } from './postgres-binaries.ts';
import type { ServerUser } from './postgres-binaries.ts';

export interface EmbeddedPostgres {
  /** Connection string of the owner, on loopback. */
  url: string;
  /** False when it was already running, for another process of the same data folder. */
  started: boolean;
  /**
   * Stops the server, if this process started it (or `owner` says it is this process's to stop, also
   * when it was left over by one that was killed) and nobody else is connected.
   */
  stop(options?: { force?: boolean; owner?: boolean }): Promise<void>;
}

interface Cluster {
  binaries: string;
  folder: string;
  user: ServerUser;
  password: string;
}

/** What a small server with one program in front of it wants; everything else is Postgres's default. */
const SERVER_OPTIONS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '80',
  shared_buffers: '256MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  wal_buffers: '16MB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Compiling costs more than our statements, which are short and many, could ever gain.
  jit: 'off',
  autovacuum_vacuum_insert_scale_factor: '0.05',
  log_min_messages: 'warning',
};

/**
 * Starts the Postgres that came with the lockfile, with its data under `dataDir` (as root: under
 * /var/lib/headwater, since Postgres refuses to run as root and must not depend on a private home).
 * A server that is already running on that data, also one left over by a killed process, is taken over.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: { extra?: Record<string, string> } = {},
): Promise<EmbeddedPostgres> {
  const user = await findServerUser();
  const cluster: Cluster = {
    binaries: await prepareBinaries(dataDir, user),
    folder: clusterFolder(dataDir, user),
    user,
    password: await loadPassword(dataDir),
  };
  if (!existsSync(path.join(cluster.folder, 'PG_VERSION'))) await initialise(cluster);
  let port = await runningPort(cluster);
  const started = port === null;
  port ??= await startServer(cluster, dataDir, options.extra ?? {});
  const url = await ensureDatabase(port, cluster.password);
  return {
    url,
    started,
    stop: async ({ force = false, owner = false } = {}) => {
      if (!force && (!(started || owner) || (await othersConnected(url)))) return;
      await run(cluster, 'pg_ctl', ['stop', '-w', '-m', 'fast', '-D', cluster.folder]);
    },
  };
}

async function loadPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'database-password');
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

async function initialise(cluster: Cluster): Promise<void> {
  // A folder without PG_VERSION is what a killed initdb leaves behind.
  await rm(cluster.folder, { recursive: true, force: true });
  await mkdir(cluster.folder, { recursive: true, mode: 0o700 });
  const passwordFile = `${cluster.folder}.password`;
  await writeFile(passwordFile, cluster.password, { mode: 0o600 });
  if (cluster.user.uid !== null) {
    await chown(cluster.folder, cluster.user.uid, cluster.user.gid);
    await chown(passwordFile, cluster.user.uid, cluster.user.gid);
  }
  await chmod(cluster.folder, 0o700);
  try {
    await run(cluster, 'initdb', [
      `--pgdata=${cluster.folder}`,
      '--username=headwater',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The port of a live server on this folder, by its pid file; null when there is none. */
async function runningPort(cluster: Cluster): Promise<number | null> {
  const pidFile = path.join(cluster.folder, 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const status = await tryRun(cluster, 'pg_ctl', ['status', '-D', cluster.folder]);
  if (!status.ok) return null;
  const port = Number((await readFile(pidFile, 'utf8')).split('\n')[3]);
  if (!Number.isInteger(port) || port <= 0) return null;
  if (await isListening(port)) return port;
  // The pid in the file lives but is some other program's, as after a reboot: a server opens its
  // port before anything else. Left there, the file would keep every server from starting.
  await rm(pidFile, { force: true });
  return null;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function startServer(
  cluster: Cluster,
  dataDir: string,
  extra: Record<string, string>,
): Promise<number> {
  // The same port every time, if it is still free, so that a saved connection of a BI tool keeps working.
  const remembered = path.join(dataDir, 'database-port');
  const last = existsSync(remembered) ? Number(await readFile(remembered, 'utf8')) : 0;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? last : 0);
    const settings = { ...SERVER_OPTIONS, ...extra, port: String(port) };
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
    const log = path.join(cluster.folder, 'server.log');
    const result = await tryRun(cluster, 'pg_ctl', [
      'start',
      '--wait',
      '--timeout=60',
      `--pgdata=${cluster.folder}`,
      `--log=${log}`,
      `--options=${flags.join(' ')}`,
    ]);
    if (result.ok) {
      await writeFile(remembered, String(port));
      return port;
    }
    // Somebody may have taken the port between asking for it and using it.
    if (attempt === 3) {
      const tail = existsSync(log) ? (await readFile(log, 'utf8')).slice(-800) : '';
      throw new AppError(
        'database_start_failed',
        `The embedded Postgres did not start: ${result.output.trim()} ${tail}`.trim(),
      );
    }
  }
}

/** `wished` if nobody listens there, else any free port. */
function freePort(wished: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (wished === 0 ? reject(error) : resolve(freePort(0))));
    server.listen(wished, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function ensureDatabase(port: number, password: string): Promise<string> {
  const base = `postgres://headwater:${password}@127.0.0.1:${port}`;
  const client = new pg.Client({ connectionString: `${base}/postgres` });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "select 1 from pg_database where datname = 'headwater'",
    );
    if (!rowCount) await client.query('create database headwater');
  } catch (error) {
    // 42P04 and 23505: another process created it in the same moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
  return `${base}/headwater`;
}

async function othersConnected(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>(
      "select count(*)::int n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    return (rows[0]?.n ?? 0) > 0;
  } finally {
    await client.end();
  }
}

async function run(cluster: Cluster, program: string, args: string[]): Promise<void> {
  const result = await tryRun(cluster, program, args);
  if (!result.ok) {
    throw new AppError('database_start_failed', `${program} failed: ${result.output.trim()}`);
  }
}

function tryRun(
  cluster: Cluster,
  program: string,
  args: string[],
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(cluster.binaries, 'bin', program), args, {
      cwd: '/',
      // pg_ctl hands its output to the server it starts; a pipe would then never close.
      stdio: program === 'pg_ctl' && args[0] === 'start' ? 'ignore' : ['ignore', 'pipe', 'pipe'],
      env: { LC_ALL: 'C', PATH: process.env.PATH, TZ: 'UTC' },
      ...(cluster.user.uid === null ? {} : { uid: cluster.user.uid, gid: cluster.user.gid }),
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ ok: code === 0, output }));
  });
}
