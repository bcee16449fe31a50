import { ApiError } from './errors.ts';

interface Kept {
  fingerprint: string;
  at: number;
  status: number;
  body: string;
}

const DAY_MS = 86_400_000;

/** Answers to POSTs with an `Idempotency-Key`, replayed for a day. */
export class IdempotentAnswers {
  readonly #kept = new Map<string, Kept>();

  find(key: string, fingerprint: string): { status: number; body: string } | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || Date.now() - kept.at > DAY_MS) return undefined;
    if (kept.fingerprint !== fingerprint) {
      throw new ApiError(400, {
        type: 'idempotency_error',
        message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      });
    }
    return kept;
  }

  keep(key: string, fingerprint: string, status: number, body: string): void {
    this.#kept.set(key, { fingerprint, at: Date.now(), status, body });
  }
}
