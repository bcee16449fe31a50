import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { PlaybookDefinition, PlaybookState } from '../definition.ts';

export interface PlaybookRow {
  id: number;
  name: string;
  description: string;
  state: PlaybookState;
  /** Only what happens from here on lets people in; null until it first goes live. */
  live_since: Date | null;
  version: number;
  template_key: string | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = sql`id, name, description, state, live_since, version, template_key, created_at, updated_at`;

export async function selectPlaybooks(ctx: Context): Promise<PlaybookRow[]> {
  const { rows } = await sql<PlaybookRow>`
    select ${COLUMNS} from playbooks where archived_at is null order by lower(name), id`.execute(
    ctx.db,
  );
  return rows;
}

export async function findPlaybook(
  ctx: Context,
  id: number,
  options: { lock?: boolean } = {},
): Promise<PlaybookRow | null> {
  const lock = options.lock ? sql`for update` : sql``;
  const { rows } = await sql<PlaybookRow>`
    select ${COLUMNS} from playbooks where id = ${id} and archived_at is null ${lock}`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

export async function findPlaybookByTemplate(
  ctx: Context,
  template_key: string,
): Promise<PlaybookRow | null> {
  const { rows } = await sql<PlaybookRow>`
    select ${COLUMNS} from playbooks where template_key = ${template_key}`.execute(ctx.db);
  return rows[0] ?? null;
}

export interface PlaybookValues {
  name: string;
  description: string;
  template_key: string | null;
}

export async function insertPlaybook(
  tx: Context,
  values: PlaybookValues,
  at: Date,
): Promise<PlaybookRow> {
  const { rows } = await sql<PlaybookRow>`
    insert into playbooks (name, description, state, version, template_key, created_at, updated_at)
    values (${values.name}, ${values.description}, 'off', 0, ${values.template_key}, ${at}, ${at})
    returning ${COLUMNS}`.execute(tx.db);
  return rows[0]!;
}

export async function updatePlaybook(
  tx: Context,
  id: number,
  values: PlaybookValues & { version: number },
  at: Date,
): Promise<PlaybookRow> {
  const { rows } = await sql<PlaybookRow>`
    update playbooks
    set name = ${values.name}, description = ${values.description}, version = ${values.version}, updated_at = ${at}
    where id = ${id}
    returning ${COLUMNS}`.execute(tx.db);
  return rows[0]!;
}

export async function updateState(
  tx: Context,
  id: number,
  state: PlaybookState,
  live_since: Date | null,
): Promise<PlaybookRow> {
  const { rows } = await sql<PlaybookRow>`
    update playbooks
    set state = ${state}, live_since = ${live_since}, updated_at = ${tx.clock.now()}
    where id = ${id}
    returning ${COLUMNS}`.execute(tx.db);
  return rows[0]!;
}

/** The template key is given up, so that the template can be added anew. */
export async function archivePlaybook(tx: Context, id: number, at: Date): Promise<void> {
  await sql`
    update playbooks set archived_at = ${at}, state = 'off', template_key = null where id = ${id}`.execute(
    tx.db,
  );
}

/** Adds the next version and answers its number, or the present one when the definition is the same. */
export async function saveVersion(
  tx: Context,
  playbook: { id: number; version: number },
  definition: PlaybookDefinition,
  at: Date,
): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    insert into playbook_versions (playbook_id, version, definition, created_at)
    select ${playbook.id}::int, ${playbook.version}::int + 1, ${JSON.stringify(definition)}::jsonb, ${at}::timestamptz
    where not exists (
      select from playbook_versions
      where playbook_id = ${playbook.id} and version = ${playbook.version}
        and definition = ${JSON.stringify(definition)}::jsonb)
    returning version`.execute(tx.db);
  return rows[0]?.version ?? playbook.version;
}

/** Definitions by `<playbook>/<version>`. */
export async function findVersions(
  ctx: Context,
  wanted: { playbook_id: number; version: number }[],
): Promise<Map<string, PlaybookDefinition>> {
  const { rows } = await sql<{ key: string; definition: PlaybookDefinition }>`
    select v.playbook_id || '/' || v.version as key, v.definition
    from playbook_versions v
    join jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (playbook_id int, version int)
      on w.playbook_id = v.playbook_id and w.version = v.version`.execute(ctx.db);
  return new Map(rows.map((row) => [row.key, row.definition]));
}
