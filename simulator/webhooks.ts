import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Random } from './random.ts';
import { renderEvent } from './resources/event.ts';
import type { EventRow } from './resources/event.ts';
import type { WebhookEndpointRow } from './resources/webhook-endpoint.ts';
import type { State } from './state.ts';

export interface WebhookFaults {
  /** Share of deliveries that are sent twice. */
  duplicate_ratio?: number;
  /** Each delivery waits a random time up to this, so that they arrive in disorder. */
  shuffle_window_ms?: number;
  /** Share of deliveries that are never sent. */
  drop_ratio?: number;
}

interface Delivery {
  event: EventRow;
  body: string;
  endpoint: string;
  attempt: number;
}

/** `t=…,v1=…` over the raw body; seconds of the wall clock, which receivers compare with theirs. */
export function signPayload(body: string, secret: string, wallSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${wallSeconds}.${body}`).digest('hex');
  return `t=${wallSeconds},v1=${mac}`;
}

const wants = (endpoint: WebhookEndpointRow, type: string): boolean =>
  endpoint.status === 'enabled' &&
  (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));

const ATTEMPT_TIMEOUT_MS = 10_000;

/** Sends events to the account's endpoints, in order unless asked otherwise, and retries. */
export class Deliveries {
  readonly faults: WebhookFaults;
  readonly #state: State;
  readonly #random: Random;
  readonly #retryMs: number[];
  readonly #concurrency: number;
  readonly #queue: Delivery[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  /** Deliveries that are delayed but not by a retry. */
  #delayed = 0;
  #closed = false;

  constructor(
    state: State,
    random: Random,
    options: { faults: WebhookFaults; retry_ms: number[]; concurrency: number },
  ) {
    this.#state = state;
    this.#random = random;
    this.faults = options.faults;
    this.#retryMs = options.retry_ms;
    this.#concurrency = options.concurrency;
  }

  /** To be called for every event as it happens. */
  dispatch(event: EventRow): void {
    if (this.#closed) return;
    const endpoints = [...this.#state.webhookEndpoints].filter((row) => wants(row, event.type));
    if (endpoints.length === 0) return;
    event.pending_webhooks = endpoints.length;
    const body = JSON.stringify(renderEvent(this.#state, event), null, 2);
    for (const endpoint of endpoints) {
      const { duplicate_ratio = 0, drop_ratio = 0, shuffle_window_ms = 0 } = this.faults;
      if (drop_ratio > 0 && this.#random.chance(drop_ratio)) continue;
      const copies = duplicate_ratio > 0 && this.#random.chance(duplicate_ratio) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const delivery = { event, body, endpoint: endpoint.id, attempt: 0 };
        if (shuffle_window_ms > 0) this.#delay(delivery, this.#random.next() * shuffle_window_ms);
        else this.#queue.push(delivery);
      }
    }
    this.#pump();
  }

  /** Resolves when nothing is on its way or due; retries planned for later do not count. */
  settled(): Promise<void> {
    if (this.#idle()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#queue.length = 0;
    this.#agent.destroy();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #idle(): boolean {
    return this.#inFlight === 0 && this.#queue.length === 0 && this.#delayed === 0;
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #delay(delivery: Delivery, ms: number): void {
    this.#delayed += 1;
    this.#later(ms, () => {
      this.#delayed -= 1;
      this.#queue.push(delivery);
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#inFlight < this.#concurrency) {
      const delivery = this.#queue.shift();
      if (delivery === undefined) break;
      this.#inFlight += 1;
      void this.#attempt(delivery).finally(() => {
        this.#inFlight -= 1;
        this.#pump();
      });
    }
    if (this.#idle()) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const endpoint = this.#state.webhookEndpoints.find(delivery.endpoint);
    if (endpoint === undefined || endpoint.status !== 'enabled') return;
    const status = await this.#post(endpoint, delivery.body);
    if (status >= 200 && status < 300) {
      delivery.event.pending_webhooks = Math.max(0, delivery.event.pending_webhooks - 1);
      return;
    }
    const delay = this.#retryMs[delivery.attempt];
    if (delay === undefined || this.#closed) return;
    const retry = { ...delivery, attempt: delivery.attempt + 1 };
    this.#later(delay, () => {
      this.#queue.push(retry);
      this.#pump();
    });
  }

  /** The answer's status; 0 when there was none. Redirects are not followed, as in Stripe. */
  #post(endpoint: WebhookEndpointRow, body: string): Promise<number> {
    const url = new URL(endpoint.url);
    const secure = url.protocol === 'https:';
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      timeout: ATTEMPT_TIMEOUT_MS,
      ...(secure ? {} : { agent: this.#agent }),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signPayload(body, endpoint.secret, Math.floor(Date.now() / 1000)),
      },
    });
    return new Promise((resolve) => {
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(0));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(0));
      request.on('close', () => resolve(0));
      request.end(body);
    });
  }
}
