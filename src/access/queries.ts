import { sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { Role } from './definition.ts';

export interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
}

export async function countUsers(ctx: Context): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) n from users`.execute(ctx.db);
  return rows[0]?.n ?? 0;
}

export async function insertUser(
  tx: Context,
  user: UserRow & { password_hash: string },
): Promise<void> {
  await sql`insert into users (id, email, name, password_hash, role, created_at)
    values (${user.id}, ${user.email}, ${user.name}, ${user.password_hash}, ${user.role}, ${tx.clock.now()})`.execute(
    tx.db,
  );
}

export async function findUserByEmail(
  ctx: Context,
  email: string,
): Promise<(UserRow & { password_hash: string }) | null> {
  const { rows } = await sql<UserRow & { password_hash: string }>`
    select id, email, name, role, password_hash from users where lower(email) = lower(${email})`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

export interface SessionRow extends UserRow {
  csrf_token: string;
  expires_at: Date;
}

export async function insertSession(
  tx: Context,
  session: { token_hash: Buffer; user_id: string; csrf_token: string; expires_at: Date },
): Promise<void> {
  await sql`insert into sessions (token_hash, user_id, csrf_token, created_at, expires_at)
    values (${session.token_hash}, ${session.user_id}, ${session.csrf_token}, ${tx.clock.now()}, ${session.expires_at})`.execute(
    tx.db,
  );
}

export async function findSessionRow(ctx: Context, tokenHash: Buffer): Promise<SessionRow | null> {
  const { rows } = await sql<SessionRow>`
    select u.id, u.email, u.name, u.role, s.csrf_token, s.expires_at
      from sessions s join users u on u.id = s.user_id
     where s.token_hash = ${tokenHash} and s.expires_at > ${ctx.clock.now()}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The user whose session it was, or null when there was none. */
export async function deleteSession(ctx: Context, tokenHash: Buffer): Promise<string | null> {
  const { rows } = await sql<{ user_id: string }>`
    delete from sessions where token_hash = ${tokenHash} returning user_id`.execute(ctx.db);
  return rows[0]?.user_id ?? null;
}

export async function deleteExpiredSessions(ctx: Context): Promise<number> {
  const result = await sql`delete from sessions where expires_at <= ${ctx.clock.now()}`.execute(
    ctx.db,
  );
  return Number(result.numAffectedRows ?? 0);
}

export async function listSettingRows(
  ctx: Context,
  keys: readonly string[],
): Promise<{ key: string; value: unknown }[]> {
  const { rows } = await sql<{ key: string; value: unknown }>`
    select key, value from settings where key = any(${keys as string[]})`.execute(ctx.db);
  return rows;
}

export async function saveSettingRow(tx: Context, key: string, value: unknown): Promise<void> {
  await sql`insert into settings (key, value) values (${key}, ${JSON.stringify(value)}::jsonb)
    on conflict (key) do update set value = excluded.value`.execute(tx.db);
}

export async function deleteSettingRow(tx: Context, key: string): Promise<void> {
  await sql`delete from settings where key = ${key}`.execute(tx.db);
}

export interface AuditRow {
  id: number;
  at: Date;
  user_id: string | null;
  user_name: string | null;
  action: string;
  subject: string | null;
  detail: Record<string, unknown>;
}

export async function insertAudit(
  ctx: Context,
  entry: Pick<AuditRow, 'user_id' | 'action' | 'subject' | 'detail'>,
): Promise<void> {
  await sql`insert into audit_log (at, user_id, action, subject, detail)
    values (${ctx.clock.now()}, ${entry.user_id}, ${entry.action}, ${entry.subject}, ${JSON.stringify(entry.detail)}::jsonb)`.execute(
    ctx.db,
  );
}

/** Newest first; `before` is the id of the last entry seen. */
export async function listAuditRows(
  ctx: Context,
  before: number | null,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select a.id, a.at, a.user_id, u.name user_name, a.action, a.subject, a.detail
      from audit_log a left join users u on u.id = a.user_id
     where ${before}::bigint is null or a.id < ${before}
     order by a.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}
