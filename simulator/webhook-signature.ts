import { createHmac } from 'node:crypto';

const macOf = (body: string, secret: string, wallSeconds: number): string =>
  createHmac('sha256', secret).update(`${wallSeconds}.${body}`).digest('hex');

/**
 * `t=…,v1=…` over the raw body, with one `v1` for each secret; seconds of the wall clock, which
 * receivers compare with theirs.
 */
export function signPayload(body: string, secret: string | string[], wallSeconds: number): string {
  const macs = [secret].flat().map((one) => `v1=${macOf(body, one, wallSeconds)}`);
  return `t=${wallSeconds},${macs.join(',')}`;
}
