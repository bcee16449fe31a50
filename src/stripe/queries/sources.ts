import { AppError, notify, sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { RESTING_STATES } from '../definition.ts';
import type { Mode, SourceState } from '../definition.ts';
import type { StateDetail } from '../describe-state.ts';

/** A row of `sources`. `key_sealed` and `webhook_secret_sealed` never leave this room. */
export interface Source {
  id: number;
  name: string;
  account_id: string | null;
  mode: Mode;
  time_zone: string;
  default_currency: string | null;
  state: SourceState;
  state_detail: StateDetail;
  key_sealed: string;
  key_hint: string;
  permissions: Record<string, boolean>;
  webhook_path: string;
  webhook_endpoint_id: string | null;
  webhook_secret_sealed: string | null;
  history_cutoff_at: Date;
  last_event_at: Date | null;
  last_webhook_at: Date | null;
  events_polled_until: Date | null;
  connected_at: Date;
  updated_at: Date;
  next_poll_at: Date | null;
  idle_polls: number;
  poll_reads: number;
  poll_reads_since: Date | null;
  include_test_clocks: boolean;
  /** When a permission that was missing was last tried again. */
  permission_probed_at: Date | null;
  /** Of the share of the whole installation, 0.05 to 1. */
  rate_share: number;
  webhook_previous_secret_sealed: string | null;
  webhook_previous_until: Date | null;
  webhook_previous_endpoint_id: string | null;
  address_check: { at: string; ok: boolean; sentence: string } | null;
  endpoint_seen_at: Date | null;
  tails_read_at: Date | null;
  tails_pending_at: Date | null;
  checked_at: Date | null;
  /** Removed by its owner with something of it kept: not shown, and found again when the account is connected again. */
  removed_at: Date | null;
}

export async function findSource(ctx: Context, id: number): Promise<Source | null> {
  const { rows } = await sql<Source>`select * from sources where id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Throws `source_not_found`. */
export async function readSource(ctx: Context, id: number): Promise<Source> {
  const source = await findSource(ctx, id);
  if (source && source.removed_at === null) return source;
  throw new AppError('source_not_found', 'This data source does not exist. Go back to the list.');
}

/** All sources but removed ones. */
export async function readSources(ctx: Context): Promise<Source[]> {
  return (
    await sql<Source>`select * from sources where removed_at is null order by id`.execute(ctx.db)
  ).rows;
}

/** Ids of the sources whose copy may be behind Stripe, because nobody follows them now; removed ones too. */
export async function listRestingSources(ctx: Context): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select id from sources
     where removed_at is not null or state = any(${[...RESTING_STATES, 'key_revoked', 'permission_missing']})`.execute(
    ctx.db,
  );
  return new Set(rows.map((row) => row.id));
}

/** The source of an account, removed or not. */
export async function findSourceOf(
  ctx: Context,
  account: { account_id: string; mode: Mode },
): Promise<Source | null> {
  const { rows } = await sql<Source>`
    select * from sources where account_id = ${account.account_id} and mode = ${account.mode}
     order by removed_at nulls first, id limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

export async function findSourceByPath(ctx: Context, webhookPath: string): Promise<Source | null> {
  const { rows } = await sql<Source>`
    select * from sources where webhook_path = ${webhookPath}`.execute(ctx.db);
  return rows[0] ?? null;
}

export interface NewSource {
  name: string;
  account_id: string | null;
  mode: Mode;
  time_zone: string;
  default_currency: string | null;
  key_sealed: string;
  key_hint: string;
  permissions: Record<string, boolean>;
  webhook_path: string;
  /** Up to when events are known, by Stripe's clock. */
  events_polled_until: Date;
}

export async function insertSource(ctx: Context, source: NewSource): Promise<Source> {
  const now = ctx.clock.now();
  const { rows } = await sql<Source>`
    insert into sources (name, account_id, mode, time_zone, default_currency, state, key_sealed,
                         key_hint, permissions, webhook_path, history_cutoff_at,
                         events_polled_until, connected_at, updated_at)
    values (${source.name}, ${source.account_id}, ${source.mode}, ${source.time_zone},
            ${source.default_currency}, 'connecting', ${source.key_sealed}, ${source.key_hint},
            ${JSON.stringify(source.permissions)}::jsonb, ${source.webhook_path}, ${now},
            ${source.events_polled_until}, ${now}, ${now})
    returning *`.execute(ctx.db);
  return rows[0]!;
}

/** Columns that may change after the source exists; what is left out stays. */
export type SourceChange = Partial<
  Pick<
    Source,
    | 'name'
    | 'account_id'
    | 'time_zone'
    | 'default_currency'
    | 'state'
    | 'state_detail'
    | 'key_sealed'
    | 'key_hint'
    | 'permissions'
    | 'webhook_endpoint_id'
    | 'webhook_secret_sealed'
    | 'events_polled_until'
    | 'next_poll_at'
    | 'idle_polls'
    | 'poll_reads'
    | 'poll_reads_since'
    | 'permission_probed_at'
    | 'include_test_clocks'
    | 'rate_share'
    | 'webhook_previous_secret_sealed'
    | 'webhook_previous_until'
    | 'webhook_previous_endpoint_id'
    | 'address_check'
    | 'endpoint_seen_at'
    | 'tails_read_at'
    | 'tails_pending_at'
    | 'checked_at'
    | 'removed_at'
  >
>;

const JSON_COLUMNS: ReadonlySet<string> = new Set(['state_detail', 'permissions', 'address_check']);

/** Changes a source and tells the page. */
export async function updateSource(
  ctx: Context,
  id: number,
  change: SourceChange,
): Promise<Source> {
  const columns = Object.entries(change).map(([name, value]) =>
    JSON_COLUMNS.has(name)
      ? sql`${sql.id(name)} = ${JSON.stringify(value)}::jsonb`
      : sql`${sql.id(name)} = ${value}`,
  );
  const { rows } = await sql<Source>`
    update sources set ${sql.join([...columns, sql`updated_at = ${ctx.clock.now()}`])}
     where id = ${id} returning *`.execute(ctx.db);
  if (change.state || change.state_detail || change.webhook_endpoint_id !== undefined) {
    await notify(ctx, { topic: 'source', source_id: id });
  }
  return rows[0]!;
}

export async function deleteSource(ctx: Context, id: number): Promise<void> {
  await sql`delete from sources where id = ${id}`.execute(ctx.db);
}

/** Moves the marks of the newest event seen and of the last webhook forward, never back. */
export async function noteEvents(
  ctx: Context,
  id: number,
  seen: { last_event_at?: Date | null; last_webhook_at?: Date | null },
): Promise<void> {
  await sql`
    update sources
       set last_event_at = greatest(last_event_at, ${seen.last_event_at ?? null}::timestamptz),
           last_webhook_at = greatest(last_webhook_at, ${seen.last_webhook_at ?? null}::timestamptz)
     where id = ${id}`.execute(ctx.db);
}
