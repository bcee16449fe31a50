import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { recordAudit } from './audit.ts';
import { NOBODY_HASH, checkPassword } from './hash-password.ts';
import { findUserByEmail } from './queries.ts';
import { openSession, signOut } from './sessions.ts';
import type { OpenedSession } from './sessions.ts';

export interface Credentials {
  email: string;
  password: string;
  /** The session the browser came with; it ends, so that a token planted before sign-in is worth nothing. */
  previous_token?: string | null;
}

export interface SignInRefusal {
  code: 'wrong_credentials';
  sentence: string;
}

/**
 * Opens a session, or refuses in the same words and the same time whether the address is unknown
 * or the password wrong.
 */
export async function signIn(
  ctx: Context,
  credentials: Credentials,
): Promise<OpenedSession | SignInRefusal> {
  const user = await findUserByEmail(ctx, credentials.email.trim());
  const right = await checkPassword(credentials.password, user?.password_hash ?? NOBODY_HASH);
  if (!user || !right) {
    return { code: 'wrong_credentials', sentence: 'That e-mail address and password do not fit.' };
  }
  return await inTransaction(ctx, async (tx) => {
    if (credentials.previous_token) await signOut(tx, credentials.previous_token);
    const { id, email, name, role } = user;
    const session = await openSession(tx, { id, email, name, role });
    await recordAudit(tx, { user_id: id, action: 'user.signed_in', subject: `user/${id}` });
    return session;
  });
}
