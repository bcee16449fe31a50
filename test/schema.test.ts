import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../src/platform/index.ts';
import { createTestContext } from './support/database.ts';
import type { TestContext } from './support/database.ts';

const SNAPSHOT = path.resolve(import.meta.dirname, '../migrations/schema.sql');

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(async () => await ctx.close());

interface Table {
  name: string;
  partitioning: string | null;
  columns: string[];
  constraints: string[];
  indexes: string[];
}

// Partitions repeat their parent, so only what a person would read is listed.
async function listTables(): Promise<Table[]> {
  const { rows } = await sql<Table>`
    select n.nspname || '.' || c.relname as name,
           case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partitioning,
           (select array_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod))
                     || case when a.attnotnull then ' not null' else '' end
                     || case a.attgenerated when 's' then ' generated: ' || pg_get_expr(d.adbin, d.adrelid)
                                            else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end
                     || case a.attidentity when '' then '' else ' identity' end
                   order by a.attnum)
              from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
           coalesce((select array_agg(pg_get_constraintdef(k.oid) order by k.contype desc, k.conname)
              from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c')), '{}') as constraints,
           coalesce((select array_agg(pg_get_indexdef(i.indexrelid) order by i.indexrelid::regclass::text)
              from pg_index i where i.indrelid = c.oid and not i.indisprimary), '{}') as indexes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('headwater', 'stripe') and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`.execute(ctx.db);
  return rows;
}

function render(table: Table): string {
  const lines = [...table.columns, ...table.constraints].map((line) => `  ${line}`).join(',\n');
  const partition = table.partitioning ? ` partition by ${table.partitioning}` : '';
  const indexes = table.indexes.map((index) => `\n${index};`).join('');
  return `create table ${table.name} (\n${lines}\n)${partition};${indexes}\n`;
}

test('migrations/schema.sql is what the migrations add up to', async () => {
  const head =
    '-- What the migrations add up to, for reading. Written by test/schema.test.ts; partitions are left out.\n';
  const dump = [head, ...(await listTables()).map(render)].join('\n');
  if (process.env.UPDATE_SCHEMA) writeFileSync(SNAPSHOT, dump);
  expect(
    readFileSync(SNAPSHOT, 'utf8'),
    'run UPDATE_SCHEMA=1 npx vitest run test/schema.test.ts',
  ).toBe(dump);
});

test('everything keyed by a person is partitioned alike, and its keys include the person', async () => {
  const local = [
    'person_keys',
    'person_marks',
    'consents',
    'outbox',
    'playbook_runs',
    'audience_instants',
    'activity_instants',
  ];
  const tables = (await listTables()).filter((table) => table.name.startsWith('headwater.'));
  const keyed = tables.filter(
    (table) =>
      table.columns.some((column) => column.startsWith('person_id ')) &&
      !local.includes(table.name.slice(10)),
  );
  expect(keyed.length).toBeGreaterThan(5);
  for (const table of keyed) {
    expect(table.partitioning, table.name).toBe('HASH (person_id)');
    expect(
      table.constraints.find((key) => key.startsWith('PRIMARY KEY')),
      table.name,
    ).toContain('person_id');
  }
  const { rows } = await sql<{ parent: string; n: number }>`
    select inhparent::regclass::text as parent, count(*)::int n from pg_inherits
     where inhparent in (select oid from pg_class where relkind = 'p') group by 1`.execute(ctx.db);
  for (const row of rows) expect(row.n, row.parent).toBe(16);
});
