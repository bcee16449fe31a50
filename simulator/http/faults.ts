import type { Random } from '../random.ts';

/** What Stripe says in `Stripe-Rate-Limited-Reason`. */
export type RateLimitReason =
  | 'global-rate'
  | 'endpoint-rate'
  | 'global-concurrency'
  | 'endpoint-concurrency'
  | 'resource-specific';

/** A misbehaviour of the API: for every matching request, for the next few, or by chance. */
export interface ApiFault {
  /**
   * `rate_limit` answers 429 with a reason, `lock_timeout` 429 without; `server_error` a 500;
   * `timeout` never answers; `disconnect` drops the connection; `cut_body` ends in mid-answer.
   * `hold` makes the answer at once and sends it later, after `ms` or when `release` is called, so
   * that the account can change while a page is on its way.
   */
  kind:
    | 'rate_limit'
    | 'lock_timeout'
    | 'server_error'
    | 'timeout'
    | 'disconnect'
    | 'cut_body'
    | 'hold';
  /** For `rate_limit`; null leaves the header out. Default `global-rate`. */
  reason?: RateLimitReason | null;
  /** For `hold`: wall time until the answer is sent. Without it, until `release`. */
  ms?: number;
  status?: number;
  /** Only requests whose path starts so. */
  path?: string;
  method?: string;
  /** Default 1. */
  probability?: number;
  /** How many more requests it hits; without it, all. */
  next?: number;
  /** How many matching requests it lets through first. */
  after?: number;
}

/** Counts a matching request off while the fault still lets some through. */
function isEarly(fault: ApiFault): boolean {
  if (fault.after === undefined || fault.after === 0) return false;
  fault.after -= 1;
  return true;
}

export class ApiFaults {
  #faults: ApiFault[] = [];
  readonly #random: Random;
  #waiting: (() => void)[] = [];
  /** How far Stripe's clock, in `Date` headers and signatures, is ahead of this machine's. */
  clock_skew_s = 0;

  constructor(random: Random, initial: ApiFault[]) {
    this.#random = random;
    for (const fault of initial) this.add(fault);
  }

  add(fault: ApiFault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults = [];
    this.release();
  }

  setClockSkew(seconds: number): void {
    this.clock_skew_s = seconds;
  }

  /** How many answers are held back now. */
  held(): number {
    return this.#waiting.length;
  }

  /** Sends all answers that are held back. */
  release(): void {
    for (const send of this.#waiting.splice(0)) send();
  }

  /** Resolves when a held answer may be sent. */
  hold(fault: ApiFault): Promise<void> {
    return new Promise((resolve) => {
      if (fault.ms === undefined) this.#waiting.push(resolve);
      else setTimeout(resolve, fault.ms);
    });
  }

  /** The fault this request meets, counted off. */
  meet(method: string, path: string): ApiFault | undefined {
    const hit = this.#faults.find(
      (fault) =>
        (fault.next === undefined || fault.next > 0) &&
        (fault.path === undefined || path.startsWith(fault.path)) &&
        (fault.method === undefined || fault.method === method) &&
        !isEarly(fault) &&
        (fault.probability === undefined || this.#random.chance(fault.probability)),
    );
    if (hit?.next !== undefined) hit.next -= 1;
    return hit;
  }
}
