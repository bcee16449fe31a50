import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

export type EventTrouble = 'failing' | 'set_aside';

/** An event that could not be applied. */
export interface TroubledEvent {
  id: string;
  type: string;
  object_id: string | null;
  created_at: Date;
  received_at: Date;
  attempts: number;
  error: string | null;
  state: EventTrouble;
}

/** Events that fail and are tried again, or that were given up; newest first. */
export async function listTroubledEvents(
  ctx: Context,
  query: {
    source_id: number;
    state: EventTrouble;
    limit: number;
    before?: { at: Date; id: string } | undefined;
  },
): Promise<TroubledEvent[]> {
  const open =
    query.state === 'failing' ? sql`processed_at is null` : sql`processed_at is not null`;
  const before = query.before
    ? sql`and (created_at, id) < (${query.before.at}::timestamptz, ${query.before.id})`
    : sql``;
  const { rows } = await sql<TroubledEvent>`
    select id, type, object_id, created_at, received_at, attempts, error,
           ${query.state}::text as state
      from stripe.events
     where source_id = ${query.source_id} and error is not null and ${open} ${before}
     order by created_at desc, id desc limit ${query.limit}`.execute(ctx.db);
  return rows;
}

/** Lets every event that failed or was given up be applied again, as if it had just come. Answers how many. */
export async function retryTroubledEvents(ctx: Context, source_id: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update stripe.events set processed_at = null, attempts = 0, error = null
     where source_id = ${source_id} and error is not null returning id`.execute(ctx.db);
  return rows.length;
}
