import type { Removal, RemovalBody, SourcePatch } from '../../../api/contract/source-actions.ts';
import type { Source } from '../../../api/contract/sources.ts';
import { request } from '../../lib/http.ts';

/** What can be done to a source without saying more. */
export type SourceAction =
  | 'pause'
  | 'resume'
  | 'sync'
  | 'disconnect'
  | 'webhook'
  | 'webhook/rotate'
  | 'webhook/check'
  | 'permissions/check'
  | 'retry'
  | 'check';

/** Each answers what is the case afterwards, of the source or of what was checked, as a sentence. */
export const actOnSource = (id: number, action: SourceAction) =>
  request<{ sentence: string }>(`/sources/${id}/${action}`, { method: 'POST', body: {} });

export const replaceKey = (id: number, key: string) =>
  request<Source>(`/sources/${id}/key`, { method: 'PUT', body: { key } });

export const connectSource = (key: string, name: string | undefined) =>
  request<Source>('/sources', { method: 'POST', body: { key, name } });

export const changeSource = (id: number, changes: SourcePatch) =>
  request<Source>(`/sources/${id}`, { method: 'PATCH', body: changes });

export type Keep = RemovalBody['keep'];

export const deleteSource = (id: number, keep: Keep) =>
  request<Removal>(`/sources/${id}`, {
    method: 'DELETE',
    body: { keep },
  });
