import type { Context } from '../platform/index.ts';
import { LISTS, guessBeginning } from './backfill/lists.ts';
import type { ListResource } from './backfill/lists.ts';
import { estimateLeft } from './backfill/split-range.ts';
import { findLatestRun, listRanges } from './queries/runs.ts';
import type { RangeError, SyncRange, SyncRun } from './queries/runs.ts';
import { readSource } from './queries/sources.ts';

export interface ResourceProgress {
  resource: ListResource;
  done: number;
  /** An estimate from the time covered so far, as Stripe tells no totals; null before the first page. */
  expected: number | null;
  /** Objects a second, over the time really spent. */
  rate_per_s: number | null;
  left_s: number | null;
  state: 'waiting' | 'running' | 'done';
  /** Of the last failed try that has not been made good. */
  error: RangeError | null;
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
  const ranges = await listRanges(ctx, run.id);
  const open = ranges.filter((range) => !range.done_at);
  const floor = beginning(ranges);
  const state = run.state === 'running' && !WORKING.has(source.state) ? 'waiting' : run.state;
  return {
    state,
    phase: run.state === 'running' ? (open.some((range) => range.phase === 1) ? 1 : 2) : null,
    resources: LISTS.map(({ resource }) => sumResource(resource, ranges, run, floor)),
    requests: run.requests,
    rate_limited: run.rate_limited,
    started_at: run.started_at,
    finished_at: run.finished_at,
    usable: describeUsable(run, open),
  };
}

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
  const finished = ranges.every((range) => range.done_at);
  const started = ranges.some((range) => range.pages > 0);
  const left = finished
    ? 0
    : estimateResource(ranges, run, guessBeginning(resource, run.started_at, floor));
  const rate = run.busy_ms > 0 ? (done * 1000) / run.busy_ms : 0;
  return {
    resource,
    done,
    expected: left === null ? null : done + left,
    rate_per_s: started ? Math.round(rate * 10) / 10 : null,
    left_s: left === null || (left > 0 && rate === 0) ? null : Math.ceil(left / (rate || 1)),
    state: finished ? 'done' : started ? 'running' : 'waiting',
    error: ranges.find((range) => range.error)?.error ?? null,
  };
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
  const open = covers.filter((_, index) => !begun[index]!.done_at);
  const running = open.reduce((sum, cover) => sum + estimateLeft(cover, floor), 0);
  const objects = covers.reduce((sum, cover) => sum + cover.objects, 0);
  const span = covers.reduce((sum, cover) => sum + Math.max(1000, cover.top - cover.reached), 0);
  const unbegun = ranges.filter((range) => !range.reached_at && !range.done_at);
  const waiting = unbegun.reduce((sum, range) => {
    const from = range.from_at?.getTime() ?? floor ?? run.started_at.getTime();
    const until = (range.until_at ?? run.started_at).getTime();
    return sum + (objects * Math.max(0, until - from)) / span;
  }, 0);
  return Math.round(running + waiting);
}

function describeUsable(run: SyncRun, open: SyncRange[]): string {
  if (run.state === 'complete') return 'Everything is here, with its whole history.';
  if (open.some((range) => range.phase === 1)) {
    return 'People, subscriptions and the last 90 days appear as they arrive; totals grow until this is done.';
  }
  return 'People, subscriptions and the last 90 days are complete. Older invoices and charges are still coming, so lifetime figures grow.';
}
