import { QueryClient } from '@tanstack/react-query';
import { RequestError } from './http.ts';

/** Answers stay fresh until the server says that something changed (see app/live.ts). */
export function createQueryClient(): QueryClient {
  return new QueryClient({
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
}
