import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ids } from '../ids.ts';
import type { State } from '../state.ts';
import { renderAs } from '../versions/render-as.ts';
import { versionOr } from '../versions/version.ts';
import { API_VERSION } from '../wire.ts';
import type { Json } from '../wire.ts';
import { ApiError, missing } from './errors.ts';
import { expand } from './expand.ts';
import type { ApiFault, ApiFaults } from './faults.ts';
import type { FrozenLists } from './frozen-lists.ts';
import type { IdempotentAnswers } from './idempotency.ts';
import type { KeyRing, KeyRow } from './keys.ts';
import type { Limiter } from './limiter.ts';
import { listOf, parseForm } from './query.ts';
import type { Form } from './query.ts';
import { findEndpoint } from './routes.ts';

export interface RequestLogEntry {
  /** Wall clock. */
  at: Date;
  method: string;
  path: string;
  query: string;
  key: string | null;
  user_agent: string;
  /** 0 while unanswered, or when the connection was cut on purpose. */
  status: number;
}

export interface Api {
  state: State;
  keys: KeyRing;
  limiter: Limiter;
  faults: ApiFaults;
  answers: IdempotentAnswers;
  requestIds: Ids;
  latency_ms: number;
  requests: RequestLogEntry[];
  /** Lists that were rendered beforehand; null when everything is rendered when asked for. */
  frozen: FrozenLists | null;
  catchUp(): void;
  /** Answers paths that are not Stripe's; null when a path is. */
  control(request: http.IncomingMessage, path: string, body: string): Promise<Json> | null;
}

interface Answer {
  status: number;
  body: string | Buffer[];
  headers: Record<string, string>;
}

/** The key from `Bearer …` or from the user name of Basic authentication. */
function keyOf(request: http.IncomingMessage): string | null {
  const header = request.headers.authorization ?? '';
  if (header.startsWith('Bearer ')) return header.slice(7).trim();
  if (header.startsWith('Basic ')) {
    return Buffer.from(header.slice(6), 'base64').toString('utf8').split(':')[0] ?? null;
  }
  return null;
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const faultError = (fault: ApiFault): ApiError | null => {
  if (fault.kind === 'rate_limit') {
    return new ApiError(
      429,
      { code: 'rate_limit', message: 'Request rate limit exceeded.' },
      fault.reason === null ? {} : { 'stripe-rate-limited-reason': fault.reason ?? 'global-rate' },
    );
  }
  if (fault.kind === 'lock_timeout') {
    return new ApiError(
      429,
      {
        code: 'lock_timeout',
        message:
          "This object can't be accessed right now because another API request or Stripe process is currently accessing it.",
      },
      { 'stripe-should-retry': 'true' },
    );
  }
  if (fault.kind === 'server_error') {
    return new ApiError(fault.status ?? 500, {
      type: 'api_error',
      message: 'An unknown error occurred. Please try again.',
    });
  }
  return null;
};

/** An account has one mode; with a key of the other one it looks empty. */
function otherMode(api: Api, key: KeyRow, path: string, answer: () => Json): Json {
  const own = api.state.settings.livemode ? 'live' : 'test';
  if (key.mode === own || path === '/v1/account') return answer();
  const shown = answer();
  if (shown['object'] === 'list') return { ...shown, data: [], has_more: false };
  throw missing(String(shown['object']), String(shown['id']));
}

/** The version a request is answered in: its own, else the account's. */
function versionOf(api: Api, request: http.IncomingMessage): string {
  const asked = request.headers['stripe-version'];
  if (typeof asked === 'string') return versionOr(asked);
  return versionOr(api.state.settings.account.api_version);
}

function run(
  api: Api,
  method: string,
  path: string,
  form: Form,
  key: string | null,
  version: string,
) {
  const row = api.keys.authenticate(key);
  const endpoint = findEndpoint(method, path);
  api.limiter.admit(endpoint.template);
  const demand = (slugs: readonly string[], access: 'read' | 'write' = 'read') =>
    api.keys.demand(key ?? '', row, slugs, access);
  demand(endpoint.slugs, endpoint.access);
  const frozen = method === 'GET' ? api.frozen?.find(path, form) : undefined;
  if (frozen !== undefined) return frozen;
  api.catchUp();
  const answer = otherMode(api, row, path, () => endpoint.run(api.state, form));
  const whole = expand(api.state, answer, listOf(form['expand']), (slugs) => demand(slugs));
  return version === API_VERSION ? whole : renderAs(api.state, whole, version);
}

function answerRequest(
  api: Api,
  request: http.IncomingMessage,
  url: URL,
  body: string,
  key: string | null,
): Answer {
  const method = request.method ?? 'GET';
  try {
    const idempotencyKey = request.headers['idempotency-key'];
    const fingerprint = `${url.pathname}\n${body}`;
    const keeps = method === 'POST' && typeof idempotencyKey === 'string';
    if (keeps) {
      const kept = api.answers.find(`${key ?? ''} ${idempotencyKey}`, fingerprint);
      if (kept !== undefined) return { ...kept, headers: { 'idempotent-replayed': 'true' } };
    }
    const form = parseForm(method === 'POST' ? body : url.search.slice(1));
    const result = run(api, method, url.pathname, form, key, versionOf(api, request));
    if (Array.isArray(result)) return { status: 200, body: result, headers: {} };
    const answer = JSON.stringify(result);
    if (keeps) api.answers.keep(`${key ?? ''} ${idempotencyKey}`, fingerprint, 200, answer);
    return { status: 200, body: answer, headers: {} };
  } catch (error) {
    if (error instanceof ApiError) return toAnswer(error);
    throw error;
  }
}

const toAnswer = (error: ApiError): Answer => ({
  status: error.status,
  body: JSON.stringify(error.body, null, 2),
  headers: error.headers,
});

async function handle(api: Api, request: http.IncomingMessage, response: http.ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const body = await readBody(request);
  const control = api.control(request, url.pathname, body);
  if (control !== null) {
    const answer = JSON.stringify(await control);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    return;
  }
  const key = keyOf(request);
  const entry: RequestLogEntry = {
    at: new Date(),
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.search.slice(1),
    key,
    user_agent: request.headers['user-agent'] ?? '',
    status: 0,
  };
  api.requests.push(entry);
  if (api.latency_ms > 0) await delay(api.latency_ms);
  const fault = api.faults.meet(entry.method, entry.path);
  if (fault?.kind === 'timeout') return;
  if (fault?.kind === 'disconnect') {
    response.destroy();
    return;
  }
  const broken = fault === undefined ? null : faultError(fault);
  const answer = broken === null ? answerRequest(api, request, url, body, key) : toAnswer(broken);
  if (fault?.kind === 'hold') await api.faults.hold(fault);
  const parts = typeof answer.body === 'string' ? [Buffer.from(answer.body)] : answer.body;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  entry.status = answer.status;
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': length,
    date: new Date(Date.now() + api.faults.clock_skew_s * 1000).toUTCString(),
    'request-id': api.requestIds.make('req_', 14),
    'stripe-version': versionOf(api, request),
    ...answer.headers,
  });
  if (fault?.kind === 'cut_body') {
    response.write(Buffer.concat(parts).subarray(0, Math.floor(length / 2)));
    setImmediate(() => response.destroy());
    return;
  }
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}

/** An error of the simulator itself: shown to whoever drives it, as what it is. */
function reportCrash(response: http.ServerResponse, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { type: 'simulator_error', message } }));
}

export async function serve(api: Api, port: number, host: string) {
  const server = http.createServer((request, response) => {
    handle(api, request, response).catch((error: unknown) => reportCrash(response, error));
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
