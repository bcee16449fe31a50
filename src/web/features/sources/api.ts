import { queryOptions } from '@tanstack/react-query';
import type { SourceDetail, SourceList } from '../../../api/contract/sources.ts';
import { request } from '../../lib/http.ts';

// The shell asks these too, so they are in the first load; everything else is in lists.ts and deeds.ts.

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: async ({ signal }) => (await request<SourceList>('/sources', { signal })).sources,
});

export const sourceQuery = (id: number) =>
  queryOptions({
    queryKey: ['sources', id],
    queryFn: ({ signal }) => request<SourceDetail>(`/sources/${id}`, { signal }),
    // Notices drive it; this only keeps rates and lag honest when nothing happens.
    refetchInterval: 15_000,
  });
