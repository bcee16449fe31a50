import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Day, Id, Instant, Json, nullable, oneOf } from './notation.ts';

export const SourceState = oneOf([
  'connecting',
  'permission_missing',
  'webhook_full',
  'syncing',
  'live',
  'degraded',
  'key_revoked',
  'paused',
  'disconnected',
]);
export type SourceState = Static<typeof SourceState>;

export const Mode = oneOf(['live', 'test']);
export type Mode = Static<typeof Mode>;

/** A connection to a Stripe account, as the page shows it. The key is never in it. */
export const Source = Type.Object({
  id: Id,
  name: Type.String(),
  account_id: nullable(Type.String()),
  mode: Mode,
  time_zone: Type.String(),
  default_currency: nullable(Type.String()),
  state: SourceState,
  sentence: Type.String(),
  next_step: nullable(Type.String()),
  state_detail: Json,
  key_hint: Type.String(),
  permissions: Json,
  webhook_endpoint_id: nullable(Type.String()),
  history_cutoff_at: Instant,
  last_event_at: nullable(Instant),
  last_webhook_at: nullable(Instant),
  events_polled_until: nullable(Instant),
  connected_at: Instant,
  updated_at: Instant,
});
export type Source = Static<typeof Source>;

export const SourceList = Type.Object({ sources: Type.Array(Source) });
export type SourceList = Static<typeof SourceList>;

export const ProbeBody = Type.Object({ key: Type.String({ minLength: 1, maxLength: 500 }) });
export type ProbeBody = Static<typeof ProbeBody>;

export const ConnectBody = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 500 }),
  name: Type.Optional(Type.String({ maxLength: 200 })),
});
export type ConnectBody = Static<typeof ConnectBody>;

export const SyncError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  request_id: Type.Optional(nullable(Type.String())),
  at: Type.Optional(Instant),
});

export const ResourceProgress = Type.Object({
  resource: Type.String(),
  done: Type.Integer(),
  /** Null while it cannot be known: Stripe tells no totals. */
  expected: nullable(Type.Integer()),
  rate_per_s: nullable(Type.Number()),
  left_s: nullable(Type.Number()),
  state: Type.String(),
  error: nullable(SyncError),
});
export type ResourceProgress = Static<typeof ResourceProgress>;

export const SyncProgress = Type.Object({
  state: Type.String(),
  phase: nullable(Type.Integer()),
  resources: Type.Array(ResourceProgress),
  requests: Type.Integer(),
  rate_limited: Type.Integer(),
  started_at: nullable(Instant),
  finished_at: nullable(Instant),
  /** What can be used already, as a sentence. */
  usable: Type.String(),
});
export type SyncProgress = Static<typeof SyncProgress>;

export const SourceHealth = Type.Object({
  last_event_at: nullable(Instant),
  last_webhook_at: nullable(Instant),
  /** Seconds between the newest event's creation and now; null before the first event. */
  lag_s: nullable(Type.Number()),
  events_waiting: Type.Integer(),
  people: Type.Integer(),
  activities_14_days: Type.Integer(),
});
export type SourceHealth = Static<typeof SourceHealth>;

export const ActivityDay = Type.Object({ on_date: Day, count: Type.Integer() });
export type ActivityDay = Static<typeof ActivityDay>;

/** GET /api/sources/:id */
export const SourceDetail = Type.Object({
  source: Source,
  progress: nullable(SyncProgress),
  health: SourceHealth,
  /** Activities of the last 14 days, oldest first, one entry a day. */
  chart: Type.Array(ActivityDay),
  /** Rows kept of each Stripe resource. */
  objects: Type.Record(Type.String(), Type.Integer()),
});
export type SourceDetail = Static<typeof SourceDetail>;
