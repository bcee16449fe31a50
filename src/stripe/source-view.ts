import { countEvents, measureDeliveries } from '../objects/index.ts';
import type { Context } from '../platform/index.ts';
import type { Mode, SourceState } from './definition.ts';
import { describeState } from './describe-state.ts';
import type { StateDetail } from './describe-state.ts';
import { readSource, readSources } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { countDeliveryTrouble } from './queries/webhook-hours.ts';
import { canRotate } from './webhook/can-rotate.ts';
import { webhookUrl } from './webhook/endpoint.ts';

/** How news of the account reach us, and how well. */
export interface WebhookHealth {
  following: 'webhook' | 'polling';
  /** Our address as Stripe calls it. */
  url: string;
  endpoint_id: string | null;
  last_webhook_at: Date | null;
  last_event_at: Date | null;
  /** Age of the oldest event that waits to be applied, seconds; 0 when none waits. */
  lag_s: number;
  events_waiting: number;
  /** Events that fail and are being tried again. */
  events_failing: number;
  /** Events given up after the last try. */
  events_set_aside: number;
  next_poll_at: Date | null;
  deliveries_24h: number;
  /** Deliveries refused here, and events that never came and were found by asking. */
  failures_24h: number;
  lag_p95_ms: number | null;
  address_check: { at: string; ok: boolean; sentence: string } | null;
}

/** A source as the page shows it. Keys and secrets are not in it. */
export interface SourceView {
  id: number;
  name: string;
  account_id: string | null;
  mode: Mode;
  time_zone: string;
  default_currency: string | null;
  state: SourceState;
  sentence: string;
  next_step: string | null;
  state_detail: StateDetail;
  key_hint: string;
  permissions: Record<string, boolean>;
  webhook_endpoint_id: string | null;
  history_cutoff_at: Date;
  last_event_at: Date | null;
  last_webhook_at: Date | null;
  events_polled_until: Date | null;
  connected_at: Date;
  updated_at: Date;
  settings: { include_test_clocks: boolean; rate_share: number };
  /** Whether our endpoint's secret can be replaced now. */
  can_rotate_secret: boolean;
  webhook: WebhookHealth;
}

export async function listSources(ctx: Context): Promise<SourceView[]> {
  const sources = await readSources(ctx);
  return await Promise.all(sources.map(async (source) => await viewSource(ctx, source)));
}

/** Throws `source_not_found`. */
export async function getSource(ctx: Context, id: number): Promise<SourceView> {
  return await viewSource(ctx, await readSource(ctx, id));
}

export async function viewSource(ctx: Context, source: Source): Promise<SourceView> {
  const { state, state_detail: detail, mode } = source;
  return {
    id: source.id,
    name: source.name,
    account_id: source.account_id,
    mode,
    time_zone: source.time_zone,
    default_currency: source.default_currency,
    state,
    ...describeState({ state, detail, mode }),
    state_detail: detail,
    key_hint: source.key_hint,
    permissions: source.permissions,
    webhook_endpoint_id: source.webhook_endpoint_id,
    history_cutoff_at: source.history_cutoff_at,
    last_event_at: source.last_event_at,
    last_webhook_at: source.last_webhook_at,
    events_polled_until: source.events_polled_until,
    connected_at: source.connected_at,
    updated_at: source.updated_at,
    settings: {
      include_test_clocks: source.include_test_clocks,
      rate_share: source.rate_share,
    },
    can_rotate_secret: canRotate(source),
    webhook: await viewWebhook(ctx, source),
  };
}

async function viewWebhook(ctx: Context, source: Source): Promise<WebhookHealth> {
  const [events, deliveries, failures_24h] = await Promise.all([
    countEvents(ctx, source.id),
    measureDeliveries(ctx, source.id),
    countDeliveryTrouble(ctx, source.id),
  ]);
  const oldest = events.oldest_waiting_at?.getTime();
  const age = oldest === undefined ? 0 : (ctx.clock.now().getTime() - oldest) / 1000;
  return {
    following: source.state_detail.webhook?.status === 'ok' ? 'webhook' : 'polling',
    url: webhookUrl(ctx, source),
    endpoint_id: source.webhook_endpoint_id,
    last_webhook_at: source.last_webhook_at,
    last_event_at: source.last_event_at,
    lag_s: Math.max(0, Math.round(age)),
    events_waiting: events.waiting,
    events_failing: events.failing,
    events_set_aside: events.set_aside,
    next_poll_at: source.next_poll_at,
    ...deliveries,
    failures_24h,
    address_check: source.address_check,
  };
}
