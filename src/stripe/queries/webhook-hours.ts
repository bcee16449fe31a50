import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

const DAY_MS = 86_400_000;

/** Counts what went wrong with deliveries in this hour, and forgets what is older than two days. */
export async function noteDeliveryTrouble(
  ctx: Context,
  source_id: number,
  trouble: { refused?: number; missed?: number },
): Promise<void> {
  const now = ctx.clock.now();
  const { refused = 0, missed = 0 } = trouble;
  await sql`
    insert into webhook_hours (source_id, hour_at, refused, missed)
    values (${source_id}, date_trunc('hour', ${now}::timestamptz), ${refused}, ${missed})
    on conflict (source_id, hour_at) do update
       set refused = webhook_hours.refused + excluded.refused,
           missed = webhook_hours.missed + excluded.missed`.execute(ctx.db);
  await sql`
    delete from webhook_hours
     where source_id = ${source_id} and hour_at < ${new Date(now.getTime() - 2 * DAY_MS)}`.execute(
    ctx.db,
  );
}

/** Deliveries refused, and events that never came, in the last 24 hours. */
export async function countDeliveryTrouble(ctx: Context, source_id: number): Promise<number> {
  const since = new Date(ctx.clock.now().getTime() - DAY_MS);
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(refused + missed), 0)::bigint as n from webhook_hours
     where source_id = ${source_id} and hour_at > ${since}`.execute(ctx.db);
  return rows[0]!.n;
}
