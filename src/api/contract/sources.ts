import { Type } from 'typebox';
import type { Static } from 'typebox';
import { SOURCE_STATES } from '../../stripe/definition.ts';
import { Day, Id, Instant, nullable, oneOf } from './notation.ts';

export const SourceState = oneOf(SOURCE_STATES);
export type SourceState = Static<typeof SourceState>;

export const Mode = oneOf(['live', 'test']);
export type Mode = Static<typeof Mode>;

const Endpoint = Type.Object({
  id: Type.String(),
  url: Type.String(),
  description: nullable(Type.String()),
  status: Type.String(),
});

/** Why a source is in its state; what is not the matter is left out. */
export const StateDetail = Type.Object({
  webhook: Type.Optional(
    Type.Object({
      status: oneOf(['ok', 'full', 'needs_https', 'refused', 'silent', 'disabled', 'deleted']),
      /** Stripe's own words. */
      message: Type.Optional(Type.String()),
      /** Those that exist, when there is no room for ours. */
      endpoints: Type.Optional(Type.Array(Endpoint)),
      since: Type.Optional(Type.String()),
    }),
  ),
  /** Permissions to add to the key. */
  missing: Type.Optional(
    Type.Array(Type.Object({ slug: Type.String(), label: Type.String(), access: Type.String() })),
  ),
  message: Type.Optional(Type.String()),
  checked_at: Type.Optional(Type.String()),
});
export type StateDetail = Static<typeof StateDetail>;

/** POST /api/sources/:id/webhook/check */
export const AddressCheck = Type.Object({
  at: Instant,
  ok: Type.Boolean(),
  sentence: Type.String(),
});
export type AddressCheck = Static<typeof AddressCheck>;

/** How news of the account reach us, and how well. */
export const WebhookHealth = Type.Object({
  following: oneOf(['webhook', 'polling']),
  /** Our address as Stripe calls it. */
  url: Type.String(),
  endpoint_id: nullable(Type.String()),
  last_webhook_at: nullable(Instant),
  last_event_at: nullable(Instant),
  /** Age of the oldest event that waits to be applied, seconds; 0 when none waits. */
  lag_s: Type.Number(),
  events_waiting: Type.Integer(),
  events_failing: Type.Integer(),
  /** Events given up after the last try. */
  events_set_aside: Type.Integer(),
  next_poll_at: nullable(Instant),
  /** Delivered events of the last 24 hours. */
  deliveries_24h: Type.Integer(),
  /** Deliveries refused here, and events that never came and were found by asking. */
  failures_24h: Type.Integer(),
  /** Received minus created, of the last 100 delivered events; null before the first. */
  lag_p95_ms: nullable(Type.Integer()),
  /** Whether our public address answers, as tried from here; null before the first try. */
  address_check: nullable(AddressCheck),
});
export type WebhookHealth = Static<typeof WebhookHealth>;

export const SourceSettings = Type.Object({
  /** Copy customers of test clocks too. */
  include_test_clocks: Type.Boolean(),
  /** Share of this installation's part of Stripe's rate limit, 0.05 to 1. */
  rate_share: Type.Number(),
});
export type SourceSettings = Static<typeof SourceSettings>;

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
  state_detail: StateDetail,
  key_hint: Type.String(),
  /** Granted or not, by slug. */
  permissions: Type.Record(Type.String(), Type.Boolean()),
  webhook_endpoint_id: nullable(Type.String()),
  history_cutoff_at: Instant,
  last_event_at: nullable(Instant),
  last_webhook_at: nullable(Instant),
  events_polled_until: nullable(Instant),
  connected_at: Instant,
  updated_at: Instant,
  settings: SourceSettings,
  /** Whether our endpoint's secret can be replaced now. */
  can_rotate_secret: Type.Boolean(),
  webhook: WebhookHealth,
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

/** PUT /api/sources/:id/key */
export const KeyBody = ProbeBody;

export const SyncError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  request_id: Type.Optional(nullable(Type.String())),
  at: Type.Optional(Instant),
  attempts: Type.Optional(Type.Integer()),
});

/** A permission as Stripe's key form names it. */
export const MissingPermission = Type.Object({
  slug: Type.String(),
  label: Type.String(),
  access: Type.String(),
});
export type MissingPermission = Static<typeof MissingPermission>;

export const ResourceProgress = Type.Object({
  resource: Type.String(),
  /** Payment methods have a lane of their own, behind everything else. */
  lane: oneOf(['main', 'payment_methods']),
  /** What `done` and `expected` count. */
  counts: oneOf(['objects', 'customers']),
  done: Type.Integer(),
  /** Null while it cannot be known: Stripe tells no totals. */
  expected: nullable(Type.Integer()),
  rate_per_s: nullable(Type.Number()),
  left_s: nullable(Type.Number()),
  /** `skipped`: the key may not read it; `missing` says which permission to add. */
  state: oneOf(['waiting', 'running', 'done', 'skipped']),
  missing: nullable(MissingPermission),
  /** Of the last failed try that has not been made good. */
  error: nullable(SyncError),
});
export type ResourceProgress = Static<typeof ResourceProgress>;

export const SyncProgress = Type.Object({
  /** `waiting`: somebody has to do something about the source first (its state says what). */
  state: oneOf(['none', 'running', 'waiting', 'complete', 'failed', 'cancelled']),
  /** 1 while the last 90 days and the small lists come in, then 2; null when nothing is going on. */
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
  /** Age of the oldest event that waits to be applied, seconds; 0 when none waits. */
  lag_s: Type.Number(),
  events_waiting: Type.Integer(),
  /** People who own a customer of this account. */
  people: Type.Integer(),
  activities_14_days: Type.Integer(),
});
export type SourceHealth = Static<typeof SourceHealth>;

export const ActivityDay = Type.Object({ on_date: Day, count: Type.Integer() });
export type ActivityDay = Static<typeof ActivityDay>;

export const SourceOverview = Type.Object({
  /** Living rows of all resources. */
  records: Type.Integer(),
  people: Type.Integer(),
  /** People who came in the last 30 days. */
  people_30d: Type.Integer(),
  activities: Type.Integer(),
  activities_30d: Type.Integer(),
});
export type SourceOverview = Static<typeof SourceOverview>;

export const SourcePermission = Type.Object({
  slug: Type.String(),
  resource: Type.String(),
  label: Type.String(),
  access: Type.String(),
  needed: Type.Boolean(),
  why: Type.String(),
  /** Null when it was never tried. */
  granted: nullable(Type.Boolean()),
  /** Living rows of what it opens. */
  records: Type.Integer(),
});
export type SourcePermission = Static<typeof SourcePermission>;

/** What a light comparison with Stripe found. */
export const SourceCheck = Type.Object({
  id: Id,
  at: Instant,
  /** Requests it cost. */
  reads: Type.Integer(),
  /** Objects compared. */
  compared: Type.Integer(),
  /** In Stripe, not here. */
  missing: Type.Integer(),
  /** Here, no longer in Stripe. */
  extra: Type.Integer(),
  /** In both, with other content. */
  different: Type.Integer(),
  repaired: Type.Integer(),
  sentence: Type.String(),
});
export type SourceCheck = Static<typeof SourceCheck>;

/** GET /api/sources/:id */
export const SourceDetail = Type.Object({
  source: Source,
  overview: SourceOverview,
  progress: SyncProgress,
  permissions: Type.Array(SourcePermission),
  /** The last 14, newest first. */
  checks: Type.Array(SourceCheck),
  health: SourceHealth,
  /** Activities of the last 14 days, oldest first, one entry a day. */
  chart: Type.Array(ActivityDay),
  /** Rows kept of each Stripe resource. */
  objects: Type.Record(Type.String(), Type.Integer()),
});
export type SourceDetail = Static<typeof SourceDetail>;
