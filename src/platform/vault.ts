import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { AppError } from './errors.ts';

/** Seals secrets for storage and signs links. The key never leaves it. */
export interface Vault {
  /** Encrypts with AES-256-GCM; the answer is `v1.<nonce>.<tag>.<ciphertext>` in base64url. */
  seal(plaintext: string): string;
  /** Throws `secret_unreadable` when the text was sealed with another key or tampered with. */
  open(sealed: string): string;
  /** A keyed hash for links that must not be forged, base64url. */
  sign(text: string): string;
  /** Compares in constant time. */
  verify(text: string, signature: string): boolean;
}

export function createVault(secret: string): Vault {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, 'headwater', purpose, 32));
  const sealKey = derive('seal');
  const signKey = derive('sign');
  const sign = (text: string) => createHmac('sha256', signKey).update(text).digest('base64url');
  return {
    seal(plaintext) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return ['v1', nonce, cipher.getAuthTag(), body]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
    },
    open(sealed) {
      const [version, nonce, tag, body] = sealed.split('.');
      try {
        if (version !== 'v1' || !nonce || !tag || body === undefined) throw new Error('not sealed');
        const decipher = createDecipheriv('aes-256-gcm', sealKey, Buffer.from(nonce, 'base64url'));
        decipher.setAuthTag(Buffer.from(tag, 'base64url'));
        const text = Buffer.concat([
          decipher.update(Buffer.from(body, 'base64url')),
          decipher.final(),
        ]);
        return text.toString('utf8');
      } catch (cause) {
        throw new AppError(
          'secret_unreadable',
          'A stored secret cannot be opened with the present key. Start with the HEADWATER_SECRET it was stored with, or connect the source again.',
          { cause },
        );
      }
    },
    sign,
    verify(text, signature) {
      const expected = Buffer.from(sign(text));
      const given = Buffer.from(signature);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
