/** A rate as a bucket: it fills at `rate` tokens a second up to `burst`, and each request takes one. */
export interface Bucket {
  tokens: number;
  /** When `tokens` was last brought up to date, milliseconds. */
  at: number;
  /** Tokens a second at present; below `base` after Stripe has complained. */
  rate: number;
  base: number;
  burst: number;
}

/** Share of a second's tokens that may be used at once. */
const BURST_S = 0.25;
/** How fast the rate comes back after a complaint: share of the base per second. */
const RECOVERY_PER_S = 0.05;
const LOWEST = 0.1;

export function makeBucket(perSecond: number, now: number): Bucket {
  const burst = Math.max(1, perSecond * BURST_S);
  return { tokens: burst, at: now, rate: perSecond, base: perSecond, burst };
}

/** Gives the bucket another rate; how far it is slowed down or empty stays as it is. */
export function rescale(bucket: Bucket, perSecond: number, now: number): void {
  refill(bucket, now);
  bucket.rate *= perSecond / bucket.base;
  bucket.base = perSecond;
  bucket.burst = Math.max(1, perSecond * BURST_S);
  bucket.tokens = Math.min(bucket.tokens, bucket.burst);
}

/** Brings the bucket up to the present. */
export function refill(bucket: Bucket, now: number): void {
  const seconds = Math.max(0, now - bucket.at) / 1000;
  bucket.tokens = Math.min(bucket.burst, bucket.tokens + seconds * bucket.rate);
  bucket.rate = Math.min(bucket.base, bucket.rate + seconds * bucket.base * RECOVERY_PER_S);
  bucket.at = Math.max(now, bucket.at);
}

/** Milliseconds until there is a token; 0 when there is one. Call `refill` first. */
export function waitFor(bucket: Bucket): number {
  return bucket.tokens >= 1 ? 0 : Math.max(1, ((1 - bucket.tokens) / bucket.rate) * 1000);
}

/** Stripe said that this rate was exceeded: go slower, and not at once. */
export function slowDown(bucket: Bucket, now: number): void {
  refill(bucket, now);
  bucket.rate = Math.max(bucket.base * LOWEST, bucket.rate * 0.7);
  bucket.tokens = Math.min(bucket.tokens, 1 - bucket.rate * 0.5);
}
