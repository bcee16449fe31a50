import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { Definition } from '../definition.ts';

export interface AudienceRow {
  id: number;
  name: string;
  description: string;
  definition: Definition;
  state: 'live' | 'archived';
  template_key: string | null;
  /** When everybody was last asked; null while a new or changed definition waits for that. */
  built_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = sql`id, name, description, definition, state, template_key, built_at, created_at, updated_at`;

export async function selectAudience(ctx: Context, id: number): Promise<AudienceRow | null> {
  const { rows } =
    await sql<AudienceRow>`select ${COLUMNS} from audiences where id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Live audiences by name, with how many people are in each now. */
export async function selectAudiences(ctx: Context): Promise<(AudienceRow & { size: number })[]> {
  const { rows } = await sql<AudienceRow & { size: number }>`
    select ${COLUMNS}, coalesce(m.size, 0)::int as size
      from audiences a
      left join (select audience_id, count(*) as size from audience_members
                  where left_at is null group by audience_id) m on m.audience_id = a.id
     where state = 'live' order by lower(name), id`.execute(ctx.db);
  return rows;
}

export async function selectTemplateAudience(
  ctx: Context,
  templateKey: string,
): Promise<AudienceRow | null> {
  const { rows } =
    await sql<AudienceRow>`select ${COLUMNS} from audiences where template_key = ${templateKey}`.execute(
      ctx.db,
    );
  return rows[0] ?? null;
}

/** The live audiences whose membership is complete, so that a single person can be re-evaluated. */
export async function selectBuiltAudiences(ctx: Context): Promise<AudienceRow[]> {
  const { rows } = await sql<AudienceRow>`
    select ${COLUMNS} from audiences where state = 'live' and built_at is not null order by id`.execute(
    ctx.db,
  );
  return rows;
}

export async function selectUnbuiltIds(ctx: Context): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from audiences where state = 'live' and built_at is null order by id`.execute(ctx.db);
  return rows.map((row) => row.id);
}

export interface AudienceText {
  name: string;
  description: string;
  definition: Definition;
  template_key: string | null;
}

export async function insertAudience(tx: Context, text: AudienceText): Promise<number> {
  const now = tx.clock.now();
  const { rows } = await sql<{ id: number }>`
    insert into audiences (name, description, definition, template_key, created_at, updated_at)
    values (${text.name}, ${text.description}, ${JSON.stringify(text.definition)}::jsonb, ${text.template_key}, ${now}, ${now})
    returning id`.execute(tx.db);
  return rows[0]!.id;
}

/** Writes name, text and definition; a changed definition asks for a new build. */
export async function updateAudience(tx: Context, id: number, text: AudienceText): Promise<void> {
  const definition = sql`${JSON.stringify(text.definition)}::jsonb`;
  await sql`
    update audiences
       set name = ${text.name}, description = ${text.description}, definition = ${definition},
           template_key = ${text.template_key}, updated_at = ${tx.clock.now()},
           built_at = case when definition = ${definition} then built_at end
     where id = ${id}`.execute(tx.db);
}

export async function markBuilt(tx: Context, id: number): Promise<void> {
  await sql`update audiences set built_at = ${tx.clock.now()} where id = ${id}`.execute(tx.db);
}

/** Everybody leaves; the past stays. The template key is given up, so that the template can be added anew. */
export async function archive(tx: Context, id: number): Promise<void> {
  const now = tx.clock.now();
  await sql`update audiences
               set state = 'archived', template_key = null, built_at = null, updated_at = ${now}
             where id = ${id}`.execute(tx.db);
  await sql`update audience_members set left_at = greatest(${now}::timestamptz, entered_at)
             where audience_id = ${id} and left_at is null`.execute(tx.db);
  await sql`delete from audience_instants where audience_id = ${id}`.execute(tx.db);
}
