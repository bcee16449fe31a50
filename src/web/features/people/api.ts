import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ActivityCursor, ActivityPage } from '../../../api/contract/activities.ts';
import type { PeoplePage, PersonDetail } from '../../../api/contract/people.ts';
import { request } from '../../lib/http.ts';

export interface PeopleAsked {
  search?: string;
  sort?: string;
  descending?: boolean;
  status?: string;
  audience_id?: number;
}

export const peopleQuery = (asked: PeopleAsked) =>
  infiniteQueryOptions({
    queryKey: ['people', asked],
    queryFn: ({ pageParam, signal }) =>
      request<PeoplePage>('/people', {
        signal,
        query: { ...asked, cursor: pageParam, limit: 100 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

export const personQuery = (id: number) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => request<PersonDetail>(`/people/${id}`, { signal }),
  });

export const timelineQuery = (id: number, types: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['person', id, 'activities', types ?? ''],
    queryFn: ({ pageParam, signal }) =>
      request<ActivityPage>(`/people/${id}/activities`, {
        signal,
        query: {
          types,
          before_at: pageParam?.occurred_at,
          before_id: pageParam?.id,
          limit: 60,
        },
      }),
    initialPageParam: null as ActivityCursor | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
