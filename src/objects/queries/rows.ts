import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';
import { nestingOfChild } from '../definition.ts';
import type { Inherited, Json, Nesting, Resource } from '../definition.ts';
import { toJsonText } from '../same-json.ts';
import type { Kept, VersionKind } from '../version-guard.ts';

export interface Table {
  source_id: number;
  resource: Resource;
}

export interface NewRow {
  id: string;
  raw: Json;
  version_at: Date;
  version_kind: VersionKind;
  deleted_at: Date | null;
  /** Of the parent; only for nested resources. */
  customer?: string | null;
  created_at?: Date | null;
  credit_note?: string;
}

/** The table of a resource. Names come from the closed list, never from outside. */
export const tableOf = (resource: Resource): RawBuilder<unknown> => sql.table(`stripe.${resource}`);

/** Columns that nested rows take from their parent; all others are computed from `raw`. */
export function inheritedColumns(resource: Resource): readonly Inherited[] {
  return nestingOfChild(resource)?.inherits ?? [];
}

/** Locks the rows that exist, in key order so that two pages cannot wait for each other. */
export async function lockRows(
  tx: Context,
  table: Table,
  ids: string[],
): Promise<Map<string, Kept>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{
    id: string;
    raw: Json;
    version_at: Date;
    version_kind: VersionKind;
    deleted: boolean;
  }>`
    select id, raw, version_at, version_kind, deleted_at is not null as deleted
      from ${tableOf(table.resource)}
     where source_id = ${table.source_id} and id = any(${ids})
     order by id for update`.execute(tx.db);
  return new Map(
    rows.map((row) => [
      row.id,
      { object: row.raw, at: row.version_at, kind: row.version_kind, deleted: row.deleted },
    ]),
  );
}

const RECORD = sql`(id text, raw jsonb, version_at timestamptz, version_kind text,
  deleted_at timestamptz, customer text, created_at timestamptz, credit_note text)`;

/** Inserts rows that are not there yet; answers the ids it really inserted. */
export async function insertRows(tx: Context, table: Table, rows: NewRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const inherited = inheritedColumns(table.resource).map((name) => sql`, ${sql.id(name)}`);
  const columns = sql.join(inherited, sql``);
  const { rows: inserted } = await sql<{ id: string }>`
    insert into ${tableOf(table.resource)}
           (source_id, id, raw, version_at, version_kind, deleted_at, synced_at${columns})
    select ${table.source_id}, id, raw, version_at, version_kind, deleted_at,
           ${tx.clock.now()}${columns}
      from jsonb_to_recordset(${toJsonText(rows)}::jsonb) as r ${RECORD}
     order by id
    on conflict (source_id, id) do nothing
    returning id`.execute(tx.db);
  return new Set(inserted.map((row) => row.id));
}

/** Replaces rows that this transaction has locked. */
export async function updateRows(tx: Context, table: Table, rows: NewRow[]): Promise<void> {
  if (rows.length === 0) return;
  const inherited = inheritedColumns(table.resource).map(
    (name) => sql`, ${sql.id(name)} = r.${sql.id(name)}`,
  );
  await sql`
    update ${tableOf(table.resource)} t
       set raw = r.raw, version_at = r.version_at, version_kind = r.version_kind,
           deleted_at = r.deleted_at, synced_at = ${tx.clock.now()}${sql.join(inherited, sql``)}
      from jsonb_to_recordset(${toJsonText(rows)}::jsonb) as r ${RECORD}
     where t.source_id = ${table.source_id} and t.id = r.id`.execute(tx.db);
}

/** Moves the version of rows whose content stays the same. */
export async function touchRows(
  tx: Context,
  table: Table,
  rows: { id: string; version_at: Date; version_kind: VersionKind }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update ${tableOf(table.resource)} t
       set version_at = r.version_at, version_kind = r.version_kind, synced_at = ${tx.clock.now()}
      from jsonb_to_recordset(${toJsonText(rows)}::jsonb) as r ${RECORD}
     where t.source_id = ${table.source_id} and t.id = r.id`.execute(tx.db);
}

/** Ids of the living nested rows of some parents. */
export async function listNestedIds(
  tx: Context,
  table: Table,
  parentColumn: Nesting['column'],
  parents: string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ${tableOf(table.resource)}
     where source_id = ${table.source_id} and ${sql.id(parentColumn)} = any(${parents})
       and deleted_at is null`.execute(tx.db);
  return rows.map((row) => row.id);
}

export async function markGone(tx: Context, table: Table, ids: string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update ${tableOf(table.resource)}
       set deleted_at = ${at}, version_at = ${at}, synced_at = ${tx.clock.now()}
     where source_id = ${table.source_id} and id = any(${ids})`.execute(tx.db);
}
