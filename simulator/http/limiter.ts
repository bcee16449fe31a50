import { ApiError } from './errors.ts';

export type Limits = 'off' | 'live' | 'sandbox' | { global_per_s: number; endpoint_per_s: number };

class Bucket {
  #tokens: number;
  #at: number;
  readonly #perSecond: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#at = now;
  }

  take(now: number): boolean {
    const earned = ((now - this.#at) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + earned);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

const limited = (reason: string): ApiError =>
  new ApiError(
    429,
    {
      code: 'rate_limit',
      message:
        'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
    },
    { 'stripe-rate-limited-reason': reason },
  );

/** Stripe's published limits: 100/s live or 25/s sandbox per account, 25/s per endpoint. */
export class Limiter {
  readonly #rates: { global_per_s: number; endpoint_per_s: number } | null;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: Limits) {
    this.#rates =
      limits === 'off'
        ? null
        : limits === 'live'
          ? { global_per_s: 100, endpoint_per_s: 25 }
          : limits === 'sandbox'
            ? { global_per_s: 25, endpoint_per_s: 25 }
            : limits;
  }

  /** Takes one request to an endpoint (method and path template) into account, or throws a 429. */
  admit(endpoint: string): void {
    if (this.#rates === null) return;
    const now = performance.now();
    if (!this.#bucket('', this.#rates.global_per_s, now).take(now)) throw limited('global-rate');
    if (!this.#bucket(endpoint, this.#rates.endpoint_per_s, now).take(now)) {
      throw limited('endpoint-rate');
    }
  }

  #bucket(name: string, perSecond: number, now: number): Bucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const fresh = new Bucket(perSecond, now);
    this.#buckets.set(name, fresh);
    return fresh;
  }
}
