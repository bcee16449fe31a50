import { setTimeout as delay } from 'node:timers/promises';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { clusterFolder, findServerUser } from '../../src/platform/postgres-binaries.ts';
import type { BenchOptions } from '../run.ts';
import { compareAll, countAll, expectFrom } from './check-rows.ts';
import { connect, copyWithHeadwater } from './copy-with-headwater.ts';
import { readFirstLine, startNode } from './processes.ts';
import type { DoubleReport, DoubleSize } from './double.ts';

const ENDPOINT_PER_S = 25;
const GLOBAL_PER_S = 100;
const PAGE = 100;

interface Ready {
  url: string;
  truth: string;
  key: string;
  secret: string;
  sizes: Record<string, number>;
}

/** Copies data set A from a double of Stripe with Headwater, checks all of it, then lets the peers do the same. */
export async function runSync(options: BenchOptions): Promise<object> {
  const size = sizeOf(options);
  const server = await openServer();
  const double = startNode(
    [path.join(import.meta.dirname, 'stripe-double.ts'), JSON.stringify(size)],
    { heap_mb: 12_000 },
  );
  try {
    const ready = await readFirstLine<Ready>(double);
    const needed = pagesOf(ready.sizes);
    say(`data: ${JSON.stringify(ready.sizes)}, ${needed.pages} pages`);
    const own = await runHeadwater(server, ready, options.settle);
    say(`headwater: ${own.wall_s} s, ${own.wrong.join('; ') || 'every row right'}`);
    return {
      ...own,
      floor_s: needed.floor_s,
      ratio: Math.round((own.wall_s / needed.floor_s) * 1000) / 1000,
      pages: needed.pages,
      peers: options.peers ? await runPeers(server, ready, options.peer_s) : [],
    };
  } finally {
    double.stdin!.end();
    await server.close();
  }
}

/** Data set A: 20,000 customers with a subscription and three paid invoices each. */
function sizeOf(options: BenchOptions): DoubleSize {
  return {
    customers: Math.round((20_000 * options.scale) / (options.quick ? 8 : 1)),
    invoices_each: 3,
    canceled_ratio: 0.2,
    products: 50,
    prices: 200,
    latency_ms: 120,
  };
}

/** The pages that must be read, and the seconds they take at Stripe's limits. */
function pagesOf(sizes: Record<string, number>): { pages: number; floor_s: number } {
  const pages = Object.values(sizes).map((size) => Math.ceil(size / PAGE));
  const sum = pages.reduce((total, one) => total + one, 0);
  const floor = Math.max(Math.max(...pages) / ENDPOINT_PER_S, sum / GLOBAL_PER_S);
  return { pages: sum, floor_s: Math.round(floor * 100) / 100 };
}

async function runHeadwater(server: Server, ready: Ready, settle: boolean) {
  const expected = await expectFrom(ready.truth, ready.sizes);
  const database_url = await server.create('headwater_bench');
  await connect(database_url, ready.url, ready.key);
  // The program that connected counts as one more that uses the rate limit for a few seconds.
  await delay(4_000);
  const before = await reportOf(ready);
  let atOnce: string[] = [];
  let after = before;
  const copy = await copyWithHeadwater({
    database_url,
    stripe_url: ready.url,
    postgres_pid: server.pid,
    settle,
    onComplete: async () => {
      after = await reportOf(ready);
      atOnce = await countAll(database_url, expected);
    },
  });
  const wrong = [
    ...atOnce,
    ...(await countAll(database_url, expected)),
    ...(await compareAll(database_url, ready.truth, ready.sizes)),
  ];
  return {
    ...copy,
    double_cpu_s: Math.round((after.cpu_s - before.cpu_s) * 100) / 100,
    requests: after.requests - before.requests,
    rate_limited: after.rate_limited - before.rate_limited,
    complete: copy.wall_s > 0 && wrong.length === 0,
    activities: Object.values(expected.activities).reduce((sum, n) => sum + n, 0),
    wrong,
  };
}

/** The npm packages one after the other, each in a fresh database, with the same double and limits. */
async function runPeers(server: Server, ready: Ready, timeout_s: number) {
  const { PEERS, copyWithPeer, installPeers } = await import('../peers/index.ts');
  await installPeers();
  const results = [];
  for (const [index, peer] of PEERS.entries()) {
    const database_url = await server.create(`peer_${index}`);
    const { url, secret, sizes } = ready;
    const input = { database_url, stripe_url: url, key: secret, expect: sizes, timeout_s };
    const { name, wall_s, complete, cpu_s, error } = await copyWithPeer(peer, input);
    say(`${name}: ${wall_s} s, ${complete ? 'complete' : `incomplete ${error ?? ''}`}`);
    results.push({ name, wall_s, complete, cpu_s, ...(error ? { error } : {}) });
  }
  return results;
}

async function reportOf(ready: Ready): Promise<DoubleReport> {
  return (await (await fetch(`${ready.truth}/report`)).json()) as DoubleReport;
}

interface Server {
  pid: number;
  /** A fresh database; its connection string. */
  create(name: string): Promise<string>;
  close(): Promise<void>;
}

/** The embedded Postgres as Headwater starts it, in a folder that goes away. */
async function openServer(): Promise<Server> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'headwater-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const cluster = clusterFolder(folder, await findServerUser());
  const pid = Number((await readFile(path.join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  // A server outlives whoever started it, so it is ended also when the bench is.
  const abandon = (): void => {
    process.kill(pid, 'SIGQUIT');
    for (const path of [cluster, folder]) rmSync(path, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  return {
    pid,
    async create(name) {
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return postgres.url.replace(/\/headwater$/, `/${name}`);
    },
    async close() {
      process.off('exit', abandon);
      await postgres.stop({ force: true });
      await rm(cluster, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
