import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { RawBuilder } from 'kysely';
import type { Context, Db } from './context.ts';

/** Product tables live in schema `headwater`, Stripe's objects in schema `stripe`. */
export const SEARCH_PATH = 'headwater,public';

/**
 * Opens a pool. Types come back as: bigint → number (all ids here fit 53 bits), numeric → string
 * (exact), date → 'YYYY-MM-DD', timestamptz → Date, jsonb → parsed.
 */
export function openDatabase(url: string, options: { max?: number } = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 12,
    options: `-c search_path=${SEARCH_PATH} -c timezone=UTC`,
    types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
  });
  // A connection that the server ended is replaced by the pool, and whoever used it learns of it by
  // their next query. Without listeners, idle ones (pool) and those in use (client) would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) });
}

function parserFor(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === pg.types.builtins.INT8) return Number;
  if (oid === pg.types.builtins.DATE) return String;
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
}

/** Runs `work` in one transaction (joining the one already open, if any); a throw rolls it back. */
export async function inTransaction<T>(
  ctx: Context,
  work: (tx: Context) => Promise<T>,
): Promise<T> {
  if (ctx.db.isTransaction) return await work(ctx);
  return await ctx.db.transaction().execute((trx) => work({ ...ctx, db: trx as unknown as Db }));
}

/**
 * Holds a lock of this name for the whole database until the transaction ends. Use it where two
 * processes must not do the same thing at once.
 */
export async function lockInTransaction(tx: Context, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx.db);
}

/** SQL that is true while somebody holds the lock of this name (an expression) with `withExclusive`. */
export function isHeld(name: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from pg_locks l
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(${name}, 0))`;
}

/** How often it is made sure that a lock is still held. */
const LOOK_MS = 1_000;

/**
 * Runs `work` while this process alone holds the named lock, on a connection of its own; answers
 * null at once when another holds it. The lock goes with the connection, so a killed process frees
 * it. When the connection is lost while the work goes on, `lost` is aborted: others may begin.
 */
export async function withExclusive<T>(
  ctx: Context,
  name: string,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T | null> {
  return await ctx.db.connection().execute(async (db) => {
    const key = sql`hashtextextended(${name}, 0)`;
    const got = await sql<{ ok: boolean }>`select pg_try_advisory_lock(${key}) ok`.execute(db);
    if (!got.rows[0]?.ok) return null;
    const lost = new AbortController();
    const ended = new AbortController();
    const watching = watchConnection(db, ended.signal).catch((error: unknown) => lost.abort(error));
    try {
      return await work(lost.signal);
    } finally {
      ended.abort();
      await watching;
      // Gone with its connection, if that is gone.
      if (!lost.signal.aborted)
        await sql`select pg_advisory_unlock(${key})`.execute(db).catch(() => undefined);
    }
  });
}

async function watchConnection(db: Db, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await delay(LOOK_MS, undefined, { signal: ended }).catch(() => undefined);
    if (!ended.aborted) await sql`select 1`.execute(db);
  }
}
