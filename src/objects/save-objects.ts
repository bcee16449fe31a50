import type { Context } from '../platform/index.ts';
import { RECREATABLE } from './definition.ts';
import type { Json, Resource } from './definition.ts';
import type { FetchedList } from './queries/fetched.ts';
import { insertRows, lockRows, touchRows, updateRows } from './queries/rows.ts';
import type { NewRow } from './queries/rows.ts';
import { saveNested } from './save-nested.ts';
import type { Parent } from './save-nested.ts';
import { saveNew } from './save-new.ts';
import { judgeVersion, orderVersions } from './version-guard.ts';
import type { Kept, Origin, Version, VersionKind } from './version-guard.ts';

export interface ObjectChange {
  source_id: number;
  resource: Resource;
  id: string;
  /** What was kept before; null when the object was not known. */
  before: Json | null;
  /** Null when the object was deleted. */
  after: Json | null;
  /** The instant `after` shows. */
  at: Date;
  /** The newest instant at which `before` was seen. */
  before_at?: Date;
  origin: Origin;
}

/** An object that was seen in two shapes in one second. Nothing of it was stored: fetch it and save it as settled. */
export interface Tie {
  id: string;
  /** The newest instant seen; the fetched version must not claim an older one. */
  at: Date;
}

/** A sighting with its own circumstances; what is left out comes from the call. */
export interface Sighting {
  object: Json;
  version_at: Date;
  kind?: VersionKind;
  origin?: Origin;
  deleted?: boolean;
  previous?: Json;
  first?: boolean;
  settles?: boolean;
  nested?: Json[];
}

export interface SaveObjects {
  source_id: number;
  resource: Resource;
  objects: readonly (Json | Sighting)[];
  /** Default for objects that come without their own. */
  version: { at: Date; kind: VersionKind };
  /** Default `live`. */
  origin?: Origin;
  /**
   * The very same objects in the form they were fetched, when they are probably new: those are
   * then written from it, and only the others go through the version guard.
   */
  pages?: readonly FetchedList[];
}

export interface Saved {
  changes: ObjectChange[];
  ties: Tie[];
}

/**
 * Stores a page or a batch of objects of one resource, each under the version guard: the newer
 * sighting wins, an older one changes nothing, what was deleted stays deleted. Several sightings of
 * one object are applied in the order they happened and each gives its own change. Items of
 * subscriptions and lines of invoices are stored along with them. Must run in a transaction.
 */
export async function saveObjects(tx: Context, input: SaveObjects): Promise<Saved> {
  const byId = new Map<string, Version[]>();
  for (const entry of input.objects) {
    const version = toVersion(entry, input);
    const known = byId.get(version.id);
    if (known) known.push(version);
    else byId.set(version.id, [version]);
  }
  const saved: Saved = { changes: [], ties: [] };
  let open = [...byId.keys()].toSorted();
  if (input.pages) {
    const written = await saveNew(tx, input, input.pages, byId);
    saved.changes.push(...written.map((version) => changeOf(input, version, null)));
    const known = new Set(written.map((version) => version.id));
    open = open.filter((id) => !known.has(id));
  }
  while (open.length > 0) open = await applyRound(tx, input, byId, open, saved);
  return saved;
}

/** Stores deletions: rows stay, marked as deleted, so that a late update cannot bring them back. */
export async function deleteObjects(
  tx: Context,
  input: Omit<SaveObjects, 'objects'> & { objects: readonly Json[] },
): Promise<Saved> {
  const objects = input.objects.map((object) => ({
    object,
    version_at: input.version.at,
    deleted: true,
  }));
  return await saveObjects(tx, { ...input, objects });
}

function toVersion(entry: Json | Sighting, input: SaveObjects): Version {
  const sighting = isSighting(entry) ? entry : { object: entry, version_at: input.version.at };
  const { object, version_at, ...rest } = sighting;
  const id = object.id;
  if (typeof id !== 'string') throw new TypeError(`an object of ${input.resource} has no id`);
  return {
    kind: input.version.kind,
    origin: input.origin ?? 'live',
    deleted: false,
    ...rest,
    id,
    object,
    at: version_at,
  };
}

// A Stripe object names its type in `object`; a sighting holds the whole object there.
const isSighting = (entry: Json | Sighting): entry is Sighting =>
  typeof entry.object === 'object' && entry.object !== null;

/**
 * One pass over the ids that are still open. Answers those that another transaction inserted
 * meanwhile: their rows can be locked now, and are judged again.
 */
async function applyRound(
  tx: Context,
  input: SaveObjects,
  byId: Map<string, Version[]>,
  ids: string[],
  saved: Saved,
): Promise<string[]> {
  const kept = await lockRows(tx, input, ids);
  const outcomes = ids.map((id) => fold(input, byId.get(id)!, kept.get(id) ?? null));
  const inserts = outcomes.filter((outcome) => outcome.row && !kept.has(outcome.id));
  const updates = outcomes.filter((outcome) => outcome.row && kept.has(outcome.id));
  const inserted = await insertRows(tx, input, rowsOf(inserts));
  await updateRows(tx, input, rowsOf(updates));
  await touchRows(
    tx,
    input,
    outcomes.filter((outcome) => outcome.touched).map((outcome) => outcome.touched!),
  );
  const raced = new Set(inserts.map((outcome) => outcome.id).filter((id) => !inserted.has(id)));
  const done = outcomes.filter((outcome) => !raced.has(outcome.id));
  for (const outcome of done) {
    saved.changes.push(...outcome.changes);
    if (outcome.tie) saved.ties.push(outcome.tie);
  }
  const parents = done.flatMap((outcome) => (outcome.parent ? [outcome.parent] : []));
  await saveNested(tx, input, parents);
  return [...raced];
}

interface Outcome {
  id: string;
  row: NewRow | null;
  touched: { id: string; version_at: Date; version_kind: VersionKind } | null;
  changes: ObjectChange[];
  tie: Tie | null;
  parent: Parent | null;
}

const rowsOf = (outcomes: Outcome[]): NewRow[] => outcomes.map((outcome) => outcome.row!);

/** Applies all sightings of one object to the row that is kept, in memory. */
function fold(input: SaveObjects, versions: Version[], kept: Kept | null): Outcome {
  const id = versions[0]!.id;
  const outcome: Outcome = {
    id,
    row: null,
    touched: null,
    changes: [],
    tie: null,
    parent: null,
  };
  const tied = (): Outcome => ({
    ...outcome,
    row: null,
    touched: null,
    changes: [],
    parent: null,
    tie: { id, at: newest([...versions.map((version) => version.at), ...(kept ? [kept.at] : [])]) },
  });
  const ordered = orderVersions(versions);
  if (ordered === null) return tied();
  const recreatable = RECREATABLE.has(input.resource);
  let current = kept;
  for (const version of ordered) {
    const verdict = judgeVersion(current, version, { recreatable });
    if (verdict === 'tie') return tied();
    if (verdict === 'ignore') continue;
    const isNew = current === null;
    const complete = version.nested !== undefined;
    if (verdict === 'same' || verdict === 'touch') {
      if (complete) outcome.parent = { id, version, was_known: true, deleted: false };
      if (verdict === 'same') continue;
      current = { ...current!, at: version.at, kind: version.kind };
      if (outcome.row) outcome.row.version_at = version.at;
      else outcome.touched = { id, version_at: version.at, version_kind: version.kind };
      continue;
    }
    const deleted = verdict === 'delete';
    const before = current && !current.deleted ? current.object : null;
    if (!deleted || before !== null) {
      outcome.changes.push({
        ...changeOf(input, version, before),
        ...(before === null ? {} : { before_at: current!.at }),
      });
    }
    const object = deleted && current ? current.object : version.object;
    const at = current && current.at > version.at ? current.at : version.at;
    current = { object, at, kind: version.kind, deleted };
    outcome.touched = null;
    outcome.row = {
      id,
      raw: object,
      version_at: at,
      version_kind: version.kind,
      deleted_at: deleted ? version.at : null,
    };
    outcome.parent = { id, version, was_known: !isNew || kept !== null, deleted };
  }
  return outcome;
}

function changeOf(input: SaveObjects, version: Version, before: Json | null): ObjectChange {
  const { source_id, resource } = input;
  const { id, at, origin } = version;
  return {
    source_id,
    resource,
    id,
    before,
    after: version.deleted ? null : version.object,
    at,
    origin,
  };
}

function newest(instants: Date[]): Date {
  return new Date(Math.max(...instants.map((at) => at.getTime())));
}
