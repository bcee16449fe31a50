import { QueryCache, QueryClient } from '@tanstack/react-query';
import { RequestError } from './http.ts';

/** Answers stay fresh until the server says that something changed (see app/live.ts). */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The session ended elsewhere: ask who is signed in, and the sign-in screen follows.
        const ended = error instanceof RequestError && error.status === 401;
        if (ended && query.queryKey[0] !== 'session') {
          void client.invalidateQueries({ queryKey: ['session'] });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        // A sentence from the server does not get better by asking again; a lost connection may.
        retry: (count, error) =>
          count < 2 && !(error instanceof RequestError && error.status >= 400),
      },
    },
  });
  return client;
}
