import { lockInTransaction, sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';

export interface Installation {
  key: string;
  installed_at: Date;
  removed_at: Date | null;
}

/** What was ever installed, by key. */
export async function selectInstallations(ctx: Context): Promise<Map<string, Installation>> {
  const { rows } = await sql<Installation>`
    select key, installed_at, removed_at from installed_templates`.execute(ctx.db);
  return new Map(rows.map((row) => [row.key, row]));
}

export async function saveInstalled(tx: Context, key: string): Promise<void> {
  await sql`
    insert into installed_templates (key, installed_at) values (${key}, ${tx.clock.now()})
    on conflict (key) do update set installed_at = excluded.installed_at, removed_at = null`.execute(
    tx.db,
  );
}

/** Also for a piece that was never installed: whoever removes it does not want it to come. */
export async function saveRemoved(tx: Context, key: string): Promise<void> {
  const now = tx.clock.now();
  await sql`
    insert into installed_templates (key, installed_at, removed_at) values (${key}, ${now}, ${now})
    on conflict (key) do update set removed_at = excluded.removed_at`.execute(tx.db);
}

/** One at a time, so that two processes that start together install everything once. */
export async function lockTemplates(tx: Context): Promise<void> {
  await lockInTransaction(tx, 'templates');
}
