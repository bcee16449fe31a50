import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { AppError } from './errors.ts';

export interface Migration {
  version: number;
  name: string;
  sql: string;
}

const FOLDER = path.resolve(import.meta.dirname, '../../migrations');
const LOCK = 4_841_132; // one number for everyone who migrates this database

/** The numbered files of `migrations/`, in order. */
export async function listMigrations(folder = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  return await Promise.all(
    names.map(async (name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: await readFile(path.join(folder, name), 'utf8'),
    })),
  );
}

/**
 * Brings the database up to this version of the program: forward only, one transaction a file,
 * under a lock so that two processes starting at once do it once. Returns how many were applied.
 * Throws `database_too_new` when a newer program has been here.
 */
export async function migrate(url: string, folder = FOLDER): Promise<number> {
  const migrations = await listMigrations(folder);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query('create schema if not exists headwater');
    await client.query('set search_path = headwater, public');
    await client.query(
      'create table if not exists migrations (version int primary key, name text not null, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ version: number }>('select version from migrations');
    const applied = new Set(rows.map((row) => row.version));
    refuseNewer(applied, migrations);
    const open = migrations.filter((migration) => !applied.has(migration.version));
    for (const migration of open) await apply(client, migration);
    return open.length;
  } finally {
    await client.end();
  }
}

function refuseNewer(applied: Set<number>, migrations: Migration[]): void {
  const known = migrations.at(-1)?.version ?? 0;
  const newest = Math.max(0, ...applied);
  if (newest <= known) return;
  throw new AppError(
    'database_too_new',
    `The database was used by a newer Headwater (its version is ${newest}, this program knows ${known}). Start the newer program, or restore a backup made before the upgrade.`,
  );
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    // The version row goes in first: a second migrator that slipped past the lock fails here and changes nothing.
    await client.query('insert into migrations (version, name) values ($1, $2)', [
      migration.version,
      migration.name,
    ]);
    await client.query(migration.sql);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new AppError(
      'migration_failed',
      `Migration ${migration.name} failed and was rolled back: ${cause instanceof Error ? cause.message : String(cause)}. The database is as it was before.`,
      { cause },
    );
  }
}
