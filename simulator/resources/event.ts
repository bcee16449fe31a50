import type Stripe from 'stripe';
import type { State } from '../state.ts';
import { API_VERSION, isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import { RENDERERS } from './registry.ts';
import type { Snapshot } from './registry.ts';

export interface EventRow {
  id: string;
  created: number;
  /** The order in which events happened, which neither `created` nor ids tell. Not rendered. */
  sequence: number;
  type: Stripe.Event.Type;
  /** What the event shows, as rows; rendered when first asked for. */
  snapshot: Snapshot;
  before: Snapshot | null;
  /** The rendered `data`, kept from then on. */
  data: { object: Json; previous_attributes?: Json } | null;
  /** Endpoints that have not yet answered with success. */
  pending_webhooks: number;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What Stripe shows as `previous_attributes`: the old values of what changed, nested by hash. */
export function previousAttributes(before: Json, after: Json): Json {
  const changed: Json = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[key];
    const now = after[key];
    if (same(old, now)) continue;
    changed[key] = isJson(old) && isJson(now) ? previousAttributes(old, now) : (old ?? null);
  }
  return changed;
}

const renderSnapshot = (state: State, { resource, row }: Snapshot): Json =>
  RENDERERS[resource](state, row as never) as unknown as Json;

/** Renders and keeps the event's `data`, so that later changes do not show through. */
export function settleEventData(state: State, row: EventRow) {
  if (row.data !== null) return row.data;
  const object = renderSnapshot(state, row.snapshot);
  const before = row.before === null ? null : renderSnapshot(state, row.before);
  row.data =
    before === null
      ? { object }
      : { object, previous_attributes: previousAttributes(before, object) };
  return row.data;
}

/** `Stripe.EventBase` but for `data`, whose object is any of the resources. */
export type WireEvent = Omit<Stripe.EventBase, 'data'> & {
  data: { object: Json; previous_attributes?: Json };
};

export function renderEvent(state: State, row: EventRow): WireEvent {
  return {
    id: row.id,
    object: 'event',
    api_version: API_VERSION,
    created: row.created,
    data: settleEventData(state, row),
    livemode: state.settings.livemode,
    pending_webhooks: row.pending_webhooks,
    request: { id: null, idempotency_key: null },
    type: row.type,
  };
}
