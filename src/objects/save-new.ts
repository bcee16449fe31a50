import type { Context } from '../platform/index.ts';
import { countEmbedded, insertFetched, joinPages } from './queries/fetched.ts';
import type { FetchedList } from './queries/fetched.ts';
import type { Table } from './queries/rows.ts';
import { saveNested } from './save-nested.ts';
import type { Version } from './version-guard.ts';

/**
 * Writes what is new of some pages straight from their text, items and lines included; answers what
 * it wrote. Everything else (known already, seen twice, or with a nested list that needed more
 * pages) is left for the version guard.
 */
export async function saveNew(
  tx: Context,
  table: Table,
  pages: readonly FetchedList[],
  byId: ReadonlyMap<string, Version[]>,
): Promise<Version[]> {
  const versions = [...byId.values()];
  if (!versions.every(([first, ...more]) => more.length === 0 && !first!.nested)) return [];
  const json = joinPages(pages);
  if (json === null) return [];
  const inserted = await insertFetched(tx, table, json);
  const written = versions.map(([only]) => only!).filter(({ id }) => inserted.ids.has(id));
  const objects = written.map((version) => version.object);
  if (countEmbedded(table, objects) !== inserted.nested) {
    // An item or line was there before its parent: each is compared with what is kept.
    await saveNested(
      tx,
      table,
      written.map((version) => ({ id: version.id, version, was_known: false, deleted: false })),
    );
  }
  return written;
}
