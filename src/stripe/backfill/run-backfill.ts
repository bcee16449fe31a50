import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../platform/index.ts';
import { StripeError } from '../client/stripe-error.ts';
import type { StripeClient } from '../client/client.ts';
import { RESTING_STATES } from '../definition.ts';
import { readSource } from '../queries/sources.ts';
import { listOpenRanges, restartRange, splitRange } from '../queries/runs.ts';
import type { SyncRange, SyncRun } from '../queries/runs.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { fetchPage } from './fetch-page.ts';
import type { Page } from './fetch-page.ts';
import { createGate } from './gate.ts';
import { guessBeginning, listOf, secondOf } from './lists.ts';
import { noteFailure, skipIfOptional } from './note-failure.ts';
import { reportProgress } from './report-progress.ts';
import { decideSplit, estimateLeft, readersWanted } from './split-range.ts';
import { createPageWriter } from './page-writer.ts';
import type { PageWriter } from './page-writer.ts';
import { storePages } from './store-pages.ts';
import type { FetchedPage } from './store-pages.ts';

/** Pages on their way or not yet stored, over all lists: bounds the memory of a sync of any size. */
const PAGES_IN_HAND = 32;
/** With so many pages waiting to be stored, it is storing that takes the time, not fetching. */
const MANY_WAITING = 16;
/** How often a range may fail in a row before the whole run rests. */
const FAILURES = 8;
/** How often it is asked whether somebody paused the source. */
const LOOK_MS = 1_000;

const CATALOGUE: ReadonlySet<string> = new Set(['products', 'prices', 'coupons']);
const FIRST: ReadonlyMap<string, number> = new Map([
  ['customers', 2_000],
  ['subscriptions', 1_000],
]);

/** A range being read, with how far it is fetched (which is ahead of how far it is stored). */
interface Reading {
  range: SyncRange;
  cursor: string | null;
  top: number | null;
  reached: number | null;
  fetched: number;
  /** Settles when all pages handed over so far are stored, or are known not to be. */
  stored: Promise<void>;
  /** While the older part of it is being given away. */
  splitting: Promise<void> | null;
  failed: unknown;
}

interface Backfill {
  ctx: Context;
  client: StripeClient;
  run: SyncRun;
  signal: AbortSignal;
  readings: Set<Reading>;
  waiting: SyncRange[];
  /** Where the account seems to begin: the newest instant before which a list was found empty. */
  floor: number | null;
  pages: ReturnType<typeof createGate>;
  writer: PageWriter;
}

/**
 * Fetches and stores what is left of a run: all lists together, each by as many readers as fill its
 * rate. Ends when every range is done, when the signal says so, or when the source is no longer to
 * be read; throws what only a person can repair. Everything it needs to go on is in the ranges.
 */
export async function runBackfill(
  ctx: Context,
  client: StripeClient,
  run: SyncRun,
  signal: AbortSignal,
): Promise<'done' | 'stopped'> {
  const stop = new AbortController();
  const backfill: Backfill = {
    ctx,
    client,
    run,
    signal: AbortSignal.any([signal, stop.signal]),
    readings: new Set(),
    waiting: await listOpenRanges(ctx, run.id),
    floor: null,
    pages: createGate(PAGES_IN_HAND),
    writer: createPageWriter(async (pages) => await storePages(ctx, client, run, pages)),
  };
  const ticking = reportProgress(ctx, client, run, stop.signal);
  const watching = watchSource(backfill, () => stop.abort());
  try {
    await readAll(backfill, () => stop.abort());
    return backfill.signal.aborted ? 'stopped' : 'done';
  } finally {
    stop.abort();
    await Promise.all([ticking, watching]);
  }
}

/** Stops the run when somebody paused or disconnected the source meanwhile. */
async function watchSource(backfill: Backfill, stop: () => void): Promise<void> {
  const { ctx, run, signal } = backfill;
  while (!signal.aborted) {
    try {
      const { state } = await readSource(ctx, run.source_id);
      if (RESTING_STATES.has(state)) return stop();
    } catch (error) {
      ctx.log.warn({ err: error }, 'cannot see whether the sync was paused');
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Keeps readers going until no range is left; one that fails for good ends them all, and its error is thrown. */
async function readAll(backfill: Backfill, stop: () => void): Promise<void> {
  const active = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = (range: SyncRange): void => {
    const reading: Reading = {
      range,
      cursor: range.cursor,
      top: range.until_at?.getTime() ?? null,
      reached: range.reached_at?.getTime() ?? null,
      fetched: range.objects,
      stored: Promise.resolve(),
      splitting: null,
      failed: null,
    };
    backfill.readings.add(reading);
    const task = readRange(backfill, reading, fill)
      .catch((error: unknown) => {
        if (backfill.signal.aborted) return;
        failures.push(error);
        stop();
      })
      .finally(() => {
        backfill.readings.delete(reading);
        active.delete(task);
        fill();
      });
    active.add(task);
  };
  const fill = (): void => {
    if (backfill.signal.aborted) return;
    for (const range of takeStartable(backfill)) start(range);
  };
  fill();
  while (active.size > 0) await Promise.race(active);
  if (failures.length > 0) throw failures[0];
}

/** Takes waiting ranges for which their list still has room for a reader, older phases first. */
function takeStartable(backfill: Backfill): SyncRange[] {
  const taken: SyncRange[] = [];
  const busy = new Map<string, number>();
  for (const { range } of backfill.readings) {
    busy.set(range.resource, (busy.get(range.resource) ?? 0) + 1);
  }
  const wanted = readers(backfill);
  const catalogueFirst = isCatalogueOpen(backfill);
  backfill.waiting = backfill.waiting.filter((range) => {
    if (catalogueFirst && !comesFirst(range)) return true;
    const now = busy.get(range.resource) ?? 0;
    if (now >= wanted) return true;
    busy.set(range.resource, now + 1);
    taken.push(range);
    return false;
  });
  return taken;
}

/** Prices and coupons give everything else its meaning: a ledger built without them would have to be built again. */
function isCatalogueOpen({ waiting, readings }: Backfill): boolean {
  const open = [...waiting, ...[...readings].map((reading) => reading.range)];
  return open.some(comesFirst);
}

/** What is on a test clock has to be known for it before anything of theirs is read. */
const comesFirst = ({ resource, parent }: SyncRange): boolean =>
  CATALOGUE.has(resource) || parent !== null;

function readers({ client }: Backfill): number {
  return readersWanted(client.limiter.limits.endpoint_per_s, client.counts.latency_ms);
}

async function readRange(backfill: Backfill, reading: Reading, fill: () => void): Promise<void> {
  for (let failures = 0; ;) {
    try {
      for (;;) {
        backfill.signal.throwIfAborted();
        const last = await readPage(backfill, reading);
        failures = 0;
        if (last) break;
        splitIfUseful(backfill, reading, fill);
      }
      await Promise.all([reading.stored, reading.splitting]);
      if (reading.failed) throw reading.failed;
      return;
    } catch (error) {
      // What was fetched but not stored is dropped: go on from what is in the database.
      await reading.stored;
      if (backfill.signal.aborted) throw error;
      if (await leaveOut(backfill, reading, error)) return;
      failures += 1;
      await recover(backfill, reading, error, failures);
    }
  }
}

/** Fetches one page and hands it to the writers; answers whether it was the last of the range. */
async function readPage(backfill: Backfill, reading: Reading): Promise<boolean> {
  const { client, signal } = backfill;
  const { range } = reading;
  await backfill.pages.enter(signal);
  const after = reading.cursor;
  let page: Page;
  try {
    if (reading.failed) throw reading.failed;
    const from = range.from_at?.getTime() ?? null;
    const until = range.until_at?.getTime() ?? null;
    const request = {
      resource: range.resource,
      from,
      until,
      cursor: after,
      parent: range.parent,
    };
    page = await fetchPage(client, request, { signal, weight: weightOf(backfill, reading) });
  } catch (error) {
    backfill.pages.leave();
    throw error;
  }
  noteFetched(backfill, reading, page);
  const from = range.from_at?.getTime() ?? null;
  // The range may have been cut while the page was on its way.
  const done = !page.has_more || (from !== null && (reading.reached ?? from) < from);
  const stored = {
    resource: range.resource,
    range_id: range.id,
    after,
    objects: page.objects,
    source: page.source,
    carried: page.carried,
    cursor: reading.cursor,
    reached_at: reading.reached === null ? null : new Date(reading.reached),
    done,
  };
  reading.stored = Promise.all([reading.stored, keep(backfill, reading, stored)]).then(noop);
  return done;
}

const noop = (): void => undefined;

/** Has a page stored and notes it in the range, or that it could not be. */
async function keep(backfill: Backfill, reading: Reading, page: FetchedPage): Promise<void> {
  const { range } = reading;
  try {
    await backfill.writer.write(page);
    range.cursor = page.cursor;
    range.reached_at = page.reached_at;
    range.objects += page.objects.length;
  } catch (error) {
    reading.failed ??= error;
  } finally {
    backfill.pages.leave();
  }
}

function noteFetched(backfill: Backfill, reading: Reading, page: Page): void {
  const created = (index: number): number =>
    (secondOf(reading.range.resource, page.objects.at(index)!.object) ?? 0) * 1000;
  if (page.objects.length > 0) {
    reading.top ??= created(0);
    reading.reached = created(-1);
    reading.cursor = String(page.objects.at(-1)!.object.id);
    reading.fetched += page.objects.length;
  } else if (reading.fetched === 0 && reading.range.from_at === null && reading.range.until_at) {
    backfill.floor = Math.max(backfill.floor ?? 0, reading.range.until_at.getTime());
  }
}

function floorOf({ run, floor }: Backfill, { range }: Reading): number | null {
  return guessBeginning(range.resource, run.started_at, floor);
}

function coveredOf(reading: Reading) {
  if (reading.top === null || reading.reached === null) return null;
  const from = reading.range.from_at?.getTime() ?? null;
  return { from, top: reading.top, reached: reading.reached, objects: reading.fetched };
}

/**
 * Who is a customer, and on what, goes before all, since the rest is about them; of the others,
 * lists with more to come go first, so that none is left alone at the end.
 */
function weightOf(backfill: Backfill, reading: Reading): number {
  const first = FIRST.get(reading.range.resource);
  if (first !== undefined) return first;
  let left = 1;
  for (const other of backfill.readings) {
    const covered = coveredOf(other);
    if (other.range.resource !== reading.range.resource || !covered) continue;
    left += estimateLeft(covered, floorOf(backfill, other)) / 100;
  }
  return Math.min(900, left);
}

/** Gives the older half of a long range to another reader when its list has one to spare. */
function splitIfUseful(backfill: Backfill, reading: Reading, fill: () => void): void {
  const { range } = reading;
  const covered = coveredOf(reading);
  const same = [...backfill.readings].filter((one) => one.range.resource === range.resource);
  const queued = backfill.waiting.some((one) => one.resource === range.resource);
  // When storing is what takes the time, more readers only cost requests.
  const busy = backfill.writer.waiting() >= MANY_WAITING;
  if (!covered || queued || busy || reading.splitting || same.length >= readers(backfill)) return;
  if (!listOf(range.resource).by_created) return;
  const middle = decideSplit(covered, floorOf(backfill, reading));
  if (middle === null) return;
  reading.splitting = split(backfill, reading, new Date(middle)).then(fill, (error: unknown) => {
    reading.splitting = null;
    backfill.ctx.log.warn({ err: error }, 'a range of the sync could not be cut in two');
  });
}

/** Only once the older half is a range of its own does this one end where it begins. */
async function split(backfill: Backfill, reading: Reading, at: Date): Promise<void> {
  const { range } = reading;
  const whole = { ...range };
  const older = await retryConflicts(backfill.ctx, async (tx) => await splitRange(tx, whole, at));
  range.from_at = at;
  reading.splitting = null;
  backfill.waiting.push(older);
}

/** Puts a range back to what is stored, keeps the error where it can be seen, and waits a little. */
async function recover(
  backfill: Backfill,
  reading: Reading,
  error: unknown,
  failures: number,
): Promise<void> {
  const { ctx, signal } = backfill;
  const { range } = reading;
  if (error instanceof StripeError && (error.kind === 'key' || error.kind === 'permission')) {
    await noteFailure(ctx, range, error);
    throw error;
  }
  if (failures >= FAILURES) throw error;
  if (error instanceof StripeError && error.kind === 'missing' && reading.cursor !== null) {
    // The object the cursor stands on was deleted: start again at its second.
    const until = range.reached_at ? new Date(range.reached_at.getTime() + 1000) : null;
    await restartRange(ctx, range.id, until);
    range.cursor = null;
    range.until_at = until ?? range.until_at;
  } else {
    await noteFailure(ctx, range, error);
    await delay(Math.min(10_000, 100 * 2 ** failures), undefined, { signal });
  }
  reading.failed = null;
  backfill.writer.mend(range.id);
  reading.cursor = range.cursor;
  reading.reached = range.reached_at?.getTime() ?? null;
  reading.fetched = range.objects;
}

/** Goes on without a list that cannot be had and is not needed. */
async function leaveOut(
  backfill: Backfill,
  { range, cursor }: Reading,
  error: unknown,
): Promise<boolean> {
  const out = await skipIfOptional(backfill.ctx, range, error, { begun: cursor !== null });
  if (out === 'resource')
    backfill.waiting = backfill.waiting.filter((one) => one.resource !== range.resource);
  return out !== null;
}
