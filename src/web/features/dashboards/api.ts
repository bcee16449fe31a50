import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Dashboard,
  DashboardList,
  Interval,
  PeopleBehind,
  TileResult,
} from '../../../api/contract/dashboards.ts';
import { request } from '../../lib/http.ts';

export interface Range {
  from: string;
  to: string;
  interval: Interval;
  currency: string | undefined;
}

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: async ({ signal }) =>
    (await request<DashboardList>('/dashboards', { signal })).dashboards,
});

export const dashboardQuery = (id: number) =>
  queryOptions({
    queryKey: ['dashboards', id],
    queryFn: ({ signal }) => request<Dashboard>(`/dashboards/${id}`, { signal }),
  });

export const tileQuery = (dashboardId: number, tileId: string, range: Range) =>
  queryOptions({
    queryKey: ['dashboards', dashboardId, 'tiles', tileId, range],
    queryFn: ({ signal }) =>
      request<TileResult>(`/dashboards/${dashboardId}/tiles/${encodeURIComponent(tileId)}`, {
        signal,
        query: { ...range },
      }),
    placeholderData: keepPreviousData,
  });

export const peopleBehindQuery = (
  dashboardId: number,
  tileId: string,
  range: Range,
  point: string | undefined,
) =>
  queryOptions({
    queryKey: ['dashboards', dashboardId, 'tiles', tileId, range, 'people', point ?? ''],
    queryFn: ({ signal }) =>
      request<PeopleBehind>(
        `/dashboards/${dashboardId}/tiles/${encodeURIComponent(tileId)}/people`,
        { signal, query: { ...range, point, limit: 500 } },
      ),
  });
