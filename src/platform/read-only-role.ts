import { sql } from 'kysely';
import type { Context } from './context.ts';
import { inTransaction, lockInTransaction } from './database.ts';
import { AppError } from './errors.ts';

const ROLE = 'headwater_reader';

/**
 * Makes (or renews) a role that can read everything but what `secret` names, and returns its
 * connection string. `secret` maps a table of schema headwater to the columns the role must not
 * see, or to '*' for the whole table. The password follows from the installation's secret, so it
 * is nowhere stored and stays the same.
 */
export async function ensureReadOnlyRole(
  ctx: Context,
  databaseUrl: string,
  secret: Record<string, readonly string[] | '*'>,
): Promise<string> {
  const password = ctx.vault.sign('read-only database role');
  try {
    await inTransaction(ctx, async (tx) => {
      await lockInTransaction(tx, 'read-only role');
      await createRole(tx, password);
      await grant(tx, secret);
    });
  } catch (cause) {
    // 42501: the owner of a foreign database may not create roles.
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw new AppError(
      'role_not_allowed',
      `The user of DATABASE_URL may not create the role ${ROLE}. Let an administrator run: create role ${ROLE} login; then try again.`,
      { cause },
    );
  }
  const url = new URL(databaseUrl);
  url.username = ROLE;
  url.password = password;
  return url.href;
}

async function createRole(tx: Context, password: string): Promise<void> {
  const found = await sql`select 1 from pg_roles where rolname = ${ROLE}`.execute(tx.db);
  const role = sql.raw(ROLE);
  if (found.rows.length === 0) await sql`create role ${role} login`.execute(tx.db);
  // A role's password takes no parameter; base64url has no quote in it.
  await sql`alter role ${role} password ${sql.lit(password)}`.execute(tx.db);
  await sql`alter role ${role} set search_path = headwater, stripe, public`.execute(tx.db);
  await sql`alter role ${role} set default_transaction_read_only = on`.execute(tx.db);
  await sql`alter role ${role} set statement_timeout = '5min'`.execute(tx.db);
}

async function grant(tx: Context, secret: Record<string, readonly string[] | '*'>): Promise<void> {
  const role = sql.raw(ROLE);
  for (const schema of ['headwater', 'stripe']) {
    await sql`grant usage on schema ${sql.id(schema)} to ${role}`.execute(tx.db);
    await sql`grant select on all tables in schema ${sql.id(schema)} to ${role}`.execute(tx.db);
  }
  // What migrations add there later is for every reader, too. Tables of ours may hold secrets: those wait for this command.
  await sql`alter default privileges in schema stripe grant select on tables to ${role}`.execute(
    tx.db,
  );
  for (const [table, hidden] of Object.entries(secret)) {
    const name = sql.id('headwater', table);
    await sql`revoke select on ${name} from ${role}`.execute(tx.db);
    if (hidden === '*') continue;
    const columns = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
       where table_schema = 'headwater' and table_name = ${table} and column_name <> all(${hidden as string[]})`.execute(
      tx.db,
    );
    const list = sql.join(columns.rows.map((column) => sql.id(column.name)));
    await sql`grant select (${list}) on ${name} to ${role}`.execute(tx.db);
  }
}
