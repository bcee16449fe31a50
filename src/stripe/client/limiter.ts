import { makeBucket, refill, slowDown, waitFor } from './token-bucket.ts';
import type { Bucket } from './token-bucket.ts';

export interface Limits {
  /** Requests a second over all endpoints. */
  global_per_s: number;
  /** Requests a second to one endpoint (method and path template). */
  endpoint_per_s: number;
}

/** What Stripe publishes for an account, times the share this installation may use. */
export function limitsOf(mode: 'live' | 'test', share: number): Limits {
  return { global_per_s: (mode === 'live' ? 100 : 25) * share, endpoint_per_s: 25 * share };
}

export interface Limiter {
  limits: Limits;
  /** Resolves when a request may go out; heavier ones first. Call `release` when its answer is in. */
  acquire(endpoint: string, weight: number, signal?: AbortSignal): Promise<void>;
  release(): void;
  /** Stripe answered 429 for this reason. */
  complain(endpoint: string, reason: string | null): void;
}

interface Waiting {
  endpoint: string;
  weight: number;
  grant: () => void;
}

const MOST_IN_FLIGHT = 100;

/**
 * The gate before every request of a source, retries included. One per source and process, so that
 * everything that talks to Stripe shares it. `now` is in milliseconds and only ever grows.
 */
export function createLimiter(
  limits: Limits,
  now: () => number = () => performance.now(),
): Limiter {
  const global = makeBucket(limits.global_per_s, now());
  const endpoints = new Map<string, Bucket>();
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | null = null;
  let inFlight = 0;
  let mostInFlight = MOST_IN_FLIGHT;

  const bucketOf = (endpoint: string): Bucket => {
    let bucket = endpoints.get(endpoint);
    if (!bucket) endpoints.set(endpoint, (bucket = makeBucket(limits.endpoint_per_s, now())));
    return bucket;
  };

  const pump = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    while (waiting.length > 0 && inFlight < Math.floor(mostInFlight)) {
      const at = now();
      refill(global, at);
      for (const bucket of endpoints.values()) refill(bucket, at);
      const ready = waiting.filter((entry) => waitFor(bucketOf(entry.endpoint)) === 0);
      if (waitFor(global) > 0 || ready.length === 0) return rest(waitFor(global));
      const next = ready.reduce((best, entry) => (entry.weight > best.weight ? entry : best));
      waiting.splice(waiting.indexOf(next), 1);
      global.tokens -= 1;
      bucketOf(next.endpoint).tokens -= 1;
      inFlight += 1;
      next.grant();
    }
  };
  const rest = (globalWait: number): void => {
    const soonest = Math.min(...waiting.map((entry) => waitFor(bucketOf(entry.endpoint))));
    timer = setTimeout(pump, Math.ceil(Math.max(globalWait, soonest)));
  };

  return {
    limits,
    async acquire(endpoint, weight, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(signal?.reason as Error);
        };
        const grant = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const entry: Waiting = { endpoint, weight, grant };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(entry);
        pump();
      });
    },
    release() {
      inFlight -= 1;
      if (mostInFlight < MOST_IN_FLIGHT) mostInFlight += 0.02;
      pump();
    },
    complain(endpoint, reason) {
      if (reason?.endsWith('concurrency')) {
        mostInFlight = Math.max(2, Math.floor(inFlight * 0.7));
      } else {
        slowDown(reason === 'global-rate' ? global : bucketOf(endpoint), now());
      }
    },
  };
}
