import { timingSafeEqual } from 'node:crypto';
import { AppError, inTransaction, lockInTransaction, newId } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { recordAudit } from './audit.ts';
import { SHORTEST_PASSWORD } from './definition.ts';
import { hashPassword } from './hash-password.ts';
import {
  countUsers,
  deleteSettingRow,
  insertUser,
  listSettingRows,
  saveSettingRow,
} from './queries.ts';
import { openSession } from './sessions.ts';
import type { OpenedSession } from './sessions.ts';
import { hashToken, newToken } from './tokens.ts';

const TOKEN_KEY = 'setup_token_hash';

/** True until the first user exists. */
export async function needsSetup(ctx: Context): Promise<boolean> {
  return (await countUsers(ctx)) === 0;
}

/**
 * A fresh token for the first run, to be printed once in the terminal; it replaces the one before.
 * Throws `already_set_up` once somebody can sign in.
 */
export async function issueSetupToken(ctx: Context): Promise<string> {
  const token = newToken();
  await inTransaction(ctx, async (tx) => {
    await lockInTransaction(tx, 'set up');
    await refuseIfSetUp(tx);
    await saveSettingRow(tx, TOKEN_KEY, hashToken(token).toString('hex'));
  });
  return token;
}

export interface Newcomer {
  token: string;
  name: string;
  email: string;
  password: string;
}

/**
 * Makes the first user, the owner, and signs them in. Throws `already_set_up`, `bad_setup_token`,
 * `bad_email`, `bad_name` or `weak_password`.
 */
export async function setUp(ctx: Context, newcomer: Newcomer): Promise<OpenedSession> {
  return await inTransaction(ctx, async (tx) => {
    await lockInTransaction(tx, 'set up');
    await refuseIfSetUp(tx);
    await checkToken(tx, newcomer.token);
    checkNewcomer(newcomer);
    const user = {
      id: newId('usr'),
      email: newcomer.email.trim(),
      name: newcomer.name.trim(),
      role: 'owner' as const,
    };
    await insertUser(tx, { ...user, password_hash: await hashPassword(newcomer.password) });
    await deleteSettingRow(tx, TOKEN_KEY);
    await recordAudit(tx, { user_id: user.id, action: 'user.set_up', subject: `user/${user.id}` });
    return await openSession(tx, user);
  });
}

async function refuseIfSetUp(tx: Context): Promise<void> {
  if ((await countUsers(tx)) === 0) return;
  throw new AppError('already_set_up', 'Headwater is set up already. Sign in instead.');
}

async function checkToken(tx: Context, token: string): Promise<void> {
  const [row] = await listSettingRows(tx, [TOKEN_KEY]);
  const expected = Buffer.from(typeof row?.value === 'string' ? row.value : '', 'hex');
  const given = hashToken(token.trim());
  if (expected.length === given.length && timingSafeEqual(expected, given)) return;
  throw new AppError(
    'bad_setup_token',
    'That is not the token of this start. Copy the one printed last in the terminal.',
  );
}

function checkNewcomer(newcomer: Newcomer): void {
  if (!/^[^\s@]+@[^\s@]+$/.test(newcomer.email.trim())) {
    throw new AppError('bad_email', 'That is not an e-mail address. Write it as name@example.com.');
  }
  if (!newcomer.name.trim()) throw new AppError('bad_name', 'Give your name.');
  if (newcomer.password.length < SHORTEST_PASSWORD) {
    throw new AppError(
      'weak_password',
      `That password is too short. Use at least ${SHORTEST_PASSWORD} characters.`,
    );
  }
}
