import { queryOptions } from '@tanstack/react-query';
import type { Session } from '../../api/contract/session.ts';
import { request, setCsrfToken } from './http.ts';

/** Who is signed in, and what the shell needs to know. Also hands the CSRF token to the fetcher. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    const session = await request<Session>('/session');
    setCsrfToken(session.csrf_token);
    return session;
  },
  staleTime: 60_000,
});
