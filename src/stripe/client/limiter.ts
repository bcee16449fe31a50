import { makeBucket, refill, rescale, slowDown, waitFor } from './token-bucket.ts';
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
  /** As they are now. */
  readonly limits: Limits;
  /** Takes another pace from now on. */
  setLimits(limits: Limits): void;
  /** How many requests wait to go out. */
  waiting(): number;
  /** Whether nothing waits, nothing is on its way, and nothing was for this long. */
  isIdle(ms: number): boolean;
  /** Resolves when a request may go out; heavier ones first. Call `release` when its answer is in. */
  acquire(endpoint: string, weight: number, signal?: AbortSignal): Promise<void>;
  release(endpoint: string): void;
  /** Stripe answered 429 for this reason. */
  complain(endpoint: string, reason: string | null): void;
}

interface Waiting {
  endpoint: string;
  weight: number;
  grant: () => void;
}

const MOST_IN_FLIGHT = 100;
/** How much of a lowered ceiling of requests at once comes back with each answer. */
const RECOVERY = 0.02;

/** How many requests may be on their way at once. */
interface Ceiling {
  inFlight: number;
  most: number;
}
const makeCeiling = (): Ceiling => ({ inFlight: 0, most: MOST_IN_FLIGHT });
const isFull = ({ inFlight, most }: Ceiling): boolean => inFlight >= Math.floor(most);
const lower = (ceiling: Ceiling): void => {
  ceiling.most = Math.max(2, Math.floor(ceiling.inFlight * 0.7));
};

/**
 * The gate before every request of a source, retries included. One per source and process, so that
 * everything that talks to Stripe shares it. `now` is in milliseconds and only ever grows.
 */
export function createLimiter(
  limits: Limits,
  now: () => number = () => performance.now(),
): Limiter {
  let pace = limits;
  const global = makeBucket(pace.global_per_s, now());
  const endpoints = new Map<string, Bucket>();
  const ceilings = new Map<string, Ceiling>();
  const whole = makeCeiling();
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | null = null;
  let busyAt = now();

  const bucketOf = (endpoint: string): Bucket => {
    let bucket = endpoints.get(endpoint);
    if (!bucket) endpoints.set(endpoint, (bucket = makeBucket(pace.endpoint_per_s, now())));
    return bucket;
  };

  const ceilingOf = (endpoint: string): Ceiling => {
    let ceiling = ceilings.get(endpoint);
    if (!ceiling) ceilings.set(endpoint, (ceiling = makeCeiling()));
    return ceiling;
  };

  const pump = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    while (waiting.length > 0 && !isFull(whole)) {
      const at = now();
      refill(global, at);
      for (const bucket of endpoints.values()) refill(bucket, at);
      const open = waiting.filter(({ endpoint }) => !isFull(ceilingOf(endpoint)));
      // An answer that comes in pumps again.
      if (open.length === 0) return;
      const ready = open.filter((entry) => waitFor(bucketOf(entry.endpoint)) === 0);
      if (waitFor(global) > 0 || ready.length === 0) return rest(waitFor(global), open);
      const next = ready.reduce((best, entry) => (entry.weight > best.weight ? entry : best));
      waiting.splice(waiting.indexOf(next), 1);
      global.tokens -= 1;
      bucketOf(next.endpoint).tokens -= 1;
      whole.inFlight += 1;
      ceilingOf(next.endpoint).inFlight += 1;
      next.grant();
    }
  };
  const rest = (globalWait: number, open: Waiting[]): void => {
    const soonest = Math.min(...open.map((entry) => waitFor(bucketOf(entry.endpoint))));
    timer = setTimeout(pump, Math.ceil(Math.max(globalWait, soonest)));
  };

  return {
    get limits() {
      return pace;
    },
    setLimits(next) {
      if (next.global_per_s === pace.global_per_s && next.endpoint_per_s === pace.endpoint_per_s) {
        return;
      }
      pace = next;
      rescale(global, pace.global_per_s, now());
      for (const bucket of endpoints.values()) rescale(bucket, pace.endpoint_per_s, now());
      pump();
    },
    waiting: () => waiting.length,
    isIdle: (ms) => waiting.length === 0 && whole.inFlight === 0 && now() - busyAt >= ms,
    async acquire(endpoint, weight, signal) {
      signal?.throwIfAborted();
      busyAt = now();
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
    release(endpoint) {
      busyAt = now();
      for (const ceiling of [whole, ceilingOf(endpoint)]) {
        ceiling.inFlight -= 1;
        if (ceiling.most < MOST_IN_FLIGHT) ceiling.most += RECOVERY;
      }
      pump();
    },
    complain(endpoint, reason) {
      switch (reason ?? 'none') {
        case 'global-concurrency':
          return lower(whole);
        case 'endpoint-concurrency':
          return lower(ceilingOf(endpoint));
        case 'global-rate':
          return slowDown(global, now());
        case 'resource-specific':
          // One object is asked for too often: its own retry waits, and others need not.
          return;
        default:
          // `endpoint-rate`, one we do not know yet, or no reason at all.
          return slowDown(bucketOf(endpoint), now());
      }
    },
  };
}
