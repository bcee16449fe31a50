import type { Context } from '../platform/index.ts';
import { NOT_OFFERED, findPermission } from './backfill/decide-skip.ts';
import { LISTS, guessBeginning } from './backfill/lists.ts';
import type { ListResource } from './backfill/lists.ts';
import { estimateLeft } from './backfill/split-range.ts';
import { countLaneCustomers } from './queries/lane.ts';
import { findLatestRun, listNewestRanges, listRanges } from './queries/runs.ts';
import type { Lane, RangeError, SyncRange, SyncRun } from './queries/runs.ts';
import { readSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';

export interface ResourceProgress {
  resource: ListResource | 'payment_methods';
  lane: Lane;
  /** What `done` and `expected` count. */
  counts: 'objects' | 'customers';
  done: number;
  /** An estimate from the time covered so far, as Stripe tells no totals; null before the first page. */
  expected: number | null;
  /** Objects a second, over the time really spent. */
  rate_per_s: number | null;
  left_s: number | null;
  state: 'waiting' | 'running' | 'done' | 'skipped';
  /** The permission to add to the key, when it is skipped for want of one. */
  missing: { slug: string; label: string; access: string } | null;
  /** Of the last failed try that has not been made good. */
  error: (RangeError & { attempts: number }) | null;
}

export interface SyncProgress {
  /** `waiting`: somebody has to do something about the source first (its state says what). */
  state: 'none' | 'running' | 'waiting' | 'complete' | 'failed' | 'cancelled';
  /** 1 while the last 90 days and the small lists come in, then 2; null when nothing is going on. */
  phase: number | null;
  resources: ResourceProgress[];
  requests: number;
  rate_limited: number;
  started_at: Date | null;
  finished_at: Date | null;
  /** What can be used already, as a sentence. */
  usable: string;
}

const WORKING = new Set(['syncing', 'webhook_full', 'connecting']);

/** How far the newest sync of a source is. Reads some dozen rows. */
export async function getSyncProgress(ctx: Context, source_id: number): Promise<SyncProgress> {
  const source = await readSource(ctx, source_id);
  const run = await findLatestRun(ctx, source_id);
  if (!run) return NOTHING;
  const ranges = await listNewestRanges(ctx, source_id);
  const open = ranges.filter((range) => !isOver(range));
  const floor = beginning(ranges);
  const state = run.state === 'running' && !WORKING.has(source.state) ? 'waiting' : run.state;
  return {
    state,
    phase: run.state === 'running' ? (open.some((range) => range.phase === 1) ? 1 : 2) : null,
    resources: [
      ...LISTS.map(({ resource }) => sumResource(resource, ranges, run, floor)),
      await sumLane(ctx, source),
    ],
    requests: run.requests,
    rate_limited: run.rate_limited,
    started_at: run.started_at,
    finished_at: run.finished_at,
    usable: describeUsable(run, ranges),
  };
}

const isOver = (range: SyncRange): boolean => range.done_at !== null || range.skipped !== null;

const NOTHING: SyncProgress = {
  state: 'none',
  phase: null,
  resources: [],
  requests: 0,
  rate_limited: 0,
  started_at: null,
  finished_at: null,
  usable: 'Nothing has been copied yet.',
};

/** The oldest instant any list has reached: a guess at where the account begins. */
function beginning(ranges: SyncRange[]): number | null {
  const reached = ranges.flatMap((range) => range.reached_at?.getTime() ?? []);
  return reached.length > 0 ? Math.min(...reached) : null;
}

function sumResource(
  resource: ListResource,
  all: SyncRange[],
  run: SyncRun,
  floor: number | null,
): ResourceProgress {
  const ranges = all.filter((range) => range.resource === resource);
  const done = ranges.reduce((sum, range) => sum + range.objects, 0);
  const finished = ranges.length > 0 && ranges.every(isOver);
  const skipped = ranges.find((range) => range.skipped !== null)?.skipped ?? null;
  const started = ranges.some((range) => range.pages > 0);
  const left = finished
    ? 0
    : estimateResource(ranges, run, guessBeginning(resource, run.started_at, floor));
  const rate = run.busy_ms > 0 ? (done * 1000) / run.busy_ms : 0;
  return {
    resource,
    lane: 'main',
    counts: 'objects',
    done,
    expected: left === null ? null : done + left,
    rate_per_s: started ? Math.round(rate * 10) / 10 : null,
    left_s: left === null || (left > 0 && rate === 0) ? null : Math.ceil(left / (rate || 1)),
    state: skipped ? 'skipped' : finished ? 'done' : started ? 'running' : 'waiting',
    missing: describeMissing(skipped),
    error: describeError(ranges),
  };
}

/** The walk over payment methods, which counts customers. */
async function sumLane(ctx: Context, source: Source): Promise<ResourceProgress> {
  const run = await findLatestRun(ctx, source.id, 'payment_methods');
  const ranges = run ? await listRanges(ctx, run.id) : [];
  const done = ranges.reduce((sum, range) => sum + range.objects, 0);
  const skipped = ranges.find((range) => range.skipped !== null)?.skipped ?? null;
  const running = run?.state === 'running' && skipped === null;
  const left = running
    ? await countLaneCustomers(ctx, run, ranges, source.include_test_clocks)
    : run
      ? 0
      : null;
  const rate = run && run.busy_ms > 0 ? (done * 1000) / run.busy_ms : null;
  return {
    resource: 'payment_methods',
    lane: 'payment_methods',
    counts: 'customers',
    done,
    expected: left === null ? null : done + left,
    rate_per_s: rate === null ? null : Math.round(rate * 10) / 10,
    left_s: left === null ? null : left === 0 ? 0 : rate ? Math.ceil(left / rate) : null,
    state: skipped !== null ? 'skipped' : !run ? 'waiting' : running ? 'running' : 'done',
    missing: describeMissing(skipped),
    error: describeError(ranges),
  };
}

function describeMissing(skipped: string | null): ResourceProgress['missing'] {
  if (skipped === null || skipped === NOT_OFFERED) return null;
  const known = findPermission(skipped);
  return { slug: skipped, label: known?.label ?? skipped, access: known?.access ?? 'Read' };
}

function describeError(ranges: SyncRange[]): ResourceProgress['error'] {
  const failed = ranges.find((range) => range.error);
  return failed?.error ? { ...failed.error, attempts: failed.attempts } : null;
}

/** Objects still to come; ranges not begun yet are judged by the density of those that are. */
function estimateResource(ranges: SyncRange[], run: SyncRun, floor: number | null): number | null {
  const begun = ranges.filter((range) => range.reached_at);
  if (begun.length === 0) return null;
  const covers = begun.map((range) => ({
    from: range.from_at?.getTime() ?? null,
    top: (range.until_at ?? run.started_at).getTime(),
    reached: range.reached_at!.getTime(),
    objects: range.objects,
  }));
  const open = covers.filter((_, index) => !isOver(begun[index]!));
  const running = open.reduce((sum, cover) => sum + estimateLeft(cover, floor), 0);
  const objects = covers.reduce((sum, cover) => sum + cover.objects, 0);
  const span = covers.reduce((sum, cover) => sum + Math.max(1000, cover.top - cover.reached), 0);
  const unbegun = ranges.filter((range) => !range.reached_at && !isOver(range));
  const waiting = unbegun.reduce((sum, range) => {
    const from = range.from_at?.getTime() ?? floor ?? run.started_at.getTime();
    const until = (range.until_at ?? run.started_at).getTime();
    return sum + (objects * Math.max(0, until - from)) / span;
  }, 0);
  return Math.round(running + waiting);
}

function describeUsable(run: SyncRun, ranges: SyncRange[]): string {
  const left_out = describeSkipped(ranges);
  if (run.state === 'complete') return `Everything is here, with its whole history.${left_out}`;
  if (ranges.some((range) => range.phase === 1 && !isOver(range))) {
    return `People, subscriptions and the last 90 days appear as they arrive; totals grow until this is done.${left_out}`;
  }
  return `People, subscriptions and the last 90 days are complete. Older invoices and charges are still coming, so lifetime figures grow.${left_out}`;
}

/** ` The key may not read Disputes and Payouts: they are left out until it may.` */
function describeSkipped(ranges: SyncRange[]): string {
  const slugs = new Set(ranges.flatMap(({ skipped }) => skipped ?? []));
  const absent = slugs.delete(NOT_OFFERED)
    ? ' Lists that this account does not offer are empty.'
    : '';
  const names = [...slugs].map((slug) => findPermission(slug)?.label ?? slug);
  if (names.length === 0) return absent;
  const list =
    names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return ` The key may not read ${list}: left out until it may.${absent}`;
}
