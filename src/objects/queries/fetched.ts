import { isUtf8 } from 'node:buffer';
import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { nestingOf } from '../definition.ts';
import type { Inherited, Json, Nesting } from '../definition.ts';
import { UNSTORABLE } from '../same-json.ts';
import { inheritedColumns, tableOf } from './rows.ts';
import type { Table } from './rows.ts';

/** A page of a list as it came, and the instant it shows. */
export interface FetchedList {
  /** JSON text in UTF-8: an object whose `data` is an array of objects. */
  json: Buffer;
  at: Date;
}

export interface Inserted {
  /** Of those objects that were not there yet. */
  ids: Set<string>;
  /** Nested objects that were written with them. */
  nested: number;
}

// Of Postgres's binary form of jsonb: one byte that says which, then the text.
const JSONB_VERSION = Buffer.from([1]);

/** Pages as one jsonb array; null when Postgres would refuse it, since it holds NUL or half a character. */
export function joinPages(pages: readonly FetchedList[]): Buffer | null {
  if (!pages.every(({ json }) => isUtf8(json) && isStorable(json))) return null;
  const parts = pages.flatMap(({ at, json }, index) => [
    Buffer.from(`${index === 0 ? '[' : ','}{"at":"${at.toISOString()}","page":`),
    json,
    Buffer.from('}'),
  ]);
  return Buffer.concat([JSONB_VERSION, ...parts, Buffer.from(']')]);
}

/** Escapes are rare, and looking for one is much faster than looking at all of them. */
const isStorable = (json: Buffer): boolean =>
  !json.includes('\\u') || !UNSTORABLE.test(json.toString('latin1'));

/**
 * Writes all objects of some pages that are not there yet, with their items or lines, straight from
 * the text they came in: it is parsed once, by Postgres. What is there already is left alone.
 */
export async function insertFetched(tx: Context, table: Table, pages: Buffer): Promise<Inserted> {
  const now = tx.clock.now();
  const nesting = nestingOf(table.resource);
  const { rows } = await sql<{ ids: string[] | null; nested: number }>`
    with given as materialized (
      select object ->> 'id' as id, object, (page ->> 'at')::timestamptz as at
        from jsonb_array_elements(${pages}::jsonb) as page,
             jsonb_array_elements(page #> '{page,data}') as object),
    new as (
      insert into ${tableOf(table.resource)} (source_id, id, raw, version_at, version_kind, synced_at)
      select ${table.source_id}, id, object, at, 'fetch', ${now} from given order by id
      on conflict (source_id, id) do nothing
      returning id)
    ${nesting ? withNested(table, nesting, now) : sql``}
    select array_agg(id) as ids, ${nesting ? sql`(select count(*) from nested)` : sql`0`} as nested
      from new`.execute(tx.db);
  return { ids: new Set(rows[0]!.ids), nested: rows[0]!.nested };
}

function withNested(table: Table, nesting: Nesting, now: Date) {
  const inherits = inheritedColumns(nesting.child);
  const columns = sql.join(
    inherits.map((name) => sql`, ${sql.id(name)}`),
    sql``,
  );
  const values = sql.join(
    inherits.map((name) => sql`, ${INHERITED[name]}`),
    sql``,
  );
  return sql`, nested as (
    insert into ${tableOf(nesting.child)} (source_id, id, raw, version_at, version_kind, synced_at${columns})
    select ${table.source_id}, child ->> 'id', child, at, 'fetch', ${now}${values}
      from given join new using (id),
           jsonb_array_elements(object #> ${`{${nesting.list},data}`}::text[]) as child
     order by child ->> 'id'
    on conflict (source_id, id) do nothing
    returning 1)`;
}

const INHERITED: Record<Inherited, ReturnType<typeof sql>> = {
  customer: sql`object ->> 'customer'`,
  created_at: sql`to_timestamp((object ->> 'created')::double precision)`,
  credit_note: sql`object ->> 'id'`,
};

/** How many nested objects some objects embed. */
export function countEmbedded(table: Table, objects: readonly Json[]): number {
  const nesting = nestingOf(table.resource);
  if (!nesting) return 0;
  return objects.reduce(
    (sum, object) => sum + ((object[nesting.list] as { data?: Json[] })?.data?.length ?? 0),
    0,
  );
}
