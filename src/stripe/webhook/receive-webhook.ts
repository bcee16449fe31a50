import type { Context } from '../../platform/index.ts';
import { takeIn } from './inbox.ts';
import type { Delivery } from './judge-delivery.ts';

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
  delivery: Delivery,
): Promise<{ code: ReceiveCode }> {
  return { code: await takeIn(ctx, delivery) };
}
