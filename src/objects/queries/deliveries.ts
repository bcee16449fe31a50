import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

export interface DeliveryFigures {
  /** Delivered events of the last 24 hours. */
  deliveries_24h: number;
  /** Received minus created of the last 100 delivered events, in milliseconds; null before the first. */
  lag_p95_ms: number | null;
}

/** How deliveries of a source went lately. Reads the newest events by the instant they were created. */
export async function measureDeliveries(ctx: Context, source_id: number): Promise<DeliveryFigures> {
  const day = new Date(ctx.clock.now().getTime() - 86_400_000);
  const { rows } = await sql<DeliveryFigures>`
    with last as (
      select extract(epoch from received_at - created_at) * 1000 as ms from stripe.events
       where source_id = ${source_id} and origin = 'webhook'
       order by created_at desc limit 100)
    select (select count(*) from stripe.events
             where source_id = ${source_id} and created_at > ${day} and origin = 'webhook')
             as deliveries_24h,
           (select greatest(0, round(percentile_cont(0.95) within group (order by ms)))::bigint
              from last) as lag_p95_ms`.execute(ctx.db);
  return rows[0]!;
}
