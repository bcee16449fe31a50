import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ActivityCursor, ActivityPage } from '../../../api/contract/activities.ts';
import type { SourceEvent, SourceEventPage } from '../../../api/contract/source-actions.ts';
import { request } from '../../lib/http.ts';

export interface ActivityFilter {
  /** Names of activity types, comma-separated. */
  types?: string;
  /** Calendar days of the reader, both included. */
  from?: string;
  to?: string;
}

/** What happened, newest first: from the end of `to` back to the beginning of `from`. */
export const sourceActivitiesQuery = (id: number, filter: ActivityFilter = {}, limit = 30) =>
  infiniteQueryOptions({
    queryKey: ['sources', id, 'activities', filter, limit],
    queryFn: async ({ pageParam, signal }) => {
      const page = await request<ActivityPage>(`/sources/${id}/activities`, {
        signal,
        query: {
          limit,
          types: filter.types,
          before_at: pageParam?.occurred_at,
          before_id: pageParam?.id,
        },
      });
      return filter.from ? endAt(page, startOfDay(filter.from)) : page;
    },
    initialPageParam: filter.to ? { occurred_at: startOfDay(filter.to, 1), id: 0 } : null,
    getNextPageParam: (page): ActivityCursor | null => page.next,
  });

/** Midnight of a calendar day by the reader's clock, some days on, as an instant. */
function startOfDay(day: string, later = 0): string {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date! + later).toISOString();
}

/** Leaves out what is older; where something was, nothing follows. */
function endAt(page: ActivityPage, oldest: string): ActivityPage {
  const rows = page.rows.filter((row) => row.occurred_at >= oldest);
  return rows.length === page.rows.length ? page : { rows, next: null };
}

/** Events that could not be applied, newest first. */
export const failedEventsQuery = (id: number, state: SourceEvent['state']) =>
  infiniteQueryOptions({
    queryKey: ['sources', id, 'events', state],
    queryFn: ({ pageParam, signal }) =>
      request<SourceEventPage>(`/sources/${id}/events`, {
        signal,
        query: { state, cursor: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
