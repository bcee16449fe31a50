import { setTimeout as delay } from 'node:timers/promises';
import { listOlderOf } from '../objects/index.ts';
import type { Json, Sighting } from '../objects/index.ts';
import { notify, withExclusive } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { decideSkipOf } from './backfill/decide-skip.ts';
import { clientOf } from './client/source-client.ts';
import type { Params, StripeClient } from './client/client.ts';
import { StripeError } from './client/stripe-error.ts';
import { RESTING_STATES } from './definition.ts';
import type { Mode } from './definition.ts';
import { noteKeyTrouble } from './key-trouble.ts';
import { readAllowance } from './poll-schedule.ts';
import { listLaneCustomers, readLaneUse } from './queries/lane.ts';
import {
  advanceRanges,
  completeRun,
  countWork,
  findRunning,
  listOpenRanges,
  listRunning,
  skipResource,
} from './queries/runs.ts';
import type { SyncRange, SyncRun } from './queries/runs.ts';
import { findSource, readSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { ingest } from './ingest.ts';
import { retryConflicts } from './retry-conflicts.ts';

/**
 * `background`: at most so many customers a second, beside a product that is used. `foreground`:
 * somebody waits for it and for nothing else, so only Stripe's limit counts.
 */
export type LanePace = 'background' | 'foreground';

/** Customers a second, at most: Stripe lists payment methods only customer by customer. */
export const LANE_PER_S: Readonly<Record<Mode, number>> = { live: 8, test: 3 };
/** Customers between two notes of how far it is, when nothing holds it back but the limit. */
const FOREGROUND_STEP = 50;
/** Behind everything else that wants to be read. */
const WEIGHT = -10;
const DAY_MS = 86_400_000;
const RESOURCE = 'payment_methods';

/** Works on every walk over payment methods. Answers how many came to their end. */
export async function walkPaymentMethods(
  ctx: Context,
  signal: AbortSignal,
  pace: LanePace = 'background',
): Promise<number> {
  const ids = await listRunning(ctx, RESOURCE);
  const ended = await Promise.all(
    ids.map(
      async (id) =>
        await withExclusive(ctx, `payment methods of source ${id}`, async (lost) => {
          const source = await readSource(ctx, id);
          return await continueLane(ctx, source, AbortSignal.any([signal, lost]), pace);
        }),
    ),
  );
  return ended.filter((end) => end === true).length;
}

/**
 * Goes on with a source's walk until it is through, the signal says stop, the source rests, or half
 * of Stripe's allowance of reads is used. Answers whether it is through. What was walked is in the
 * range's cursor, stored together with what was found.
 */
export async function continueLane(
  ctx: Context,
  source: Source,
  signal: AbortSignal,
  pace: LanePace = 'background',
): Promise<boolean> {
  const run = await findRunning(ctx, source.id, RESOURCE);
  if (!run || (await isSpent(ctx, source.id))) return false;
  const client = clientOf(ctx, source);
  try {
    for (const range of await listOpenRanges(ctx, run.id)) {
      if (!(await walkRange(ctx, { source, run, client, signal, pace }, range))) return false;
    }
    return await completeRun(ctx, run.id);
  } catch (error) {
    if (signal.aborted) return false;
    const skipped = decideSkipOf('rak_payment_method_read', error, { begun: false });
    if (skipped !== null) {
      await skipResource(ctx, run.id, RESOURCE, skipped);
      return await completeRun(ctx, run.id);
    }
    if (error instanceof StripeError && (await noteKeyTrouble(ctx, source.id, error))) return false;
    throw error;
  }
}

async function isSpent(ctx: Context, source_id: number): Promise<boolean> {
  const since = new Date(ctx.clock.now().getTime() - 30 * DAY_MS);
  const { transactions, reads } = await readLaneUse(ctx, source_id, since);
  return reads >= readAllowance(transactions) / 2;
}

interface Walk {
  source: Source;
  run: SyncRun;
  client: StripeClient;
  signal: AbortSignal;
  pace: LanePace;
}

/** One second's worth of customers after the other; false when it was stopped before the end. */
async function walkRange(ctx: Context, walk: Walk, range: SyncRange): Promise<boolean> {
  const { run, client, signal } = walk;
  for (let after = range.cursor ?? ''; ;) {
    const now = await findSource(ctx, walk.source.id);
    if (signal.aborted || !now || RESTING_STATES.has(now.state)) return false;
    const started = performance.now();
    const before = { ...client.counts };
    const step = walk.pace === 'foreground' ? FOREGROUND_STEP : LANE_PER_S[now.mode];
    const ids = await listLaneCustomers(ctx, run, {
      phase: range.phase,
      after,
      limit: step,
      clocks: now.include_test_clocks,
    });
    const found = await Promise.all(ids.map(async (id) => await readMethods(client, id, signal)));
    const done = ids.length < step;
    await storeMethods(ctx, walk, range, { after, ids, found, done });
    after = ids.at(-1) ?? after;
    if (!done && walk.pace === 'background')
      await rest(1000 - (performance.now() - started), signal);
    await countWork(ctx, run.id, {
      // The client is shared with everything else that reads this account.
      requests: found.reduce((sum, one) => sum + one.pages, 0),
      rate_limited: Math.max(0, client.counts.rate_limited - before.rate_limited),
      busy_ms: Math.round(performance.now() - started),
    });
    await notify(ctx, { topic: 'sync', source_id: walk.source.id });
    if (done) return true;
    if (await isSpent(ctx, walk.source.id)) return false;
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => undefined);
}

interface Methods {
  customer: string;
  /** Start of the first request. */
  at: Date;
  objects: Json[];
  pages: number;
}

/** All payment methods of a customer; one that is gone meanwhile has none. */
async function readMethods(
  client: StripeClient,
  customer: string,
  signal: AbortSignal,
): Promise<Methods> {
  const objects: Json[] = [];
  let at: Date | null = null;
  for (let pages = 1; ; pages += 1) {
    const last = objects.at(-1)?.id as string | undefined;
    const params: Params = { limit: 100, ...(last ? { starting_after: last } : {}) };
    const answer = await client
      .get(`/v1/customers/${customer}/payment_methods`, params, { signal, weight: WEIGHT })
      .catch((error: unknown) => {
        if (error instanceof StripeError && error.code === 'resource_missing') return null;
        throw error;
      });
    if (answer === null) return { customer, at: at ?? new Date(0), objects, pages };
    at ??= answer.at;
    objects.push(...(answer.body.data as Json[]));
    if (answer.body.has_more !== true) return { customer, at, objects, pages };
  }
}

async function storeMethods(
  ctx: Context,
  { source, run }: Walk,
  range: SyncRange,
  batch: { after: string; ids: string[]; found: Methods[]; done: boolean },
): Promise<void> {
  await retryConflicts(ctx, async (tx) => {
    const detached = await Promise.all(
      batch.found.map(async (one) => await listDetached(tx, source, one)),
    );
    const objects = batch.found.flatMap(({ objects: all, at }) =>
      all.map((object): Sighting => ({ object, version_at: at, kind: 'fetch' })),
    );
    const all = [...objects, ...detached.flat()];
    // A tie is left alone: the event that makes it one is applied by itself and fetches the object.
    if (all.length > 0) {
      const version = { at: run.started_at, kind: 'fetch' as const };
      await ingest(tx, source.id, [
        { resource: RESOURCE, objects: all, version, origin: 'history' },
      ]);
    }
    await advanceRanges(tx, [
      {
        range_id: range.id,
        after: batch.after || null,
        cursor: batch.ids.at(-1) ?? null,
        reached_at: null,
        objects: batch.ids,
        done: batch.done,
      },
    ]);
  });
}

/** What a customer no longer has keeps its row and belongs to nobody. */
async function listDetached(tx: Context, source: Source, one: Methods): Promise<Sighting[]> {
  const told = new Set(one.objects.map((object) => object.id));
  const kept = await listOlderOf(tx, source.id, RESOURCE, [one.customer], one.at);
  return kept
    .filter((object) => !told.has(object.id))
    .map((object) => ({
      object: { ...object, customer: null },
      version_at: one.at,
      kind: 'fetch',
    }));
}
