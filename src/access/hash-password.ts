import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

interface Cost {
  memory: number; // KiB
  passes: number;
  parallelism: number;
}

// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane. About 30 ms of one core.
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;

/** A hash no password leads to, checked for unknown users so that they take as long as known ones. */
export const NOBODY_HASH = encode(COST, Buffer.alloc(16), Buffer.alloc(TAG_BYTES));

/** `$argon2id$v=19$m=…,t=…,p=…$salt$tag`, the usual text form. Runs off the event loop. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return encode(COST, salt, await derive(password, salt, COST));
}

/** Checks with the cost the hash was made with. Throws when the text is not such a hash. */
export async function checkPassword(password: string, hash: string): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash);
  if (!parts) throw new Error('A stored password hash is not Argon2id');
  const cost = {
    memory: Number(parts[1]),
    passes: Number(parts[2]),
    parallelism: Number(parts[3]),
  };
  const expected = Buffer.from(parts[5]!, 'base64');
  const given = await derive(password, Buffer.from(parts[4]!, 'base64'), cost);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function encode(cost: Cost, salt: Buffer, tag: Buffer): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  // The same characters typed on another keyboard may come composed differently.
  const message = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, tagLength: TAG_BYTES, ...cost }, (error, tag) => {
      if (error) reject(error);
      else resolve(tag);
    });
  });
}
