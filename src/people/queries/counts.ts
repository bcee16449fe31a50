import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** How many people there are; with a source, those who own a customer of it; with `since`, those first seen after it. */
export async function countPeople(
  ctx: Context,
  options: { source_id?: number; since?: Date } = {},
): Promise<number> {
  const { source_id, since } = options;
  const { rows } =
    source_id === undefined || since !== undefined
      ? await sql<{ n: number }>`
          select count(*) as n from people p
           where merged_into is null
             and (${since ?? null}::timestamptz is null or created_at >= ${since ?? null})
             and (${source_id ?? null}::int is null or exists (
               select from person_keys k
                where k.person_id = p.person_id and k.source_id = ${source_id ?? null}))
        `.execute(ctx.db)
      : await sql<{ n: number }>`
          select count(distinct person_id) as n from person_keys where source_id = ${source_id}
        `.execute(ctx.db);
  return rows[0]!.n;
}
