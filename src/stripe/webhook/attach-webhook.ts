import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { decideRestingState } from '../describe-state.ts';
import { wasSynced } from '../queries/runs.ts';
import { updateSource } from '../queries/sources.ts';
import type { Source } from '../queries/sources.ts';
import { createEndpoint } from './endpoint.ts';

/**
 * Gives a source its webhook endpoint and puts it into the state that follows from the outcome.
 * The next poll is due at once, so that what happened before the endpoint existed is fetched.
 */
export async function attachWebhook(
  ctx: Context,
  source: Source,
  client: StripeClient,
): Promise<Source> {
  const outcome = await createEndpoint(ctx, client, source);
  const webhook = outcome.ok ? ({ status: 'ok' } as const) : outcome.webhook;
  const synced = await wasSynced(ctx, source.id);
  return await updateSource(ctx, source.id, {
    state: decideRestingState({ synced, webhook: webhook.status }),
    state_detail: { webhook },
    webhook_endpoint_id: outcome.ok ? outcome.id : null,
    webhook_secret_sealed: outcome.ok ? ctx.vault.seal(outcome.secret) : null,
    next_poll_at: null,
    idle_polls: 0,
  });
}
