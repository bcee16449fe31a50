import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ActivityCursor, ActivityPage } from '../../../api/contract/activities.ts';
import type { ProbeStep } from '../../../api/contract/probe.ts';
import type { Source, SourceDetail, SourceList } from '../../../api/contract/sources.ts';
import { request, requestLines } from '../../lib/http.ts';

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

export const sourceActivitiesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['sources', id, 'activities'],
    queryFn: ({ pageParam, signal }) =>
      request<ActivityPage>(`/sources/${id}/activities`, {
        signal,
        query: { limit: 30, before_at: pageParam?.occurred_at, before_id: pageParam?.id },
      }),
    initialPageParam: null as ActivityCursor | null,
    getNextPageParam: (page) => page.next,
  });

export type SourceAction = 'webhook' | 'pause' | 'resume' | 'sync' | 'disconnect';

export const actOnSource = (id: number, action: SourceAction) =>
  request<unknown>(`/sources/${id}/${action}`, { method: 'POST', body: {} });

export const replaceKey = (id: number, key: string) =>
  request<Source>(`/sources/${id}/key`, { method: 'PUT', body: { key } });

export const probeKey = (key: string, signal: AbortSignal, onStep: (step: ProbeStep) => void) =>
  requestLines('/sources/probe', { method: 'POST', body: { key }, signal }, onStep);

export const connectSource = (key: string, name: string | undefined) =>
  request<Source>('/sources', { method: 'POST', body: { key, name } });
