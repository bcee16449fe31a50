import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StreamNotice } from '../../api/contract/notices.ts';
import { STALE } from '../lib/keys.ts';
import type { Asked } from '../lib/keys.ts';

// Notices of one change come within a few milliseconds of each other.
const SOON_MS = 40;
const REST_MS = 300;
// While a first sync runs, notices come without end; lists are read again no more often than this.
const SYNCING_REST_MS = 1500;
// A dashboard asks a dozen questions at a time.
const SYNCING_DASHBOARD_REST_MS = 4000;

/** Listens to the server for as long as the page is open and reads again what changed. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const timers = new Map<Asked, ReturnType<typeof setTimeout>>();
    const readAt = new Map<Asked, number>();
    let syncSeenAt = Number.NEGATIVE_INFINITY;
    const read = (kind: Asked): void => {
      timers.delete(kind);
      readAt.set(kind, performance.now());
      // A request under way was asked before this change, so it is asked again.
      void client.invalidateQueries({ queryKey: [kind] });
    };
    const restOf = (kind: Asked): number => {
      if (performance.now() - syncSeenAt > 2 * SYNCING_REST_MS) return REST_MS;
      return kind === 'dashboards' ? SYNCING_DASHBOARD_REST_MS : SYNCING_REST_MS;
    };
    const mark = (kind: Asked): void => {
      if (timers.has(kind)) return;
      const last = readAt.get(kind) ?? Number.NEGATIVE_INFINITY;
      const wait = Math.max(SOON_MS, last + restOf(kind) - performance.now());
      timers.set(
        kind,
        setTimeout(() => read(kind), wait),
      );
    };
    const stream = new EventSource('/api/stream');
    stream.addEventListener('message', (event: MessageEvent<string>) => {
      const notice = JSON.parse(event.data) as StreamNotice;
      if (notice.topic === 'sync') syncSeenAt = performance.now();
      for (const kind of STALE[notice.topic] ?? []) mark(kind);
    });
    stream.addEventListener('open', () => {
      // Nobody knows what was missed in a break, or between the first answers and now.
      void client.invalidateQueries();
    });
    return () => {
      for (const timer of timers.values()) clearTimeout(timer);
      stream.close();
    };
  }, [client]);
}
