import type { Context } from '../platform/index.ts';
import { deleteSession, findSessionRow, insertSession } from './queries.ts';
import type { UserRow } from './queries.ts';
import { hashToken, newToken } from './tokens.ts';

export type User = UserRow;

/** A user who is signed in. `csrf_token` must come with everything that changes something. */
export interface Session {
  user: User;
  csrf_token: string;
  expires_at: Date;
}

/** A session just opened; `session_token` is for the cookie and is known nowhere else. */
export interface OpenedSession extends Session {
  session_token: string;
}

const LASTS_MS = 30 * 24 * 3_600_000;

/** Opens a session under a fresh token; only the token's hash is stored. Lasts 30 days. */
export async function openSession(tx: Context, user: User): Promise<OpenedSession> {
  const session_token = newToken();
  const csrf_token = newToken();
  const expires_at = new Date(tx.clock.now().getTime() + LASTS_MS);
  await insertSession(tx, {
    token_hash: hashToken(session_token),
    user_id: user.id,
    csrf_token,
    expires_at,
  });
  return { session_token, user, csrf_token, expires_at };
}

/** The session this token opens, or null when there is none or it has expired. */
export async function findSession(ctx: Context, token: string): Promise<Session | null> {
  const row = await findSessionRow(ctx, hashToken(token));
  if (!row) return null;
  const { id, email, name, role, csrf_token, expires_at } = row;
  return { user: { id, email, name, role }, csrf_token, expires_at };
}

/** Ends the session of this token. Ending it twice is no error. */
export async function signOut(ctx: Context, token: string): Promise<void> {
  await deleteSession(ctx, hashToken(token));
}
