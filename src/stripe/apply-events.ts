import {
  claimEvents,
  failEvent,
  finishEvents,
  listFailingEvents,
  listSourcesWithEvents,
} from '../objects/index.ts';
import type { Resource, Sighting, StoredEvent } from '../objects/index.ts';
import { lockInTransaction, messageOf } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { clientOf } from './client/source-client.ts';
import { StripeError } from './client/stripe-error.ts';
import { RESTING_STATES } from './definition.ts';
import { readSubject } from './event-subject.ts';
import { ingest, markByEvents } from './ingest.ts';
import { noteKeyTrouble } from './key-trouble.ts';
import { findSource, noteEvents } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { refetch } from './refetch.ts';
import type { Refetched, Wanted } from './refetch.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { tellSteps } from './tell-steps.ts';
import { takeFromHand } from './webhook/in-hand.ts';
import { countDeliveriesWaiting } from './webhook/inbox.ts';

const BATCH = 1000;
/** While deliveries wait for their answer: a long batch would hold them up. */
const SMALL_BATCH = 500;

/**
 * Applies events that wait, for all sources. Answers how many it applied; more than 0 means call again.
 * What one source lacks (Stripe does not answer for it) holds up none of the others; it is thrown after them.
 */
export async function applyEvents(ctx: Context): Promise<number> {
  let applied = 0;
  const failures: unknown[] = [];
  for (const id of await listSourcesWithEvents(ctx)) {
    const source = await findSource(ctx, id);
    // What arrives during a pause is kept and applied when it ends.
    if (!source || RESTING_STATES.has(source.state)) continue;
    try {
      applied += await applyOfSource(ctx, source);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return applied;
}

async function applyOfSource(ctx: Context, source: Source): Promise<number> {
  let applied = 0;
  try {
    applied = await applyBatch(ctx, source);
  } catch (error) {
    if (isOutage(error)) throw error;
    // One of them cannot be applied. Alone each, so that it stops none of the others.
    ctx.log.warn({ err: error, source_id: source.id }, 'a batch of events failed; one by one now');
    const ids = await firstIds(ctx, source);
    for (const event_id of ids) applied += await applyAlone(ctx, source, event_id);
  }
  for (const id of await listFailingEvents(ctx, source.id))
    applied += await applyAlone(ctx, source, id);
  return applied;
}

async function firstIds(ctx: Context, source: Source): Promise<string[]> {
  const events = await claimEvents(ctx, { source_id: source.id, limit: BATCH });
  return events.map((event) => event.id);
}

async function applyAlone(ctx: Context, source: Source, event_id: string): Promise<number> {
  try {
    return await applyBatch(ctx, source, [event_id]);
  } catch (error) {
    if (isOutage(error)) throw error;
    ctx.log.error({ err: error, source_id: source.id, event_id }, 'an event cannot be applied');
    await failEvent(ctx, source.id, event_id, messageOf(error));
    return 0;
  }
}

/** Not the event's fault: no connection to the database or to Stripe. */
function isOutage(error: unknown): boolean {
  // A request that Stripe does not take as it is will not be taken later either.
  if (error instanceof StripeError) return error.kind !== 'invalid';
  const { code = '' } = error as { code?: string };
  // 08: connection, 53: out of resources, 57: shutting down; ECONN…: no server there.
  return /^(08|53|57|ECONN|EPIPE)/.test(code) || /Connection terminated/.test(messageOf(error));
}

interface BatchOutcome {
  applied: number;
  /** Objects to fetch first, and the events that wait for them. */
  wanted: Wanted[];
  left: string[];
}

/** Claims a batch and applies it in one transaction; then what had to be fetched for, in a second. */
async function applyBatch(ctx: Context, source: Source, only?: string[]): Promise<number> {
  const limit = countDeliveriesWaiting(ctx) > 0 ? SMALL_BATCH : BATCH;
  const first = await applyClaimed(ctx, source, { limit, ...(only ? { only } : {}) }, []);
  // With a key that does not work now, what needs fetching waits until it does.
  const stands = source.state === 'key_revoked' || source.state === 'permission_missing';
  if (first.wanted.length === 0 || stands) return first.applied;
  // Outside of the transaction: nobody waits for Stripe with locks in hand.
  const fetched = await fetchWanted(ctx, source, first.wanted);
  if (fetched === null) return first.applied;
  const second = await applyClaimed(ctx, source, { limit: BATCH, only: first.left }, fetched);
  return first.applied + second.applied;
}

/** Null when the key turned out not to work any more. */
async function fetchWanted(
  ctx: Context,
  source: Source,
  wanted: Wanted[],
): Promise<Refetched[] | null> {
  try {
    return await refetch(clientOf(ctx, source), wanted);
  } catch (error) {
    if (error instanceof StripeError && (await noteKeyTrouble(ctx, source.id, error))) return null;
    throw error;
  }
}

async function applyClaimed(
  ctx: Context,
  source: Source,
  claim: { limit: number; only?: string[] },
  fetched: Refetched[],
): Promise<BatchOutcome> {
  return await retryConflicts(ctx, async (tx) => {
    // Batches of one source one after the other: two at once would see each other's steps out of order.
    await lockInTransaction(tx, `apply events of source ${source.id}`);
    const in_hand = (id: string) => takeFromHand(ctx, source.id, id);
    const events = await claimEvents(tx, { source_id: source.id, ...claim, in_hand });
    if (events.length === 0) return { applied: 0, wanted: [], left: [] };
    const batch = groupBySubject(events, source, fetched);
    const { ties } = await ingest(tx, source.id, batch.saves);
    const wanted = [...batch.wanted, ...ties.map(batch.withFallback)];
    const held = new Set(wanted.map(({ resource, id }) => `${resource}/${id}`));
    const left = events.filter((event) => held.has(batch.subject_of.get(event.id) ?? ''));
    const waiting = new Set(left);
    const done = events.filter((event) => !waiting.has(event));
    await finishEvents(
      tx,
      source.id,
      done.map((event) => event.id),
    );
    const told = done.map((event) => event.raw);
    await tellSteps(tx, source.id, told);
    await markByEvents(tx, source.id, told);
    const delivered = done.filter((event) => event.origin === 'webhook');
    await noteEvents(tx, source.id, {
      last_event_at: newest(done.map((event) => event.created_at)),
      last_webhook_at: newest(delivered.map((event) => event.received_at)),
    });
    return { applied: done.length, wanted, left: left.map((event) => event.id) };
  });
}

const newest = (instants: Date[]): Date | null =>
  instants.reduce<Date | null>((max, at) => (max && max > at ? max : at), null);

/**
 * Sorts a batch by object. An object with an event that cannot be used as it is goes aside whole,
 * until it was fetched; then what was fetched stands for all of its events.
 */
function groupBySubject(events: StoredEvent[], source: Source, fetched: Refetched[]) {
  const subject_of = new Map<string, string>();
  const groups = new Map<
    string,
    { resource: Resource; id: string; sightings: Sighting[]; aside: boolean; understood: boolean }
  >();
  for (const event of events) {
    const subject = readSubject(event.raw);
    if (!subject) continue;
    const key = `${subject.resource}/${subject.id}`;
    subject_of.set(event.id, key);
    const group = groups.get(key) ?? { ...subject, sightings: [], aside: false };
    const origin = event.created_at >= source.history_cutoff_at ? 'live' : 'history';
    group.sightings.push({ ...subject.sighting, origin });
    group.aside ||= subject.incomplete;
    group.understood = subject.understood;
    groups.set(key, group);
  }
  for (const { resource, unknown, ...sighting } of fetched) {
    const group = groups.get(`${resource}/${String(sighting.object.id)}`);
    if (!group) continue;
    const origin = group.sightings.at(-1)?.origin;
    // An object nobody can fetch or read leaves no more than its events.
    group.sightings = unknown ? [] : [{ ...sighting, ...(origin ? { origin } : {}) }];
    group.aside = false;
  }
  // What the newest event says stands where the object cannot be fetched.
  const withFallback = (one: Wanted): Wanted => {
    const group = groups.get(`${one.resource}/${one.id}`);
    return { ...one, fallback: group?.understood ? (group.sightings.at(-1) ?? null) : null };
  };
  const wanted = [...groups.values()]
    .filter((group) => group.aside)
    .map(({ resource, id, sightings }) =>
      withFallback({ resource, id, at: sightings.at(-1)!.version_at }),
    );
  const byResource = new Map<Resource, Sighting[]>();
  for (const { resource, sightings, aside } of groups.values()) {
    if (!aside) byResource.set(resource, [...(byResource.get(resource) ?? []), ...sightings]);
  }
  const saves = [...byResource].map(([resource, objects]) => ({
    resource,
    objects,
    version: { at: source.connected_at, kind: 'event' as const },
  }));
  return { subject_of, wanted, saves, withFallback };
}
