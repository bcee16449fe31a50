import { createHash, hash, randomBytes } from 'node:crypto';

/** A new unguessable id such as `run_k3…` (100 random bits, lower-case base 36). */
export function newId(prefix: string): string {
  return `${prefix}_${BigInt(`0x${randomBytes(13).toString('hex')}`).toString(36)}`;
}

/** The same id for the same parts, for rows that a retry must not double. */
export function hashId(prefix: string, ...parts: (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  return `${prefix}_${BigInt(`0x${digest}`).toString(36)}`;
}

/** 52 bits of a hash of the parts: an integer that is exact in JSON and in a Postgres bigint. */
export function hashInteger(...parts: (string | number)[]): number {
  return Number.parseInt(hash('sha256', JSON.stringify(parts), 'hex').slice(0, 13), 16);
}
