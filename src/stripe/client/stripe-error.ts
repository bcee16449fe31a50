/** Why a request to Stripe did not give what was asked for. */
export type StripeErrorKind =
  /** The key is wrong, revoked, expired or barred from our address. */
  | 'key'
  /** The key lacks a permission; `slugs` names it. */
  | 'permission'
  /** No such object, or a cursor that is gone. */
  | 'missing'
  /** No room for another webhook endpoint. */
  | 'webhook_full'
  /** Stripe does not take the request as it is. */
  | 'invalid'
  | 'rate_limited'
  /** An object is locked, or the same request is still running: try again. */
  | 'busy'
  | 'server'
  /** No answer, or one that was cut off or is no JSON. */
  | 'network';

/** A failed request. The message never holds a key: Stripe masks it, and we never add it. */
export class StripeError extends Error {
  readonly kind: StripeErrorKind;
  readonly status: number;
  readonly code: string | null;
  readonly request_id: string | null;
  /** `Stripe-Rate-Limited-Reason`, on answers of a limiter. */
  readonly reason: string | null;
  /** Permissions named in a 403. */
  readonly slugs: string[];
  /** The account a 403 names. */
  readonly account_id: string | null;
  /** `Stripe-Should-Retry`, when Stripe said either. */
  readonly should_retry: boolean | null;

  constructor(
    kind: StripeErrorKind,
    message: string,
    more: Partial<Omit<StripeError, keyof Error | 'kind'>> & { cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'StripeError';
    this.kind = kind;
    this.status = more.status ?? 0;
    this.code = more.code ?? null;
    this.request_id = more.request_id ?? null;
    this.reason = more.reason ?? null;
    this.slugs = more.slugs ?? [];
    this.account_id = more.account_id ?? null;
    this.should_retry = more.should_retry ?? null;
  }
}

/** Reads an answer that is not a success. Shapes differ by case; what is told is in the message. */
export function readError(status: number, body: string, headers: Headers): StripeError {
  const { code, message } = parse(body);
  const text = message ?? `Stripe answered ${status}.`;
  const should = headers.get('stripe-should-retry');
  const reason = headers.get('stripe-rate-limited-reason');
  return new StripeError(kindOf(status, code, text), text, {
    status,
    code,
    reason,
    request_id: headers.get('request-id'),
    slugs: [...new Set(text.match(/rak_[a-z_]+/g))],
    account_id: /on account '(acct_[A-Za-z0-9]+)'/.exec(text)?.[1] ?? null,
    should_retry: should === null ? null : should === 'true',
  });
}

function parse(body: string): { code: string | null; message: string | null } {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: string; message?: string } };
    return { code: error?.code ?? null, message: error?.message ?? null };
  } catch {
    // A proxy on the way answers in its own words; the status alone has to do.
    return { code: null, message: null };
  }
}

function kindOf(status: number, code: string | null, message: string): StripeErrorKind {
  if (status === 401) return 'key';
  if (status === 403) return 'permission';
  if (status === 404 || code === 'resource_missing') return 'missing';
  if (status === 429) return code === 'lock_timeout' ? 'busy' : 'rate_limited';
  if (status === 409) return 'busy';
  if (status >= 500) return 'server';
  if (code === 'rate_limit') return 'rate_limited';
  return /maximum of \d+ .*webhook endpoint/i.test(message) ? 'webhook_full' : 'invalid';
}

const RETRIED = new Set<StripeErrorKind>(['rate_limited', 'busy', 'server', 'network']);

/**
 * Milliseconds to wait before the next try, or null to give up. Doubles from 250 ms to 8 s with
 * half of it random, so that waiting requests do not come back together. Stripe sends no Retry-After.
 */
export function decideRetry(
  error: StripeError,
  attempt: number,
  options: { attempts: number; random: number },
): number | null {
  if (attempt >= options.attempts || error.should_retry === false) return null;
  if (!RETRIED.has(error.kind) && error.should_retry !== true) return null;
  const full = Math.min(8_000, 250 * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * options.random);
}
