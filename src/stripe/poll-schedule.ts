/** How the account is followed at present. */
export type Following = 'webhook' | 'polling';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** With a working webhook, polling only looks whether anything was missed. */
const HEALTHY_MS = 10 * MINUTE;

/** Rests between polls when they are all there is: quick at first, slower the longer nothing happens. */
const STEPS: readonly { polls: number; rest_ms: number }[] = [
  { polls: 20, rest_ms: 3 * SECOND },
  { polls: 44, rest_ms: 10 * SECOND },
  { polls: 84, rest_ms: 30 * SECOND },
  { polls: 144, rest_ms: MINUTE },
];
const SLOWEST_MS = 5 * MINUTE;

/**
 * Milliseconds until `/v1/events` is asked again. Stripe allows an account a number of reads a
 * month; once polling has used half of it, it keeps to the slow pace.
 */
export function decidePollRest(facts: {
  following: Following;
  idle_polls: number;
  /** Requests spent on polling in the last 30 days. */
  reads: number;
  /** Reads the account has in 30 days. */
  allowance: number;
}): number {
  if (facts.following === 'webhook') return HEALTHY_MS;
  if (facts.reads > facts.allowance / 2) return HEALTHY_MS;
  const step = STEPS.find(({ polls }) => facts.idle_polls < polls);
  return step?.rest_ms ?? SLOWEST_MS;
}

/** Stripe's read allocation: 500 reads a transaction over 30 days, never less than 10,000. */
export function readAllowance(transactions: number): number {
  return Math.max(10_000, 500 * transactions);
}
