import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Customers of a source that are on a test clock. */
export async function listClockCustomers(ctx: Context, source_id: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from stripe.customers
     where source_id = ${source_id} and test_clock is not null and deleted_at is null
     order by id`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** Which of these customers are nobody to us: on a test clock, in a source that leaves those out. */
export async function listLeftOut(
  tx: Context,
  source_id: number,
  customers: readonly string[],
  shown: ReadonlySet<string>,
): Promise<Set<string>> {
  if (customers.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select w.id from unnest(${customers}::text[]) as w (id)
      join sources s on s.id = ${source_id} and s.mode = 'test' and not s.include_test_clocks
     where w.id = any(${[...shown]}::text[])
        or exists (select 1 from stripe.customers c
                    where c.source_id = s.id and c.id = w.id and c.test_clock is not null)`.execute(
    tx.db,
  );
  return new Set(rows.map((row) => row.id));
}
