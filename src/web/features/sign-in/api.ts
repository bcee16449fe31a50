import type { Session, SignInBody } from '../../../api/contract/session.ts';
import { request } from '../../lib/http.ts';

export const signIn = (body: SignInBody) => request<Session>('/session', { method: 'POST', body });
