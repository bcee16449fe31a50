import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { clientOf } from '../client/source-client.ts';
import { decideRestingState } from '../describe-state.ts';
import { wasSynced } from '../queries/runs.ts';
import { findSource, updateSource } from '../queries/sources.ts';
import type { Source } from '../queries/sources.ts';
import { attachWebhook } from './attach-webhook.ts';
import { checkEndpoint, isCallable, tryEndpoint, webhookUrl } from './endpoint.ts';
import { dropPrevious } from './rotate-secret.ts';

const MINUTE_MS = 60_000;
/** How often Stripe is asked how our endpoint is: 120 reads in 30 days. */
const LOOK_MS = 6 * 60 * MINUTE_MS;
/** How often a place for our endpoint is tried for when there was none. Asks with a write, which costs no reads. */
const TRY_MS = 5 * MINUTE_MS;

/**
 * Looks after our webhook endpoint: finishes a replaced secret, takes a place that became free, makes
 * the endpoint once our address can be called, and notices that somebody disabled or removed it
 * although no event was missed yet. Throws what Stripe answers.
 */
export async function watchEndpoint(ctx: Context, source: Source): Promise<void> {
  const now = ctx.clock.now().getTime();
  const age = now - (source.endpoint_seen_at?.getTime() ?? 0);
  const status = source.state_detail.webhook?.status;
  const { webhook_previous_until } = source;
  if (source.webhook_previous_endpoint_id !== null) {
    await dropPrevious(ctx, clientOf(ctx, source), source);
  }
  if (webhook_previous_until !== null && webhook_previous_until.getTime() <= now) {
    await updateSource(ctx, source.id, {
      webhook_previous_secret_sealed: null,
      webhook_previous_until: null,
    });
  }
  if (status === 'full') {
    if (age >= TRY_MS) await takeFreePlace(ctx, clientOf(ctx, source), source);
  } else if (status === 'needs_https') {
    if (isCallable(webhookUrl(ctx, source), source.mode)) {
      await attachWebhook(ctx, source, clientOf(ctx, source));
    }
  } else if (source.webhook_endpoint_id !== null && age >= LOOK_MS) {
    await lookAtEndpoint(ctx, clientOf(ctx, source), source, source.webhook_endpoint_id);
  }
}

async function takeFreePlace(ctx: Context, client: StripeClient, source: Source): Promise<void> {
  await updateSource(ctx, source.id, { endpoint_seen_at: ctx.clock.now() });
  const made = await tryEndpoint(ctx, client, source);
  if (made === null) return;
  const synced = await wasSynced(ctx, source.id);
  await updateSource(ctx, source.id, {
    state: decideRestingState({ synced, webhook: 'ok' }),
    state_detail: { webhook: { status: 'ok' } },
    webhook_endpoint_id: made.id,
    webhook_secret_sealed: ctx.vault.seal(made.secret),
    // What happened before it existed is fetched once more.
    next_poll_at: null,
    idle_polls: 0,
  });
}

async function lookAtEndpoint(
  ctx: Context,
  client: StripeClient,
  source: Source,
  endpoint: string,
): Promise<void> {
  const seen = await checkEndpoint(client, endpoint);
  const now = ctx.clock.now();
  const current = await findSource(ctx, source.id);
  if (!current || current.state !== source.state || current.webhook_endpoint_id !== endpoint)
    return;
  const was = source.state_detail.webhook?.status;
  const isBack = seen === 'enabled' && (was === 'disabled' || was === 'deleted');
  const isLost = seen !== 'enabled' && was !== seen;
  if (!isBack && !isLost) {
    await updateSource(ctx, source.id, { endpoint_seen_at: now });
    return;
  }
  const webhook =
    seen === 'enabled' ? { status: 'ok' as const } : { status: seen, since: now.toISOString() };
  const synced = await wasSynced(ctx, source.id);
  await updateSource(ctx, source.id, {
    state: decideRestingState({ synced, webhook: webhook.status }),
    state_detail: { ...source.state_detail, webhook },
    endpoint_seen_at: now,
    next_poll_at: null,
    idle_polls: 0,
  });
}
