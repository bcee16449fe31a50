import type { Json } from './definition.ts';
import { isSameJson } from './same-json.ts';

export type VersionKind = 'event' | 'fetch';
export type Origin = 'live' | 'history';

/** One sighting of an object: what it looked like, and when. */
export interface Version {
  id: string;
  /** What Stripe sent. For a deletion, the object as it last was. */
  object: Json;
  /** An event's `created` (whole seconds), or the start of the request that fetched it. */
  at: Date;
  kind: VersionKind;
  origin: Origin;
  deleted: boolean;
  /** Old values of what an update changed, as `data.previous_attributes` of its event tells. */
  previous?: Json;
  /** The event says that the object was made just then: nothing of it can be earlier. */
  first?: boolean;
  /** Fetched because of a tie, after both sides of it were known: wins over its own second. */
  settles?: boolean;
  /** All nested objects, when the embedded list of the object is only its first page. */
  nested?: Json[];
}

/** The row as kept. */
export interface Kept {
  object: Json;
  at: Date;
  kind: VersionKind;
  deleted: boolean;
}

export type Verdict =
  /** Newer and different. */
  | 'write'
  /** Newer, but says the same: only the version moves on. */
  | 'touch'
  | 'delete'
  /** Older than what is kept, or it comes after a deletion. */
  | 'ignore'
  /** Same second, same content. */
  | 'same'
  /** Same second, different content, and nothing proves which came first. */
  | 'tie';

const secondOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/**
 * Decides what one sighting does to the row that is kept. Stripe's times have whole seconds, so two
 * events of one second cannot be ordered by them: that is a tie unless the content proves the order.
 */
export function judgeVersion(
  kept: Kept | null,
  next: Version,
  options: { recreatable: boolean },
): Verdict {
  if (kept === null) return next.deleted ? 'delete' : 'write';
  const newer = secondOf(next.at) - secondOf(kept.at);
  if (next.deleted) {
    if (kept.deleted) return 'ignore';
    // Ids that Stripe makes are never used again, so their deletion is final whenever it arrives.
    return newer >= 0 || !options.recreatable ? 'delete' : 'ignore';
  }
  if (kept.deleted) return newer > 0 && options.recreatable ? 'write' : 'ignore';
  if (newer < 0) return 'ignore';
  const same = isSameJson(kept.object, next.object);
  if (newer > 0) return same ? 'touch' : 'write';
  if (same) return 'same';
  if (next.settles || follows(next, kept.object)) return 'write';
  if (kept.kind === 'fetch' && next.kind === 'fetch') {
    return next.at.getTime() >= kept.at.getTime() ? 'write' : 'ignore';
  }
  return 'tie';
}

/** True when undoing the update of `next` gives exactly `earlier`. */
function follows(next: Version, earlier: Json): boolean {
  return next.previous !== undefined && isSameJson(overlay(next.object, next.previous), earlier);
}

/** Puts the old values of `previous_attributes` back; hashes are merged key by key, as Stripe splits them. */
export function overlay(object: Json, previous: Json): Json {
  const result: Json = { ...object };
  for (const [key, old] of Object.entries(previous)) {
    const now = object[key];
    result[key] = isHash(old) && isHash(now) ? overlay(now, old) : old;
  }
  return result;
}

const isHash = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Puts sightings of one object into the order they happened: by second, and inside a second by
 * what they say about each other. Repetitions are dropped. Null when a second cannot be ordered.
 */
export function orderVersions(versions: Version[]): Version[] | null {
  if (versions.length === 1) return versions;
  const sorted = versions.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const ordered: Version[] = [];
  for (let start = 0; start < sorted.length;) {
    const second = secondOf(sorted[start]!.at);
    let end = start + 1;
    while (end < sorted.length && secondOf(sorted[end]!.at) === second) end += 1;
    const group = orderSecond(sorted.slice(start, end));
    if (group === null) return null;
    ordered.push(...group);
    start = end;
  }
  return ordered;
}

function orderSecond(group: Version[]): Version[] | null {
  const settled = group.findLast((version) => version.settles);
  const deleted = group.find((version) => version.deleted);
  if (deleted) return [deleted];
  if (settled) return [settled];
  const distinct: Version[] = [];
  for (const version of group) {
    const index = distinct.findIndex((other) => isSameJson(other.object, version.object));
    if (index < 0) distinct.push(version);
    else if (version.first || version.previous) distinct[index] = version;
  }
  if (distinct.length < 2) return distinct;
  if (distinct.every((version) => version.kind === 'fetch')) return distinct;
  return chain(distinct);
}

/** The one order in which each sighting follows from the one before; null when there is none. */
function chain(group: Version[]): Version[] | null {
  const rest = new Set(group);
  const starts = group.filter(
    (version) =>
      version.first || !group.some((other) => other !== version && follows(version, other.object)),
  );
  if (starts.length !== 1) return null;
  const result: Version[] = [];
  let next: Version | undefined = starts[0];
  while (next) {
    result.push(next);
    rest.delete(next);
    const last: Version = next;
    const followers: Version[] = [...rest].filter((version) => follows(version, last.object));
    if (followers.length > 1) return null;
    next = followers[0];
  }
  if (rest.size === 0) return result;
  // A creation with a single later sighting needs no proof.
  return result.length === 1 && rest.size === 1 && result[0]!.first ? [...result, ...rest] : null;
}
