import http from 'node:http';
import https from 'node:https';
import type { Random } from './random.ts';
import { renderEvent } from './resources/event.ts';
import type { EventRow } from './resources/event.ts';
import type { WebhookEndpointRow } from './resources/webhook-endpoint.ts';
import type { State } from './state.ts';
import { signPayload } from './webhook-signature.ts';

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

/** How deliveries that were held back are let go. */
export interface ReleaseOptions {
  /** Default `kept`. */
  order?: 'kept' | 'reversed' | 'shuffled';
  /** Share of them that is sent twice. */
  duplicate_ratio?: number;
  /** Share of them that is never sent. */
  drop_ratio?: number;
}

const wants = (endpoint: WebhookEndpointRow, type: string): boolean =>
  endpoint.status === 'enabled' &&
  (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));

const ATTEMPT_TIMEOUT_MS = 10_000;

export interface DeliveryOptions {
  faults: WebhookFaults;
  retry_ms: number[];
  concurrency: number;
  /** An endpoint is disabled after so many failures in a row. Default: never. */
  disable_after?: number | undefined;
  /** How far the clock in signatures is ahead of this machine's. */
  skewSeconds?: () => number;
}

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
  /** Set while deliveries are held back on demand. */
  #held: Delivery[] | null = null;
  /** Failures in a row, by endpoint. */
  readonly #failures = new Map<string, number>();
  readonly #options: DeliveryOptions;

  constructor(state: State, random: Random, options: DeliveryOptions) {
    this.#state = state;
    this.#options = options;
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
    for (const endpoint of endpoints) {
      const body = this.#render(event, endpoint);
      const { duplicate_ratio = 0, drop_ratio = 0, shuffle_window_ms = 0 } = this.faults;
      if (drop_ratio > 0 && this.#random.chance(drop_ratio)) continue;
      const copies = duplicate_ratio > 0 && this.#random.chance(duplicate_ratio) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const delivery = { event, body, endpoint: endpoint.id, attempt: 0 };
        if (this.#held !== null) this.#held.push(delivery);
        else if (shuffle_window_ms > 0)
          this.#delay(delivery, this.#random.next() * shuffle_window_ms);
        else this.#queue.push(delivery);
      }
    }
    this.#pump();
  }

  /** Keeps back what happens from now on, until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** How many deliveries are kept back now. */
  held(): number {
    return this.#held?.length ?? 0;
  }

  /** Sends what was kept back, in the order and with the losses asked for. */
  release(options: ReleaseOptions = {}): void {
    const { order = 'kept', duplicate_ratio = 0, drop_ratio = 0 } = options;
    const random = this.#random;
    const kept = (this.#held ?? []).filter(() => drop_ratio === 0 || !random.chance(drop_ratio));
    this.#held = null;
    const all = kept.flatMap((delivery) =>
      duplicate_ratio > 0 && random.chance(duplicate_ratio) ? [delivery, delivery] : [delivery],
    );
    if (order === 'reversed') all.reverse();
    if (order === 'shuffled') {
      for (let last = all.length - 1; last > 0; last -= 1) {
        const other = random.int(0, last);
        [all[last], all[other]] = [all[other] as Delivery, all[last] as Delivery];
      }
    }
    this.#queue.push(...all);
    this.#pump();
  }

  /** Sends an event again, to one endpoint or to all that want it, as the Dashboard can. */
  resend(id: string, endpoint?: string): void {
    const event = this.#state.events.get(id);
    for (const row of this.#state.webhookEndpoints) {
      if (endpoint === undefined ? !wants(row, event.type) : row.id !== endpoint) continue;
      const body = this.#render(event, row);
      this.#queue.push({ event, body, endpoint: row.id, attempt: 0 });
    }
    this.#pump();
  }

  /** Changes how deliveries go wrong from now on. */
  setFaults(faults: WebhookFaults): void {
    Object.assign(this.faults, faults);
  }

  /** In the endpoint's version, or the account's when it names none. */
  #render(event: EventRow, endpoint: WebhookEndpointRow): string {
    const version = endpoint.api_version ?? undefined;
    return JSON.stringify(renderEvent(this.#state, event, version), null, 2);
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
      this.#failures.delete(endpoint.id);
      delivery.event.pending_webhooks = Math.max(0, delivery.event.pending_webhooks - 1);
      return;
    }
    this.#countFailure(endpoint);
    const delay = this.#retryMs[delivery.attempt];
    if (delay === undefined || this.#closed) return;
    const retry = { ...delivery, attempt: delivery.attempt + 1 };
    this.#later(delay, () => {
      this.#queue.push(retry);
      this.#pump();
    });
  }

  /** Stripe gives an endpoint up that has only failed for days. */
  #countFailure(endpoint: WebhookEndpointRow): void {
    const failures = (this.#failures.get(endpoint.id) ?? 0) + 1;
    this.#failures.set(endpoint.id, failures);
    if (failures !== this.#options.disable_after) return;
    this.#state.webhookEndpoints.put({ ...endpoint, status: 'disabled' });
  }

  /** With one `v1` for each secret that is valid now. */
  #sign(endpoint: WebhookEndpointRow, body: string): string {
    const skew = this.#options.skewSeconds?.() ?? 0;
    const wall = Math.floor(Date.now() / 1000) + skew;
    const { old_secret, secret } = endpoint;
    const rolled = old_secret !== undefined && old_secret.until > this.#state.now();
    return signPayload(body, rolled ? [secret, old_secret.secret] : secret, wall);
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
        'stripe-signature': this.#sign(endpoint, body),
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
