import type { StripeClient } from './client.ts';

/** The same client, with what is read through it counted apart from everybody else's requests. */
export function countReads(client: StripeClient): { client: StripeClient; reads: () => number } {
  let reads = 0;
  const get: StripeClient['get'] = async (...request) => {
    reads += 1;
    return await client.get(...request);
  };
  return { client: { ...client, get }, reads: () => reads };
}
