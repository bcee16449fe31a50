import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../platform/index.ts';
import type { Json } from '../../objects/index.ts';
import { API_VERSION } from '../definition.ts';
import { noteStripeClock } from './clock-skew.ts';
import type { Limiter } from './limiter.ts';
import { StripeError, decideRetry, readError } from './stripe-error.ts';

export type Params = Record<string, Param>;
type Param = string | number | boolean | readonly string[] | { [name: string]: string | number };

export interface Answer {
  body: Json;
  /** The body as it came. */
  bytes: Buffer;
  /** The instant the answer shows at the earliest: the start of the request, by the slower of both clocks. */
  at: Date;
}

export interface RequestOptions {
  /** Requests with more weight go first when the limit is short. */
  weight?: number;
  signal?: AbortSignal;
  /** How often a request that may be repeated is tried. */
  attempts?: number;
}

export interface ClientCounts {
  requests: number;
  rate_limited: number;
  /** Running average of a request's own time, without waiting for the limiter. */
  latency_ms: number;
}

export interface StripeClient {
  limiter: Limiter;
  counts: ClientCounts;
  get(path: string, params?: Params, options?: RequestOptions): Promise<Answer>;
  post(path: string, params: Params, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
}

const ATTEMPTS = 6;

/** Talks to Stripe's API with one key: through the limiter, pinned to one version, tried again when that is safe. */
export function createClient(
  ctx: Context,
  options: { key: string; limiter: Limiter },
): StripeClient {
  const { limiter } = options;
  const counts: ClientCounts = { requests: 0, rate_limited: 0, latency_ms: 100 };

  const once = async (
    method: string,
    path: string,
    body: { query: string; form: string | null; idempotency: string | null },
    signal: AbortSignal | undefined,
  ): Promise<Answer> => {
    const timeout = AbortSignal.timeout(ctx.config.stripe_timeout_ms);
    const started = performance.now();
    const startedAt = ctx.clock.now();
    counts.requests += 1;
    const response = await fetch(`${ctx.config.stripe_url}${path}${body.query}`, {
      method,
      body: body.form,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      redirect: 'error',
      headers: {
        authorization: `Bearer ${options.key}`,
        'stripe-version': API_VERSION,
        'user-agent': 'Headwater/0.1',
        ...(body.form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(body.idempotency === null ? {} : { 'idempotency-key': body.idempotency }),
      },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString();
    const elapsed = performance.now() - started;
    noteStripeClock(ctx, response.headers, elapsed);
    if (!response.ok) throw readError(response.status, text, response.headers);
    counts.latency_ms += (elapsed - counts.latency_ms) * 0.1;
    return {
      body: JSON.parse(text) as Json,
      bytes,
      at: earliest(startedAt, response.headers, elapsed),
    };
  };

  const send = async (
    method: string,
    path: string,
    params: Params,
    request: RequestOptions = {},
  ): Promise<Answer> => {
    const encoded = encodeParams(params);
    const body = {
      query: method === 'GET' && encoded ? `?${encoded}` : '',
      form: method === 'POST' ? encoded : null,
      idempotency: method === 'POST' ? randomUUID() : null,
    };
    const endpoint = `${method} ${templateOf(path)}`;
    for (let attempt = 1; ; attempt += 1) {
      await limiter.acquire(endpoint, request.weight ?? 0, request.signal);
      let error: StripeError;
      try {
        return await once(method, path, body, request.signal);
      } catch (caught) {
        request.signal?.throwIfAborted();
        error = toStripeError(caught);
      } finally {
        limiter.release(endpoint);
      }
      if (error.kind === 'rate_limited') {
        counts.rate_limited += 1;
        limiter.complain(endpoint, error.reason);
      }
      const attempts = request.attempts ?? ATTEMPTS;
      const wait = decideRetry(error, attempt, { attempts, random: Math.random() });
      if (wait === null) throw error;
      await delay(wait, undefined, { signal: request.signal });
    }
  };

  return {
    limiter,
    counts,
    get: async (path, params, request) => await send('GET', path, params ?? {}, request),
    post: async (path, params, request) => await send('POST', path, params, request),
    delete: async (path, request) => await send('DELETE', path, {}, request),
  };
}

/** A cut connection, a timeout and half a JSON text all mean: there was no answer. */
function toStripeError(error: unknown): StripeError {
  if (error instanceof StripeError) return error;
  const name = error instanceof Error ? error.name : '';
  const sentence =
    name === 'TimeoutError'
      ? 'Stripe did not answer in time.'
      : name === 'SyntaxError'
        ? 'The answer of Stripe was cut off.'
        : 'Stripe could not be reached, or the connection broke.';
  return new StripeError('network', sentence, { cause: error });
}

/**
 * A page shows the account as it was when it was asked for or later. Should our clock be ahead of
 * Stripe's, a change could look older than the page that lacks it, so Stripe's `Date` counts when
 * it is earlier. Too early is harmless: the change that was already seen comes again by its event.
 */
function earliest(startedAt: Date, headers: Headers, elapsed: number): Date {
  const answered = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(answered)) return startedAt;
  return new Date(Math.min(startedAt.getTime(), answered - Math.ceil(elapsed)));
}

/** `/v1/invoices/in_123/lines` → `/v1/invoices/:id/lines`; limits count by template. */
export function templateOf(path: string): string {
  const [empty, version, resource, id, ...rest] = path.split('/');
  if (id === undefined || resource === 'checkout') return path;
  return [empty, version, resource, ':id', ...rest].join('/');
}

/** Form encoding as Stripe reads it: `created[gte]=1`, `expand[0]=data.tiers`. */
export function encodeParams(params: Params): string {
  const pairs: [string, string][] = [];
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) add(`${name}[${key}]`, inner);
    } else pairs.push([name, String(value)]);
  };
  for (const [name, value] of Object.entries(params)) add(name, value);
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}
