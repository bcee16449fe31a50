import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AuditPage } from '../../../api/contract/audit.ts';
import type { Settings, SettingsBody } from '../../../api/contract/settings.ts';
import { request } from '../../lib/http.ts';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => request<Settings>('/settings', { signal }),
});

export const saveSettings = (body: SettingsBody) =>
  request<Settings>('/settings', { method: 'PUT', body });

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) =>
    request<AuditPage>('/audit', { signal, query: { before: pageParam, limit: 50 } }),
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.next_before,
});
