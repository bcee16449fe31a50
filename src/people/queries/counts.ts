import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** How many people there are; with a source, those who own a customer of it. */
export async function countPeople(
  ctx: Context,
  options: { source_id?: number } = {},
): Promise<number> {
  const { rows } =
    options.source_id === undefined
      ? await sql<{ n: number }>`
          select count(*) as n from people where merged_into is null`.execute(ctx.db)
      : await sql<{ n: number }>`
          select count(distinct person_id) as n from person_keys where source_id = ${options.source_id}
        `.execute(ctx.db);
  return rows[0]!.n;
}
