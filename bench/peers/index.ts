import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The npm packages that do the same job, at the versions of bench/peers/package-lock.json. */
export const PEERS = ['@supabase/stripe-sync-engine', '@stripe/sync-engine'] as const;
export type Peer = (typeof PEERS)[number];

const FOLDER = import.meta.dirname;

/** Installs the peers from their own lockfile, once. They are no part of the root install. */
export async function installPeers(): Promise<void> {
  if (existsSync(path.join(FOLDER, 'node_modules', '.package-lock.json'))) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { code, stderr } = await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (code !== 0) throw new Error(`the peers could not be installed: ${stderr.slice(-800)}`);
}

export interface PeerCopy {
  name: Peer;
  wall_s: number;
  /** Without an error, and as many rows of each resource as expected. */
  complete: boolean;
  rows: Record<string, number>;
  cpu_s: number;
  error?: string;
}

/** Lets a peer migrate a fresh database and copy the account at `stripe_url` into it. */
export async function copyWithPeer(
  peer: Peer,
  input: {
    database_url: string;
    stripe_url: string;
    key: string;
    /** Rows by table, as `{ customers: 20000 }`. */
    expect?: Record<string, number>;
    /** A peer that takes longer is ended; it then counts as incomplete. */
    timeout_s?: number;
  },
): Promise<PeerCopy> {
  const args = ['--stripe', input.stripe_url, '--key', input.key];
  if (input.expect) args.push('--expect', JSON.stringify(input.expect));
  const began = performance.now();
  const answer = await runPeer<PeerCopy>(peer, 'sync', input.database_url, args, input.timeout_s);
  if (answer) return answer;
  const wall_s = Math.round((performance.now() - began) / 1000);
  return { name: peer, wall_s, complete: false, rows: {}, cpu_s: 0, error: 'ended: too slow' };
}

export interface PeerEvents {
  name: Peer;
  events: number;
  events_per_s: number;
  p99_ms: number;
  failed: number;
  cpu_s: number;
  error?: string;
}

/** Hands a peer events (a file with one body a line, as a JSON string) with their signatures, 50 in flight, each awaited to its commit. */
export async function handleWithPeer(
  peer: Peer,
  input: { database_url: string; events_file: string },
): Promise<PeerEvents> {
  const args = ['--events', input.events_file];
  const answer = await runPeer<PeerEvents>(peer, 'webhooks', input.database_url, args);
  return answer!;
}

/** Null when it was ended after `timeout_s`. */
async function runPeer<T>(
  peer: Peer,
  what: 'sync' | 'webhooks',
  database_url: string,
  args: string[],
  timeout_s?: number,
): Promise<T | null> {
  const script = path.join(FOLDER, 'run-peer.mjs');
  const all = [script, peer, what, '--database', database_url, ...args];
  const { code, stdout, stderr } = await run(process.execPath, all, timeout_s);
  if (code === null && timeout_s !== undefined) return null;
  if (code !== 0) throw new Error(`${peer} ended with code ${code}: ${stderr.slice(-800)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(command: string, args: string[], timeout_s?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const timeout = timeout_s === undefined ? {} : { timeout: timeout_s * 1000 };
    const child = spawn(command, args, { cwd: FOLDER, ...timeout });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-20_000)));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, stdout, stderr }));
  });
}
