import type { Context } from '../platform/index.ts';
import { nestingOf } from './definition.ts';
import type { Json, Nesting, Resource } from './definition.ts';
import { insertRows, listNestedIds, lockRows, markGone, updateRows } from './queries/rows.ts';
import type { NewRow, Table } from './queries/rows.ts';
import { isSameJson } from './same-json.ts';
import type { Version } from './version-guard.ts';

/** An object whose nested list is to be stored. */
export interface Parent {
  id: string;
  version: Version;
  /** A parent that was not known has no nested rows that could have vanished. */
  was_known: boolean;
  deleted: boolean;
}

/** The embedded first page of a nested list, and whether there is more. */
export function readNested(resource: Resource, object: Json): { rows: Json[]; has_more: boolean } {
  const nesting = nestingOf(resource);
  const list = nesting ? (object[nesting.list] as { data?: Json[]; has_more?: boolean }) : null;
  return { rows: list?.data ?? [], has_more: list?.has_more === true };
}

/**
 * Stores the items or lines of parents whose own version was just accepted. Nested objects have no
 * version of their own: they follow their parent. Those that are gone from a list which is fully
 * known are marked as deleted.
 */
export async function saveNested(tx: Context, table: Table, parents: Parent[]): Promise<void> {
  const nesting = nestingOf(table.resource);
  if (!nesting || parents.length === 0) return;
  const child: Table = { source_id: table.source_id, resource: nesting.child };
  const rows = new Map<string, NewRow>();
  const complete: string[] = [];
  for (const parent of parents) {
    const embedded = readNested(table.resource, parent.version.object);
    if (parent.was_known && (parent.deleted || parent.version.nested || !embedded.has_more)) {
      complete.push(parent.id);
    }
    if (parent.deleted) continue;
    for (const object of parent.version.nested ?? embedded.rows) {
      rows.set(object.id as string, toRow(object, parent, nesting));
    }
  }
  await writeRows(tx, child, rows);
  if (complete.length === 0) return;
  const stored = await listNestedIds(tx, child, nesting.column, complete);
  const gone = stored.filter((id) => !rows.has(id));
  const at = parents.reduce(
    (max, { version }) => (version.at > max ? version.at : max),
    new Date(0),
  );
  await markGone(tx, child, gone, at);
}

function toRow(object: Json, parent: Parent, nesting: Nesting): NewRow {
  const { version } = parent;
  const { customer, created } = version.object;
  const known = {
    customer: typeof customer === 'string' ? customer : null,
    created_at: typeof created === 'number' ? new Date(created * 1000) : null,
    credit_note: parent.id,
  };
  return {
    id: object.id as string,
    raw: object,
    version_at: version.at,
    version_kind: version.kind,
    deleted_at: null,
    ...Object.fromEntries(nesting.inherits.map((name) => [name, known[name]])),
  };
}

async function writeRows(tx: Context, child: Table, rows: Map<string, NewRow>): Promise<void> {
  let open = [...rows.keys()].toSorted();
  while (open.length > 0) {
    const kept = await lockRows(tx, child, open);
    const missing = open.filter((id) => !kept.has(id));
    const changed = open.filter((id) => {
      const row = kept.get(id);
      return row && (row.deleted || !isSameJson(row.object, rows.get(id)!.raw));
    });
    const inserted = await insertRows(
      tx,
      child,
      missing.map((id) => rows.get(id)!),
    );
    await updateRows(
      tx,
      child,
      changed.map((id) => rows.get(id)!),
    );
    open = missing.filter((id) => !inserted.has(id));
  }
}
