import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Audience,
  AudienceBody,
  AudienceList,
  AudiencePreview,
  MemberPage,
  Why,
} from '../../../api/contract/audiences.ts';
import type { Definition } from '../../../audiences/definition.ts';
import { request } from '../../lib/http.ts';

export const audiencesQuery = queryOptions({
  queryKey: ['audiences'],
  queryFn: async ({ signal }) => (await request<AudienceList>('/audiences', { signal })).audiences,
});

export const audienceQuery = (id: number) =>
  queryOptions({
    queryKey: ['audiences', id],
    queryFn: ({ signal }) => request<Audience>(`/audiences/${id}`, { signal }),
  });

export const membersQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['audiences', id, 'members'],
    queryFn: ({ pageParam, signal }) =>
      request<MemberPage>(`/audiences/${id}/members`, {
        signal,
        query: { cursor: pageParam, limit: 100 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const whyQuery = (id: number, personId: number) =>
  queryOptions({
    queryKey: ['audiences', id, 'why', personId],
    queryFn: ({ signal }) => request<Why>(`/audiences/${id}/why/${personId}`, { signal }),
  });

/** With `exact: false` only an estimate is made, which is quick enough for every change. */
export const previewQuery = (definition: Definition | null, exact: boolean) =>
  queryOptions({
    queryKey: ['audiences', 'preview', definition, exact],
    queryFn: ({ signal }) =>
      request<AudiencePreview>('/audiences/preview', {
        method: 'POST',
        body: { definition, exact },
        signal,
      }),
    enabled: definition !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const saveAudience = (id: number | null, body: AudienceBody) =>
  id === null
    ? request<Audience>('/audiences', { method: 'POST', body })
    : request<Audience>(`/audiences/${id}`, { method: 'PUT', body });

export const removeAudience = (id: number) =>
  request<unknown>(`/audiences/${id}`, { method: 'DELETE' });
