import type Stripe from 'stripe';
import type { State } from '../state.ts';
import { renderAs } from '../versions/render-as.ts';
import { API_VERSION, isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import { RENDERERS } from './registry.ts';
import type { Snapshot } from './registry.ts';

export interface EventData {
  object: Json;
  previous_attributes?: Json;
}

export interface EventRow {
  id: string;
  created: number;
  /** The order in which events happened, which neither `created` nor ids tell. Not rendered. */
  sequence: number;
  type: Stripe.Event.Type;
  /** What the event shows, as rows; rendered when first asked for. */
  snapshot: Snapshot;
  before: Snapshot | null;
  /** The account's default version at the time, in which `data` is shown for ever. */
  api_version?: string;
  /** The rendered `data`, kept from then on. */
  data: EventData | null;
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

function renderSnapshot(state: State, { resource, row }: Snapshot, version: string): Json {
  const object = RENDERERS[resource](state, row as never) as unknown as Json;
  return version === API_VERSION ? object : renderAs(state, object, version);
}

/** The event's `data` in some version, from the rows it was made from. */
function renderData(state: State, row: EventRow, version: string): EventData {
  const object = renderSnapshot(state, row.snapshot, version);
  if (row.before === null) return { object };
  const before = renderSnapshot(state, row.before, version);
  return { object, previous_attributes: previousAttributes(before, object) };
}

/** Renders and keeps the event's `data`, so that later changes do not show through. */
export function settleEventData(state: State, row: EventRow): EventData {
  row.data ??= renderData(state, row, row.api_version ?? API_VERSION);
  return row.data;
}

/** `Stripe.EventBase` but for `data`, whose object is any of the resources. */
export type WireEvent = Omit<Stripe.EventBase, 'data'> & { data: EventData };

/**
 * An event in the version of its time, or as it is delivered to an endpoint with a version of its
 * own: then it must be rendered at once, while everything is as it was.
 */
export function renderEvent(state: State, row: EventRow, version?: string): WireEvent {
  const own = row.api_version ?? API_VERSION;
  const other = version !== undefined && version !== own;
  return {
    id: row.id,
    object: 'event',
    api_version: version ?? own,
    created: row.created,
    data: other ? renderData(state, row, version) : settleEventData(state, row),
    livemode: state.settings.livemode,
    pending_webhooks: row.pending_webhooks,
    request: { id: null, idempotency_key: null },
    type: row.type,
  };
}
