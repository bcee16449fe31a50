import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Email,
  EmailBody,
  EmailList,
  EmailPreview,
  PreviewEmailBody,
} from '../../../api/contract/emails.ts';
import type { Mail, OutboxPage } from '../../../api/contract/outbox.ts';
import { request } from '../../lib/http.ts';

export const emailsQuery = queryOptions({
  queryKey: ['emails'],
  queryFn: async ({ signal }) => (await request<EmailList>('/emails', { signal })).emails,
});

export const emailQuery = (id: number) =>
  queryOptions({
    queryKey: ['emails', id],
    queryFn: ({ signal }) => request<Email>(`/emails/${id}`, { signal }),
  });

export const saveEmail = (id: number, body: EmailBody) =>
  request<Email>(`/emails/${id}`, { method: 'PUT', body });

export const previewQuery = (body: PreviewEmailBody | null) =>
  queryOptions({
    queryKey: ['emails', 'preview', body],
    queryFn: ({ signal }) =>
      request<EmailPreview>('/emails/preview', { method: 'POST', body, signal }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const outboxQuery = infiniteQueryOptions({
  queryKey: ['outbox'],
  queryFn: ({ pageParam, signal }) =>
    request<OutboxPage>('/outbox', {
      signal,
      query: { cursor: pageParam, limit: 50 },
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: ['outbox', id],
    queryFn: ({ signal }) => request<Mail>(`/outbox/${encodeURIComponent(id)}`, { signal }),
  });
