import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';
import type { Json } from '../definition.ts';
import { toJsonText } from '../same-json.ts';

export type EventOrigin = 'webhook' | 'poll' | 'backfill';

/** An event as kept. `raw` is what Stripe sent. */
export interface StoredEvent {
  source_id: number;
  id: string;
  type: string;
  created_at: Date;
  origin: EventOrigin;
  received_at: Date;
  attempts: number;
  raw: Json;
}

/**
 * Appends events; those already known are left alone. With `processed` they are kept for the record
 * only, otherwise they wait to be applied. Answers the ids that are new.
 */
export async function recordEvents(
  ctx: Context,
  input: {
    source_id: number;
    events: readonly Json[];
    origin: EventOrigin;
    /** Decides per event; default: none is processed. */
    isProcessed?: (event: Json) => boolean;
  },
): Promise<string[]> {
  if (input.events.length === 0) return [];
  const now = ctx.clock.now();
  const rows = input.events.map((event) => ({
    id: event.id,
    type: event.type,
    created: event.created,
    object_id: objectIdOf(event),
    processed_at: input.isProcessed?.(event) ? now : null,
    raw: event,
  }));
  const { rows: inserted } = await sql<{ id: string }>`
    insert into stripe.events
           (source_id, id, type, created_at, object_id, origin, received_at, processed_at, raw)
    select ${input.source_id}, id, type, to_timestamp(created), object_id, ${input.origin},
           ${now}, processed_at, raw
      from jsonb_to_recordset(${toJsonText(rows)}::jsonb)
        as r (id text, type text, created double precision, object_id text,
              processed_at timestamptz, raw jsonb)
     order by id
    on conflict (source_id, id) do nothing
    returning id`.execute(ctx.db);
  return inserted.map((row) => row.id);
}

/** An event with the text it came as. */
export interface EventText {
  event: Json;
  text: string;
  /** Its text is to be written anew, or was: what the database would not take then becomes U+FFFD. */
  rewritten?: boolean;
}

/** Escapes of NUL and of surrogates, some of which Postgres refuses. */
const RISKY = /\\u(?:0000|d[89a-f])/i;

/**
 * Appends events that a webhook delivered, to be applied; those already known are left alone. The
 * text goes in as it came, without being written anew. Answers the ids that are new. One statement,
 * so it is durable when this returns, also without a transaction around it.
 */
export async function recordEventTexts(
  ctx: Context,
  input: { source_id: number; events: readonly EventText[] },
): Promise<string[]> {
  const rows = input.events.map((entry) => {
    const { id, type, created } = entry.event;
    entry.rewritten ||= RISKY.test(entry.text);
    const head = toJsonText({ id, type, created, object_id: objectIdOf(entry.event) });
    return `${head.slice(0, -1)},"raw":${entry.rewritten ? toJsonText(entry.event) : entry.text}}`;
  });
  const { rows: inserted } = await sql<{ id: string }>`
    insert into stripe.events (source_id, id, type, created_at, object_id, origin, received_at, raw)
    select ${input.source_id}, id, type, to_timestamp(created), object_id, 'webhook',
           ${ctx.clock.now()}, raw
      from jsonb_to_recordset(${`[${rows.join(',')}]`}::jsonb)
        as r (id text, type text, created double precision, object_id text, raw jsonb)
     order by id
    on conflict (source_id, id) do nothing
    returning id`.execute(ctx.db);
  return inserted.map((row) => row.id);
}

function objectIdOf(event: Json): string | null {
  const data = event.data as { object?: { id?: unknown } } | undefined;
  const id = data?.object?.id;
  return typeof id === 'string' ? id : null;
}

/**
 * Takes waiting events, oldest first, and holds them until the transaction ends. `only` names
 * events; else it takes those that never failed. `in_hand` answers those that need not be read.
 */
export async function claimEvents(
  tx: Context,
  input: {
    source_id: number;
    limit: number;
    only?: readonly string[];
    in_hand?: (id: string) => Json | undefined;
  },
): Promise<StoredEvent[]> {
  const which = input.only ? sql`and id = any(${input.only})` : sql`and attempts = 0`;
  const { rows } = await sql<Omit<StoredEvent, 'raw'>>`
    select source_id, id, type, created_at, origin, received_at, attempts
      from stripe.events
     where source_id = ${input.source_id} and processed_at is null ${which}
     order by created_at, id
     limit ${input.limit}
     for update skip locked`.execute(tx.db);
  const held = rows.map((row) => ({ ...row, raw: input.in_hand?.(row.id) }));
  const missing = held.flatMap((row) => (row.raw ? [] : [row.id]));
  const read = await readEvents(tx, input.source_id, missing);
  return held.map((row) => ({ ...row, raw: row.raw ?? read.get(row.id)! }));
}

async function readEvents(
  tx: Context,
  source_id: number,
  ids: readonly string[],
): Promise<Map<string, Json>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; raw: Json }>`
    select id, raw from stripe.events
     where source_id = ${source_id} and id = any(${ids})`.execute(tx.db);
  return new Map(rows.map((row) => [row.id, row.raw]));
}

/** Marks events as applied. */
export async function finishEvents(
  tx: Context,
  source_id: number,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update stripe.events set processed_at = ${tx.clock.now()}, error = null
     where source_id = ${source_id} and id = any(${ids})`.execute(tx.db);
}

/** Tries an event has before it is set aside. */
export const MOST_ATTEMPTS = 5;

/** Notes that applying an event failed. After the last try it is set aside: processed, with its error. */
export async function failEvent(
  ctx: Context,
  source_id: number,
  id: string,
  error: string,
): Promise<void> {
  await sql`
    update stripe.events
       set attempts = attempts + 1, error = ${error},
           processed_at = case when attempts + 1 >= ${MOST_ATTEMPTS} then ${ctx.clock.now()}::timestamptz end
     where source_id = ${source_id} and id = ${id} and processed_at is null`.execute(ctx.db);
}

/** Events that failed and shall be tried again, one by one. */
export async function listFailingEvents(ctx: Context, source_id: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from stripe.events
     where source_id = ${source_id} and processed_at is null and attempts > 0 and error is not null
     order by created_at, id limit 100`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** Sources that have events waiting. Steps from source to source, however many events wait. */
export async function listSourcesWithEvents(ctx: Context): Promise<number[]> {
  const next = (after: RawBuilder<unknown>) => sql`
    (select source_id from stripe.events
      where processed_at is null ${after} order by source_id limit 1)`;
  const { rows } = await sql<{ source_id: number }>`
    with recursive waiting (source_id) as (
      ${next(sql``)}
      union all
      select ${next(sql`and source_id > waiting.source_id`)}
        from waiting where waiting.source_id is not null)
    select source_id from waiting where source_id is not null`.execute(ctx.db);
  return rows.map((row) => row.source_id);
}

export interface EventCounts {
  waiting: number;
  /** Received created of the oldest waiting event. */
  oldest_waiting_at: Date | null;
  /** Failing now, and still being tried. */
  failing: number;
  /** Given up after the last try. */
  set_aside: number;
}

export async function countEvents(ctx: Context, source_id: number): Promise<EventCounts> {
  const { rows } = await sql<EventCounts>`
    select count(*) filter (where processed_at is null) as waiting,
           min(created_at) filter (where processed_at is null) as oldest_waiting_at,
           count(*) filter (where processed_at is null and error is not null) as failing,
           count(*) filter (where processed_at is not null) as set_aside
      from stripe.events
     where source_id = ${source_id} and (processed_at is null or error is not null)`.execute(
    ctx.db,
  );
  return rows[0]!;
}
