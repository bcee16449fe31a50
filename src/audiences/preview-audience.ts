import { sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileMembers } from './compile/compile-tree.ts';
import { requireDefinition } from './save-audience.ts';
import { describeDefinition } from './sentence.ts';

export interface SamplePerson {
  person_id: number;
  email: string | null;
  name: string | null;
}

export interface AudiencePreview {
  sentence: string;
  /** Sixteen times the matches in one sixteenth of the people; good enough to type against. */
  estimate: number;
  /** The exact count, or null when only the estimate was asked for. */
  count: number | null;
  sample: SamplePerson[];
  /** What the database is asked, with the values it is given. */
  sql: { text: string; values: unknown[] };
}

const PARTITIONS = 16;

/**
 * How many people a definition would hold for, and five of them, without saving anything. With
 * `exact: false` it reads one hash partition only. Throws `invalid_audience`.
 */
export async function previewAudience(
  ctx: Context,
  input: unknown,
  options: { exact?: boolean } = {},
): Promise<AudiencePreview> {
  const definition = requireDefinition(input);
  const exact = options.exact ?? true;
  const now = ctx.clock.now();
  const slice = compileMembers(definition, { now, people: 'everybody', partition: 0 });
  const full = compileMembers(definition, { now, people: 'everybody' });
  const counted = await sql<{ n: number }>`select count(*)::int as n from (${slice}) m`.execute(
    ctx.db,
  );
  const { rows } = await sql<{ n: number; sample: SamplePerson[] }>`
    with member as materialized (${exact ? full : slice})
    select (select count(*)::int from member) as n,
           coalesce((select jsonb_agg(to_jsonb(five)) from (
             select p.person_id, p.email, p.name from people p
              where p.person_id = any(array(select person_id from member order by person_id desc limit 5))
              order by p.person_id desc) five), '[]') as sample`.execute(ctx.db);
  const compiled = full.compile(ctx.db);
  return {
    sentence: describeDefinition(definition),
    estimate: counted.rows[0]!.n * PARTITIONS,
    count: exact ? rows[0]!.n : null,
    sample: rows[0]!.sample,
    sql: { text: compiled.sql, values: [...compiled.parameters] },
  };
}
