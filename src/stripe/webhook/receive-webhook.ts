import type { Context } from '../../platform/index.ts';
import type { Json } from '../../objects/index.ts';
import { noteDeliveryTrouble } from '../queries/webhook-hours.ts';
import { findSourceByPath } from '../queries/sources.ts';
import type { Source } from '../queries/sources.ts';
import { keepEvent } from './inbox.ts';
import { verifySignature } from './verify-signature.ts';
import { wakeWebhook } from './wake-webhook.ts';

export type ReceiveCode =
  /** Kept; it will be applied. */
  | 'stored'
  /** This event is known already. */
  | 'duplicate'
  /** No source has this address, or it was disconnected. */
  | 'unknown_source'
  | 'bad_signature'
  /** Not an event: no JSON, or without id and type. */
  | 'malformed'
  /** An event of another mode or account than this source's. Nothing was kept. */
  | 'other_account'
  /** A thin notification, which we did not ask for. Acknowledge and forget. */
  | 'ignored';

/**
 * Takes one delivery of Stripe: verifies, keeps, and answers; the work comes later. `received_at` is
 * the wall clock, by which the age of the signature is measured. Answer 2xx for `stored`,
 * `duplicate` and `ignored`; Stripe repeats everything else.
 */
export async function receiveWebhook(
  ctx: Context,
  delivery: {
    webhook_path: string;
    raw_body: Buffer;
    signature: string | undefined;
    received_at: Date;
  },
): Promise<{ code: ReceiveCode }> {
  const source = await findSourceByPath(ctx, delivery.webhook_path);
  if (!source?.webhook_secret_sealed || source.state === 'disconnected') {
    return { code: 'unknown_source' };
  }
  const { raw_body, signature, received_at } = delivery;
  const isSigned = secretsOf(ctx, source).some(
    (secret) => verifySignature(raw_body, signature, secret, received_at) === 'valid',
  );
  if (!isSigned) {
    await noteDeliveryTrouble(ctx, source.id, { refused: 1 });
    return { code: 'bad_signature' };
  }
  const event = parseEvent(raw_body);
  if (event === null) return { code: 'malformed' };
  if (event.object === 'v2.core.event') return { code: 'ignored' };
  if (!isOfSource(event, source)) return { code: 'other_account' };
  // It spoke: also when polling was quicker and the event is known already.
  if (source.state === 'degraded') await wakeWebhook(ctx, source.id);
  return { code: (await keepEvent(ctx, source.id, event)) ? 'stored' : 'duplicate' };
}

/** The secret of our endpoint and, for a day after it was replaced, the one before. */
function secretsOf(ctx: Context, source: Source): string[] {
  const { webhook_secret_sealed, webhook_previous_secret_sealed, webhook_previous_until } = source;
  const counts = webhook_previous_until !== null && webhook_previous_until > ctx.clock.now();
  return [webhook_secret_sealed, counts ? webhook_previous_secret_sealed : null].flatMap((sealed) =>
    sealed === null ? [] : [ctx.vault.open(sealed)],
  );
}

function parseEvent(body: Buffer): Json | null {
  try {
    const event = JSON.parse(body.toString('utf8')) as Json;
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
export function isOfSource(event: Json, source: Source): boolean {
  if (event.livemode !== (source.mode === 'live')) return false;
  return typeof event.account !== 'string' || event.account === source.account_id;
}
