import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Seconds a signature may be old, so that a recorded body cannot be replayed later. */
const TOLERANCE_S = 300;

export type SignatureCheck = 'valid' | 'malformed' | 'wrong' | 'too_old';

/**
 * Checks `Stripe-Signature: t=<unix>,v1=<hex>[,v1=<hex>…]` over the body exactly as it came in. Any
 * v1 that matches passes: there are two while the secret is rolled. `receivedAt` is wall time.
 */
export function verifySignature(
  body: Buffer,
  header: string | undefined,
  secret: string | KeyObject,
  receivedAt: Date,
): SignatureCheck {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('='));
  const timestamp = parts.find(([name]) => name === 't')?.[1];
  const signatures = parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? '');
  if (!timestamp || !/^\d{1,12}$/.test(timestamp) || signatures.length === 0) return 'malformed';
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  const matches = signatures.some((hex) => {
    const given = Buffer.from(hex, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!matches) return 'wrong';
  const age = receivedAt.getTime() / 1000 - Number(timestamp);
  return age > TOLERANCE_S ? 'too_old' : 'valid';
}
