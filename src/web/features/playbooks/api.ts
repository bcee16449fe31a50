import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { EmailList } from '../../../api/contract/emails.ts';
import type {
  Playbook,
  PlaybookBody,
  PlaybookList,
  PlaybookState,
  RunDetail,
  RunPage,
} from '../../../api/contract/playbooks.ts';
import { request } from '../../lib/http.ts';

export const playbooksQuery = queryOptions({
  queryKey: ['playbooks'],
  queryFn: async ({ signal }) => (await request<PlaybookList>('/playbooks', { signal })).playbooks,
});

export const playbookQuery = (id: number) =>
  queryOptions({
    queryKey: ['playbooks', id],
    queryFn: ({ signal }) => request<Playbook>(`/playbooks/${id}`, { signal }),
  });

export const runsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'of', id],
    queryFn: ({ pageParam, signal }) =>
      request<RunPage>(`/playbooks/${id}/runs`, {
        signal,
        query: { cursor: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => request<RunDetail>(`/runs/${encodeURIComponent(id)}`, { signal }),
  });

/** Names of the e-mails that steps can send. */
export const emailNamesQuery = queryOptions({
  queryKey: ['emails'],
  queryFn: async ({ signal }) => (await request<EmailList>('/emails', { signal })).emails,
});

export const savePlaybook = (id: number, body: PlaybookBody) =>
  request<Playbook>(`/playbooks/${id}`, { method: 'PUT', body });

export const switchPlaybook = (id: number, state: PlaybookState) =>
  request<unknown>(`/playbooks/${id}/state`, { method: 'POST', body: { state } });
