import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StreamNotice } from '../../api/contract/notices.ts';
import { STALE } from '../lib/keys.ts';
import { createLanes } from './live-lanes.ts';
import type { Lane } from './live-lanes.ts';

/** Listens to the server for as long as the page is open and reads again what changed. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const lanes = createLanes((lane) => readAgain(client, lane));
    const stream = new EventSource('/api/stream');
    stream.addEventListener('message', (event: MessageEvent<string>) => {
      const { topic } = JSON.parse(event.data) as StreamNotice;
      if (topic === 'activities' || topic === 'source') lanes.mark('feeds');
      for (const kind of STALE[topic] ?? []) lanes.mark(kind);
    });
    stream.addEventListener('open', () => {
      // Nobody knows what was missed in a break, or between the first answers and now.
      void client.invalidateQueries();
    });
    return () => {
      lanes.close();
      stream.close();
    };
  }, [client]);
}

const isFeed = (key: readonly unknown[]): boolean =>
  key[0] === 'sources' && key[2] === 'activities';

/** Resolves when everything of the lane that is shown has been read. */
async function readAgain(client: QueryClient, lane: Lane): Promise<void> {
  const kind = lane === 'feeds' ? 'sources' : lane;
  await client.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === kind && isFeed(queryKey) === (lane === 'feeds'),
  });
}
