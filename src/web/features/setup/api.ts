import type { Session, SetupBody } from '../../../api/contract/session.ts';
import { request } from '../../lib/http.ts';

export const setUp = (body: SetupBody) => request<Session>('/setup', { method: 'POST', body });
