import type { Random } from '../random.ts';

/** A misbehaviour of the API: for every matching request, for the next few, or by chance. */
export interface ApiFault {
  /**
   * `rate_limit` answers 429 with a reason, `lock_timeout` 429 without; `server_error` a 500;
   * `timeout` never answers; `disconnect` drops the connection; `cut_body` ends in mid-answer.
   */
  kind: 'rate_limit' | 'lock_timeout' | 'server_error' | 'timeout' | 'disconnect' | 'cut_body';
  /** For `rate_limit`, such as `global-concurrency`; null leaves the header out. */
  reason?: string | null;
  status?: number;
  /** Only requests whose path starts so. */
  path?: string;
  method?: string;
  /** Default 1. */
  probability?: number;
  /** How many more requests it hits; without it, all. */
  next?: number;
}

export class ApiFaults {
  #faults: ApiFault[] = [];
  readonly #random: Random;

  constructor(random: Random, initial: ApiFault[]) {
    this.#random = random;
    for (const fault of initial) this.add(fault);
  }

  add(fault: ApiFault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault this request meets, counted off. */
  meet(method: string, path: string): ApiFault | undefined {
    const hit = this.#faults.find(
      (fault) =>
        (fault.next === undefined || fault.next > 0) &&
        (fault.path === undefined || path.startsWith(fault.path)) &&
        (fault.method === undefined || fault.method === method) &&
        (fault.probability === undefined || this.#random.chance(fault.probability)),
    );
    if (hit?.next !== undefined) hit.next -= 1;
    return hit;
  }
}
