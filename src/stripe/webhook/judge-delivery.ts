import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Context } from '../../platform/index.ts';
import type { Json } from '../../objects/index.ts';
import { clockAhead } from '../client/clock-skew.ts';
import { createPerInstallation } from '../per-installation.ts';
import type { Source } from '../queries/sources.ts';
import type { ReceiveCode } from './receive-webhook.ts';
import { verifySignature } from './verify-signature.ts';

/** One request to a webhook address, exactly as it came. */
export interface Delivery {
  webhook_path: string;
  raw_body: Buffer;
  signature: string | undefined;
  /** By the wall clock. */
  received_at: Date;
}

/** An event that is to be kept, with the text it came as; or why it is not. */
export type Judgement = { event: Json; text: string } | { code: ReceiveCode };

/** Decides about a delivery by the source as it is now; null: no source has this address. */
export function judgeDelivery(ctx: Context, source: Source | null, delivery: Delivery): Judgement {
  if (!source?.webhook_secret_sealed || source.state === 'disconnected') {
    return { code: 'unknown_source' };
  }
  const { raw_body, signature } = delivery;
  // Stripe signs by its own clock.
  const received_at = new Date(delivery.received_at.getTime() - clockAhead(ctx));
  const isSigned = secretsOf(ctx, source).some(
    (secret) => verifySignature(raw_body, signature, secret, received_at) === 'valid',
  );
  if (!isSigned) return { code: 'bad_signature' };
  const text = raw_body.toString('utf8');
  const event = parseEvent(text);
  if (event === null) return { code: 'malformed' };
  if (event.object === 'v2.core.event') return { code: 'ignored' };
  if (!isOfSource(event, source)) return { code: 'other_account' };
  return { event, text };
}

/** The secret of our endpoint and, for a day after it was replaced, the one before. */
function secretsOf(ctx: Context, source: Source): KeyObject[] {
  const { webhook_secret_sealed, webhook_previous_secret_sealed, webhook_previous_until } = source;
  const counts = webhook_previous_until !== null && webhook_previous_until > ctx.clock.now();
  return [webhook_secret_sealed, counts ? webhook_previous_secret_sealed : null].flatMap((sealed) =>
    sealed === null ? [] : [openSecret(ctx, sealed)],
  );
}

const openedSecrets = createPerInstallation(() => new Map<string, KeyObject>());
const MOST_SECRETS = 100;

/** Opening a sealed secret costs more than the check it is for, and the same text always opens to the same key. */
function openSecret(ctx: Context, sealed: string): KeyObject {
  const opened = openedSecrets(ctx);
  let key = opened.get(sealed);
  if (!key) {
    key = createSecretKey(ctx.vault.open(sealed), 'utf8');
    if (opened.size >= MOST_SECRETS) opened.clear();
    opened.set(sealed, key);
  }
  return key;
}

function parseEvent(text: string): Json | null {
  try {
    const event = JSON.parse(text) as Json;
    if (event.object === 'v2.core.event') return event;
    const whole =
      typeof event.id === 'string' &&
      typeof event.type === 'string' &&
      typeof event.created === 'number';
    return whole ? event : null;
  } catch {
    // Signed, yet no JSON: nothing of it can be kept.
    return null;
  }
}

/** `account` is only there on events of connected accounts. */
function isOfSource(event: Json, source: Source): boolean {
  if (event.livemode !== (source.mode === 'live')) return false;
  return typeof event.account !== 'string' || event.account === source.account_id;
}
