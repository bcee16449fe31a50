import { inTransaction, withExclusive } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { planRanges } from './backfill/lists.ts';
import type { StripeClient } from './client/client.ts';
import { countReads } from './client/count-reads.ts';
import { clientOf } from './client/source-client.ts';
import { StripeError } from './client/stripe-error.ts';
import { EVENTS_REACH_MS } from './definition.ts';
import { keepNewEvents } from './keep-new-events.ts';
import { noteKeyTrouble } from './key-trouble.ts';
import { decidePollRest, readAllowance } from './poll-schedule.ts';
import { cancelRuns, startRun } from './queries/runs.ts';
import { countTransactions } from './queries/samples.ts';
import { findSource, readSources, updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { noteDeliveryTrouble } from './queries/webhook-hours.ts';
import { checkEndpoint } from './webhook/endpoint.ts';

const DAY_MS = 86_400_000;

/** A poll that comes this late was kept from coming: the program did not run. */
const AWAY_MS = 120_000;

const FOLLOWED = new Set(['live', 'degraded', 'webhook_full', 'syncing']);

/** Asks Stripe for events that have not arrived, for every source whose time has come. Answers how many were new. */
export async function pollEvents(ctx: Context, signal: AbortSignal): Promise<number> {
  let found = 0;
  for (const { id } of (await readSources(ctx)).filter((source) => isDue(ctx, source))) {
    if (signal.aborted) break;
    const polled = await withExclusive(ctx, `poll events of source ${id}`, async (lost) => {
      const source = await findSource(ctx, id);
      const stop = AbortSignal.any([signal, lost]);
      return source && isDue(ctx, source) ? await pollSource(ctx, source, stop) : 0;
    });
    found += polled ?? 0;
  }
  return found;
}

function isDue(ctx: Context, source: Source): boolean {
  if (!FOLLOWED.has(source.state)) return false;
  return source.next_poll_at === null || source.next_poll_at <= ctx.clock.now();
}

async function pollSource(ctx: Context, source: Source, signal: AbortSignal): Promise<number> {
  const now = ctx.clock.now();
  const since = source.events_polled_until ?? source.connected_at;
  if (now.getTime() - since.getTime() > EVENTS_REACH_MS) return await copyAgain(ctx, source);
  const { client, reads } = countReads(clientOf(ctx, source));
  try {
    const { fresh, newest, missed } = await keepNewEvents(ctx, client, source, {
      signal,
      weight: 2_000,
    });
    const webhook = await judgeWebhook(ctx, client, source, missed);
    await settlePoll(ctx, source, {
      fresh,
      until: newest,
      reads: reads(),
      webhook,
    });
    return fresh;
  } catch (error) {
    if (signal.aborted) return 0;
    if (!(error instanceof StripeError)) throw error;
    if (await noteKeyTrouble(ctx, source.id, error)) return 0;
    ctx.log.warn({ err: error, source_id: source.id }, 'polling for events failed');
    const next_poll_at = new Date(now.getTime() + 10_000);
    await updateSource(ctx, source.id, { next_poll_at });
    return 0;
  }
}

/** What polling says about the webhook; null when it says nothing new. */
async function judgeWebhook(
  ctx: Context,
  client: StripeClient,
  source: Source,
  missed: number,
): Promise<'silent' | 'disabled' | 'deleted' | null> {
  if (source.state !== 'live' || !source.webhook_endpoint_id || missed === 0) return null;
  // When we were away ourselves, events are missing although Stripe delivers well: it repeats them.
  const due = source.next_poll_at?.getTime() ?? 0;
  if (ctx.clock.now().getTime() - due > AWAY_MS) return null;
  await noteDeliveryTrouble(ctx, source.id, { missed });
  const status = await checkEndpoint(client, source.webhook_endpoint_id);
  return status === 'enabled' ? 'silent' : status;
}

async function settlePoll(
  ctx: Context,
  source: Source,
  poll: {
    fresh: number;
    until: Date | null;
    reads: number;
    webhook: 'silent' | 'disabled' | 'deleted' | null;
  },
): Promise<void> {
  const now = ctx.clock.now();
  const since = source.events_polled_until ?? source.connected_at;
  // Somebody may have paused it while Stripe was asked.
  const same = (await findSource(ctx, source.id))?.state === source.state;
  const expired =
    !source.poll_reads_since || now.getTime() - source.poll_reads_since.getTime() > 30 * DAY_MS;
  const reads = (expired ? 0 : source.poll_reads) + poll.reads;
  const idle_polls = poll.fresh > 0 ? 0 : source.idle_polls + 1;
  const hooked = source.webhook_endpoint_id !== null && source.state !== 'degraded';
  const rest = decidePollRest({
    following: hooked && poll.webhook === null ? 'webhook' : 'polling',
    idle_polls,
    reads,
    allowance: readAllowance(await countTransactions(ctx, source.id)),
  });
  await updateSource(ctx, source.id, {
    // A quiet account has no newest event to go by; a day is more than clocks can differ.
    events_polled_until: latest(poll.until, new Date(now.getTime() - DAY_MS), since),
    next_poll_at: new Date(now.getTime() + rest),
    idle_polls,
    poll_reads: reads,
    ...(expired ? { poll_reads_since: now } : {}),
    ...(poll.webhook === null || !same
      ? {}
      : {
          state: 'degraded' as const,
          state_detail: { webhook: { status: poll.webhook, since: now.toISOString() } },
        }),
  });
}

const latest = (...instants: (Date | null)[]): Date =>
  new Date(Math.max(...instants.map((at) => at?.getTime() ?? 0)));

/**
 * The gap is longer than Stripe's memory of events: all lists are copied again. A run that was under
 * way begins anew as well, for what it had read by then is as old as the gap.
 */
async function copyAgain(ctx: Context, source: Source): Promise<number> {
  const now = ctx.clock.now();
  await inTransaction(ctx, async (tx) => {
    await cancelRuns(tx, source.id);
    await startRun(tx, source.id, planRanges(now));
    await updateSource(tx, source.id, {
      state: source.state === 'webhook_full' ? 'webhook_full' : 'syncing',
      events_polled_until: now,
      next_poll_at: now,
    });
  });
  return 1;
}
