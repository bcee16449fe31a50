import { cpuOf, cpuOfTree, peakMemory } from '../sync/processes.ts';
import { until, untilRested } from './installation.ts';
import type { Installation } from './installation.ts';
import type { MadeEvents } from './make-events.ts';
import { prepareSender } from './send.ts';

export interface Throughput {
  events: number;
  /** From the first request to the last activity. */
  events_per_s: number;
  /** To the last acknowledgement. */
  acknowledged_per_s: number;
  ack_p50_ms: number;
  ack_p99_ms: number;
  ack_max_ms: number;
  /** Every event stored and applied, and exactly the activities that they tell. */
  complete: boolean;
  /** Until everybody's facts, figures and audiences followed too. */
  rested_s: number;
  cpu_ms_per_event: { product: number; postgres: number; sender: number };
  rss_mb: number;
}

const IN_FLIGHT = 50;

/** Sends all events at once, 50 in flight, and waits until they are processed through to activities. */
export async function measureThroughput(
  installation: Installation,
  made: MadeEvents,
): Promise<Throughput> {
  const { database, folder, webhook } = installation;
  const before = await countAll(database);
  const options = { ...webhook, in_flight: IN_FLIGHT, rate: null };
  const sender = await prepareSender(folder, made.bodies, options);
  const pids = { product: installation.product_pid, postgres: installation.postgres_pid };
  const cpu = { product: cpuOf(pids.product), postgres: cpuOfTree(pids.postgres) };
  const began = performance.now();
  const sent = await sender.go();
  await until(
    database,
    'select not exists (select 1 from stripe.events where processed_at is null) as yes',
    20,
  );
  const seconds = (performance.now() - began) / 1000;
  const perEvent = (used: number): number => Math.round((used / sent.sent) * 1e6) / 1000;
  const used = {
    product: perEvent(cpuOf(pids.product) - cpu.product),
    postgres: perEvent(cpuOfTree(pids.postgres) - cpu.postgres),
    sender: perEvent(sent.cpu_s),
  };
  const after = await countAll(database);
  await untilRested(database);
  return {
    events: sent.sent,
    events_per_s: Math.round(sent.sent / seconds),
    acknowledged_per_s: Math.round(sent.sent / sent.seconds),
    ack_p50_ms: sent.p50_ms,
    ack_p99_ms: sent.p99_ms,
    ack_max_ms: sent.max_ms,
    complete: sent.statuses['200'] === sent.sent && isComplete(made, before, after),
    rested_s: Math.round((performance.now() - began) / 10) / 100,
    cpu_ms_per_event: used,
    rss_mb: peakMemory(pids.product),
  };
}

interface Counts {
  events: number;
  failing: number;
  activities: Map<string, number>;
}

async function countAll(database: Installation['database']): Promise<Counts> {
  const events = await database.query<{ n: string; failing: string }>(
    'select count(*) as n, count(error) as failing from stripe.events',
  );
  const activities = await database.query<{ name: string; n: string }>(
    'select t.name, count(*) as n from headwater.activities a join headwater.activity_types t on t.id = a.type group by 1',
  );
  return {
    events: Number(events.rows[0]!.n),
    failing: Number(events.rows[0]!.failing),
    activities: new Map(activities.rows.map((row) => [row.name, Number(row.n)])),
  };
}

function isComplete(made: MadeEvents, before: Counts, after: Counts): boolean {
  const grown = (type: string): number =>
    (after.activities.get(type) ?? 0) - (before.activities.get(type) ?? 0);
  const told = Object.entries(made.activities).every(([type, n]) => grown(type) === n);
  if (!told) console.error('activities', made.activities, before.activities, after.activities);
  return told && after.failing === 0 && after.events - before.events === made.bodies.length;
}
