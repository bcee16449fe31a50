import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, for a cookie, a form or a terminal. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored in a token's place. The token is random, so one fast hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
