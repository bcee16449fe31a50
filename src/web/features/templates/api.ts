import { queryOptions } from '@tanstack/react-query';
import type { TemplateList } from '../../../api/contract/templates.ts';
import { request } from '../../lib/http.ts';

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) => (await request<TemplateList>('/templates', { signal })).templates,
});

export const actOnTemplate = (key: string, action: 'add' | 'remove') =>
  request<unknown>(`/templates/${encodeURIComponent(key)}/${action}`, { method: 'POST', body: {} });
