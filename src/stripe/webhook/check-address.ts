import { randomBytes } from 'node:crypto';
import type { Context } from '../../platform/index.ts';
import { readSource, updateSource } from '../queries/sources.ts';

export interface AddressCheck {
  at: string;
  ok: boolean;
  /** What was found, said to the reader. */
  sentence: string;
}

const TIMEOUT_MS = 5_000;
const FROM_HERE = 'Tried from this machine; Stripe calls from outside.';

/** What `GET /webhooks/ping?nonce=` answers: who is there, proven by a signature only this installation can make. */
export function answerPing(ctx: Context, nonce: string): { program: string; signature: string } {
  return { program: 'headwater', signature: ctx.vault.sign(`webhook ping: ${nonce}`) };
}

/**
 * Calls this installation under its own public address and says what answered. Only the configured
 * address is ever called, and no redirect is followed. Kept on the source.
 */
export async function checkAddress(ctx: Context, source_id: number): Promise<AddressCheck> {
  const source = await readSource(ctx, source_id);
  const { ok, sentence } = await callOurselves(ctx, source.mode);
  const check = { at: ctx.clock.now().toISOString(), ok, sentence };
  await updateSource(ctx, source_id, { address_check: check });
  return check;
}

type Finding = Omit<AddressCheck, 'at'>;

async function callOurselves(ctx: Context, mode: 'live' | 'test'): Promise<Finding> {
  const address = ctx.config.public_url;
  const nonce = randomBytes(24).toString('base64url');
  let response: Response;
  let body: string;
  try {
    response = await fetch(`${address}/webhooks/ping?nonce=${nonce}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.text();
  } catch (error) {
    return { ok: false, sentence: `${describeFailure(error, address)} ${FROM_HERE}` };
  }
  if (response.status >= 300 && response.status < 400) {
    const sentence = `${address} answers with a redirect, which Stripe counts as a failure. Set HEADWATER_PUBLIC_URL to the address it leads to. ${FROM_HERE}`;
    return { ok: false, sentence };
  }
  return judge(ctx, { address, nonce, body, mode });
}

function judge(
  ctx: Context,
  found: { address: string; nonce: string; body: string; mode: 'live' | 'test' },
): Finding {
  const { address, nonce, mode } = found;
  const answer = parse(found.body);
  if (answer?.program !== 'headwater') {
    const sentence = `Another program answers under ${address}. Point that address at this installation, or set HEADWATER_PUBLIC_URL. ${FROM_HERE}`;
    return { ok: false, sentence };
  }
  if (!ctx.vault.verify(`webhook ping: ${nonce}`, String(answer.signature))) {
    const sentence = `Another Headwater answers under ${address}, not this one. Give each installation an address of its own. ${FROM_HERE}`;
    return { ok: false, sentence };
  }
  if (mode === 'live' && !address.startsWith('https:')) {
    const sentence = `${address} answers, but Stripe calls only https addresses for a live account. Set HEADWATER_PUBLIC_URL to an https address.`;
    return { ok: false, sentence };
  }
  return { ok: true, sentence: `${address} answers, and it is this installation. ${FROM_HERE}` };
}

function parse(body: string): Record<string, unknown> | null {
  try {
    return JSON.parse(body) as Record<string, unknown> | null;
  } catch {
    // Whatever it is, it is not us.
    return null;
  }
}

function describeFailure(error: unknown, address: string): string {
  const host = new URL(address).host;
  const { name = '', cause } = error as { name?: string; cause?: { code?: string } };
  const code = cause?.code ?? '';
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return `${address} did not answer within five seconds. Look whether a firewall is in between.`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The name of ${host} does not resolve. Add it to the DNS, or correct HEADWATER_PUBLIC_URL.`;
  }
  if (code === 'ECONNREFUSED') {
    return `Nothing listens at ${host}: the connection was refused. Start the proxy there, or correct HEADWATER_PUBLIC_URL.`;
  }
  if (/CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code)) {
    return `The https certificate of ${host} is not valid (${code}). Stripe will not call it until it is renewed or corrected.`;
  }
  return `${address} could not be reached (${code || 'the connection broke'}).`;
}
