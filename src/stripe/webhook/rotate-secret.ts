import { AppError } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { clientOf } from '../client/source-client.ts';
import { StripeError } from '../client/stripe-error.ts';
import { decideRestingState } from '../describe-state.ts';
import { noteKeyTrouble } from '../key-trouble.ts';
import { wasSynced } from '../queries/runs.ts';
import { readSource, updateSource } from '../queries/sources.ts';
import type { Source } from '../queries/sources.ts';
import { viewSource } from '../source-view.ts';
import type { SourceView } from '../source-view.ts';
import { attachWebhook } from './attach-webhook.ts';
import { canRotate } from './can-rotate.ts';
import { createEndpoint, removeEndpoint } from './endpoint.ts';

/** How long deliveries signed with the old secret are believed: Stripe's own overlap when a secret is rolled. */
const OVERLAP_MS = 86_400_000;

/**
 * Replaces the secret deliveries are signed with. Stripe gives out a secret only with a new
 * endpoint, so one is made under the same address, and the old one is removed once the new one is
 * kept; meanwhile and for a day both secrets count. What the old one still wanted to repeat is
 * fetched by the next poll. Throws `webhook_cannot_rotate`, `webhook_failed`.
 */
export async function rotateSecret(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  if (!canRotate(source)) {
    throw new AppError(
      'webhook_cannot_rotate',
      'There is no working webhook endpoint whose secret could be replaced now. Make the webhook work first, or wait until the last replacement is through.',
    );
  }
  const client = clientOf(ctx, source);
  try {
    return await viewSource(ctx, await replaceEndpoint(ctx, client, source));
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    await noteKeyTrouble(ctx, id, error);
    throw new AppError('webhook_failed', `The secret could not be replaced: ${error.message}`);
  }
}

async function replaceEndpoint(
  ctx: Context,
  client: StripeClient,
  source: Source,
): Promise<Source> {
  const old = source.webhook_endpoint_id!;
  const outcome = await createEndpoint(ctx, client, source, { beside: old });
  if (!outcome.ok && outcome.webhook.status === 'full') {
    // No room for two: the old one makes room, and the event list fills the moment between.
    await removeEndpoint(client, old);
    const changed = await updateSource(ctx, source.id, {
      ...previousOf(ctx, source),
      webhook_endpoint_id: null,
    });
    const attached = await attachWebhook(ctx, changed, client);
    return await sayGap(ctx, attached);
  }
  if (!outcome.ok)
    throw new AppError(
      'webhook_failed',
      outcome.webhook.message ?? 'Stripe does not take our address.',
    );
  const synced = await wasSynced(ctx, source.id);
  const changed = await updateSource(ctx, source.id, {
    ...previousOf(ctx, source),
    webhook_previous_endpoint_id: old,
    webhook_endpoint_id: outcome.id,
    webhook_secret_sealed: ctx.vault.seal(outcome.secret),
    state: decideRestingState({ synced, webhook: 'ok' }),
    state_detail: { ...source.state_detail, webhook: { status: 'ok' } },
    next_poll_at: null,
    idle_polls: 0,
  });
  return await dropPrevious(ctx, client, changed);
}

const GAP =
  'No place was free for a second endpoint, so the old one was removed before the new one was made; what happened in between is fetched.';

/** Tells that there was a moment without an endpoint, when the new one stands. */
async function sayGap(ctx: Context, source: Source): Promise<Source> {
  if (source.state_detail.webhook?.status !== 'ok') return source;
  const webhook = { status: 'ok' as const, message: GAP, since: ctx.clock.now().toISOString() };
  return await updateSource(ctx, source.id, {
    state_detail: { ...source.state_detail, webhook },
  });
}

/** Removes the endpoint that was replaced; after a crash the worker calls this again. */
export async function dropPrevious(
  ctx: Context,
  client: StripeClient,
  source: Source,
): Promise<Source> {
  if (source.webhook_previous_endpoint_id === null) return source;
  await removeEndpoint(client, source.webhook_previous_endpoint_id);
  return await updateSource(ctx, source.id, { webhook_previous_endpoint_id: null });
}

const previousOf = (ctx: Context, source: Source) => ({
  webhook_previous_secret_sealed: source.webhook_secret_sealed,
  webhook_previous_until: new Date(ctx.clock.now().getTime() + OVERLAP_MS),
});
