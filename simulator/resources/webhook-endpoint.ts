import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface WebhookEndpointRow {
  id: string;
  created: number;
  url: string;
  enabled_events: string[];
  api_version: string | null;
  description: string | null;
  metadata: Record<string, string>;
  status: 'enabled' | 'disabled';
  secret: string;
  /** After the secret was rolled: the former one, valid until an instant. */
  old_secret?: { secret: string; until: number };
}

/** `withSecret` only in the answer to the create call, as in Stripe. */
export function renderWebhookEndpoint(
  state: State,
  row: WebhookEndpointRow,
  withSecret = false,
): Wire<Stripe.WebhookEndpoint> {
  return {
    id: row.id,
    object: 'webhook_endpoint',
    api_version: row.api_version,
    application: null,
    created: row.created,
    description: row.description,
    enabled_events: row.enabled_events,
    livemode: state.settings.livemode,
    metadata: row.metadata,
    ...(withSecret ? { secret: row.secret } : {}),
    status: row.status,
    url: row.url,
  };
}
