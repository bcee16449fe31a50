import type { Context } from '../../platform/index.ts';
import type { Json } from '../../objects/index.ts';
import type { RequestOptions, StripeClient } from '../client/client.ts';
import { StripeError } from '../client/stripe-error.ts';
import { API_VERSION, WEBHOOK_EVENTS } from '../definition.ts';
import type { Mode } from '../definition.ts';
import type { EndpointView, StateDetail } from '../describe-state.ts';

export type EndpointOutcome =
  | { ok: true; id: string; secret: string }
  | { ok: false; webhook: NonNullable<StateDetail['webhook']> };

/**
 * Makes our one webhook endpoint. Strays of this installation (from a try that was cut off: their
 * secret is lost, Stripe tells it only once) are removed first; one to stand `beside` stays. Throws
 * when the key may not write.
 */
export async function createEndpoint(
  ctx: Context,
  client: StripeClient,
  source: { mode: Mode; webhook_path: string; name: string },
  options: { beside?: string } = {},
): Promise<EndpointOutcome> {
  const url = webhookUrl(ctx, source);
  if (!isCallable(url, source.mode)) return { ok: false, webhook: { status: 'needs_https' } };
  const endpoints = await listEndpoints(client);
  const strays = endpoints.filter((one) => isOurs(ctx, one) && one.id !== options.beside);
  for (const endpoint of strays) {
    await removeEndpoint(client, String(endpoint.id));
  }
  try {
    return { ok: true, ...(await postEndpoint(ctx, client, url)) };
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    if (error.kind === 'webhook_full') {
      const others = endpoints.filter((one) => !isOurs(ctx, one)).map(toView);
      return { ok: false, webhook: { status: 'full', message: error.message, endpoints: others } };
    }
    if (error.kind !== 'invalid') throw error;
    return { ok: false, webhook: { status: 'refused', message: error.message } };
  }
}

/**
 * Makes our endpoint if there is a place for it now, without looking at those that exist; null when
 * there is none. For trying again and again: it reads nothing.
 */
export async function tryEndpoint(
  ctx: Context,
  client: StripeClient,
  source: { webhook_path: string },
): Promise<{ id: string; secret: string } | null> {
  try {
    return await postEndpoint(ctx, client, webhookUrl(ctx, source));
  } catch (error) {
    if (error instanceof StripeError && error.kind === 'webhook_full') return null;
    throw error;
  }
}

async function postEndpoint(
  ctx: Context,
  client: StripeClient,
  url: string,
): Promise<{ id: string; secret: string }> {
  const { body } = await client.post('/v1/webhook_endpoints', {
    url,
    enabled_events: WEBHOOK_EVENTS,
    api_version: API_VERSION,
    description: 'Headwater: keeps its copy of this account up to date',
    metadata: { headwater: installationId(ctx) },
  });
  return { id: String(body.id), secret: String(body.secret) };
}

/** Our address as Stripe calls it. */
export function webhookUrl(ctx: Context, source: { webhook_path: string }): string {
  return `${ctx.config.public_url}/webhooks/stripe/${source.webhook_path}`;
}

/** Stripe calls https addresses; for a test-mode key one on this machine will do as well. */
export function isCallable(url: string, mode: Mode): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return true;
  return mode === 'test' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** The same for all sources of this installation, and of no other. */
const installationId = (ctx: Context): string =>
  ctx.vault.sign('installation: webhook endpoints').slice(0, 24);

function isOurs(ctx: Context, endpoint: Json): boolean {
  return (endpoint.metadata as Json | undefined)?.headwater === installationId(ctx);
}

async function listEndpoints(client: StripeClient): Promise<Json[]> {
  const all: Json[] = [];
  for (let after: string | null = null; ;) {
    const { body } = await client.get('/v1/webhook_endpoints', {
      limit: 100,
      ...(after ? { starting_after: after } : {}),
    });
    const page = body.data as Json[];
    all.push(...page);
    if (body.has_more !== true || page.length === 0) return all;
    after = String(page.at(-1)!.id);
  }
}

/** Removes an endpoint; one that is gone already is fine. */
export async function removeEndpoint(
  client: StripeClient,
  id: string,
  options: RequestOptions = {},
): Promise<void> {
  try {
    await client.delete(`/v1/webhook_endpoints/${id}`, options);
  } catch (error) {
    if (!(error instanceof StripeError) || error.kind !== 'missing') throw error;
  }
}

/** How Stripe sees our endpoint now. */
export async function checkEndpoint(
  client: StripeClient,
  id: string,
): Promise<'enabled' | 'disabled' | 'deleted'> {
  try {
    const { body } = await client.get(`/v1/webhook_endpoints/${id}`);
    return body.status === 'enabled' ? 'enabled' : 'disabled';
  } catch (error) {
    if (error instanceof StripeError && error.kind === 'missing') return 'deleted';
    throw error;
  }
}

function toView(endpoint: Json): EndpointView {
  return {
    id: String(endpoint.id),
    url: String(endpoint.url),
    description: typeof endpoint.description === 'string' ? endpoint.description : null,
    status: String(endpoint.status),
  };
}
