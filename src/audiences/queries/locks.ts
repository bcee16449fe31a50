import { lockInTransaction, sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/**
 * Who keeps out of whose way, all until the transaction ends:
 *
 *                 the list of audiences    each audience
 *   evaluate      shared                   shared, every live one
 *   save, remove  alone                    alone, that one
 *   build         –                        alone, that one
 *
 * A build therefore sees what every earlier evaluation wrote, and a later evaluation sees the build.
 * An audience that appears while people are being evaluated waits for them, so nobody falls between.
 */
const LIST = 'audiences';
const ONE = 'audience/';

export async function lockForEvaluation(tx: Context): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${LIST}, 0))`.execute(tx.db);
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${ONE}::text || id, 0))
              from audiences where state = 'live'`.execute(tx.db);
}

export async function lockForChange(tx: Context, id: number | null): Promise<void> {
  await lockInTransaction(tx, LIST);
  if (id !== null) await lockInTransaction(tx, `${ONE}${id}`);
}

export async function lockForBuild(tx: Context, id: number): Promise<void> {
  await lockInTransaction(tx, `${ONE}${id}`);
}
