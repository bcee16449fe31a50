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

/** Listens to the server for as long as the page is open and reads again what changed. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stale = new Set<Asked>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastAt = 0;
    let syncSeenAt = Number.NEGATIVE_INFINITY;
    const flush = (): void => {
      timer = undefined;
      lastAt = performance.now();
      const asked = [...stale];
      stale.clear();
      for (const kind of asked) {
        // A request under way was asked before this change, so it is asked again.
        void client.invalidateQueries({ queryKey: [kind] });
      }
    };
    const mark = (kinds: readonly Asked[]): void => {
      for (const kind of kinds) stale.add(kind);
      if (stale.size === 0 || timer) return;
      const now = performance.now();
      const rest = now - syncSeenAt < 2 * SYNCING_REST_MS ? SYNCING_REST_MS : REST_MS;
      timer = setTimeout(flush, Math.max(SOON_MS, lastAt + rest - now));
    };
    const stream = new EventSource('/api/stream');
    let opened = false;
    stream.addEventListener('message', (event: MessageEvent<string>) => {
      const notice = JSON.parse(event.data) as StreamNotice;
      if (notice.topic === 'sync') syncSeenAt = performance.now();
      mark(STALE[notice.topic] ?? []);
    });
    stream.addEventListener('open', () => {
      // After a break nobody knows what was missed.
      if (opened) void client.invalidateQueries();
      opened = true;
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [client]);
}
