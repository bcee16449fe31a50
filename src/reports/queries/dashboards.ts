import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { DashboardDraft, Tile } from '../definition.ts';

export interface DashboardRow {
  id: number;
  name: string;
  description: string;
  template_key: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface Dashboard extends DashboardRow {
  tiles: Tile[];
}

export async function selectDashboards(ctx: Context): Promise<DashboardRow[]> {
  const { rows } = await sql<DashboardRow>`
    select id, name, description, template_key, created_at, updated_at
      from dashboards order by id`.execute(ctx.db);
  return rows;
}

export async function selectDashboard(ctx: Context, id: number): Promise<Dashboard | null> {
  const { rows } = await sql<Dashboard>`
    select id, name, description, template_key, tiles, created_at, updated_at
      from dashboards where id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

export async function insertDashboard(
  tx: Context,
  draft: DashboardDraft,
  template_key: string | null,
): Promise<number> {
  const now = tx.clock.now();
  const { rows } = await sql<{ id: number }>`
    insert into dashboards (name, description, tiles, template_key, created_at, updated_at)
    values (${draft.name}, ${draft.description}, ${JSON.stringify(draft.tiles)}::jsonb,
            ${template_key}, ${now}, ${now})
    returning id`.execute(tx.db);
  return rows[0]!.id;
}

/** Answers whether there was such a dashboard. */
export async function updateDashboard(
  tx: Context,
  id: number,
  draft: DashboardDraft,
): Promise<boolean> {
  const { rows } = await sql`
    update dashboards set name = ${draft.name}, description = ${draft.description},
           tiles = ${JSON.stringify(draft.tiles)}::jsonb, updated_at = ${tx.clock.now()}
     where id = ${id} returning id`.execute(tx.db);
  return rows.length > 0;
}

export async function deleteDashboard(tx: Context, id: number): Promise<void> {
  await sql`delete from dashboards where id = ${id}`.execute(tx.db);
}
