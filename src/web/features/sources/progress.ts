import type { SyncProgress } from '../../../api/contract/sources.ts';

export interface Share {
  /** Whole percent, never 100 before the sync itself says that it is complete; null while unknown. */
  percent: number | null;
  left_s: number | null;
}

/**
 * How far a sync is over all its resources. What the key may not read, and lanes that go on behind
 * it, are no part of it.
 */
export function progressShare(progress: SyncProgress | null): Share {
  if (!progress) return { percent: null, left_s: null };
  if (progress.finished_at) return { percent: 100, left_s: 0 };
  let done = 0;
  let expected = 0;
  let left: number | null = null;
  for (const resource of progress.resources) {
    // Events of the last weeks come along for catching up; how many there are is a guess until the end.
    if (resource.resource === 'events') continue;
    if (resource.lane !== 'main' || resource.state === 'skipped') continue;
    const whole = resource.state === 'done' ? resource.done : resource.expected;
    if (whole === null) continue;
    done += Math.min(resource.done, whole);
    expected += whole;
    if (resource.left_s !== null) left = Math.max(left ?? 0, resource.left_s);
  }
  const percent = expected > 0 ? Math.min(99, Math.floor((100 * done) / expected)) : null;
  return { percent, left_s: left };
}
