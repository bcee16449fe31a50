import path from 'node:path';
import { PEERS, handleWithPeer, installPeers } from '../peers/index.ts';
import type { PeerEvents } from '../peers/index.ts';
import type { BenchOptions } from '../run.ts';
import { cpuOfTree } from '../sync/processes.ts';
import { startInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { makeEvents } from './make-events.ts';
import { writeEvents } from './send.ts';
import { measureThroughput } from './throughput.ts';
import type { Throughput } from './throughput.ts';
import { measureVisible } from './visible.ts';
import type { Visible } from './visible.ts';

export interface WebhooksResult extends Visible {
  events_per_s: number;
  ack_p99_ms: number;
  complete: boolean;
  /** Our rate over that of the best peer, both medians of this run; null without peers. */
  ratio: number | null;
  peers: PeerFigure[];
  rounds: Throughput[];
}

interface PeerFigure {
  name: string;
  events_per_s: number;
  p99_ms: number;
  failed: number;
  cpu_ms_per_event: { peer: number; postgres: number };
}

const PEER_EVENTS = 2_500;

/**
 * Webhooks over HTTP, as Stripe sends them: how many events a second go from the wire through to
 * activities, and how soon an event is seen on an open page. Rounds of ours and of the peers take
 * turns, so that all have the same weather.
 */
export async function runWebhooks(options: BenchOptions): Promise<WebhooksResult> {
  if (options.peers) await installPeers();
  const customers = Math.round((options.quick ? 800 : 2_000) * options.scale);
  const count = options.quick ? 1 : 3;
  const installation = await startInstallation({ customers: options.quick ? 200 : 1_000 });
  try {
    // The first requests meet a program that is not compiled yet; no installation stays that young.
    await measureThroughput(installation, await makeEvents(100, 99));
    const rounds: Throughput[] = [];
    const peers: PeerFigure[][] = [];
    for (let round = 0; round < count; round += 1) {
      const made = await makeEvents(customers, 100 + round);
      rounds.push(await measureThroughput(installation, made));
      report(rounds.at(-1)!);
      if (!options.peers) continue;
      peers.push(await runPeers(installation, made.bodies.slice(0, PEER_EVENTS), round));
      report(peers.at(-1)!);
    }
    const visible = await measureVisible(installation, options.quick ? 5 : 15);
    return summarize(rounds, peers, visible);
  } finally {
    await installation.stop();
  }
}

async function runPeers(
  installation: Installation,
  bodies: string[],
  round: number,
): Promise<PeerFigure[]> {
  const events_file = path.join(installation.folder, 'peer-events.ndjson');
  await writeEvents(events_file, bodies);
  const figures: PeerFigure[] = [];
  for (const [index, peer] of PEERS.entries()) {
    const database_url = await installation.createDatabase(`peer_${index}_${round}`);
    const before = cpuOfTree(installation.postgres_pid);
    const result = await handleWithPeer(peer, { database_url, events_file });
    figures.push(figureOf(result, cpuOfTree(installation.postgres_pid) - before));
  }
  return figures;
}

function figureOf(result: PeerEvents, postgres_s: number): PeerFigure {
  const { name, events, events_per_s, p99_ms, failed, cpu_s } = result;
  const perEvent = (seconds: number): number => Math.round((seconds / events) * 1e6) / 1000;
  // Its migrations are in Postgres's part.
  const cpu_ms_per_event = { peer: perEvent(cpu_s), postgres: perEvent(postgres_s) };
  return { name, events_per_s, p99_ms, failed, cpu_ms_per_event };
}

function summarize(
  rounds: Throughput[],
  peerRounds: PeerFigure[][],
  visible: Visible,
): WebhooksResult {
  const events_per_s = median(rounds.map((round) => round.events_per_s));
  const peers = (peerRounds[0] ?? []).map((first, index) => {
    const all = peerRounds.map((figures) => figures[index]!);
    const rate = median(all.map((figure) => figure.events_per_s));
    return all.find((figure) => figure.events_per_s === rate) ?? first;
  });
  const best = Math.max(...peers.map((peer) => peer.events_per_s));
  return {
    events_per_s,
    ack_p99_ms: median(rounds.map((round) => round.ack_p99_ms)),
    ...visible,
    complete: rounds.every((round) => round.complete) && visible.visible_missed === 0,
    ratio: peers.length > 0 ? Math.round((events_per_s / best) * 100) / 100 : null,
    peers,
    rounds,
  };
}

/** The middle one; of an even number the lower. */
function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

function report(figures: unknown): void {
  process.stderr.write(`${JSON.stringify(figures)}\n`);
}
