import { DAY } from '../clock.ts';
import { renderWebhookEndpoint } from '../resources/webhook-endpoint.ts';
import type { WebhookEndpointRow } from '../resources/webhook-endpoint.ts';
import { CustomerVerbs } from './customer-verbs.ts';

/** What the owner does to webhook endpoints in the Dashboard. */
export class EndpointVerbs extends CustomerVerbs {
  #change(id: string, change: (row: WebhookEndpointRow) => Partial<WebhookEndpointRow>) {
    const state = this.ready();
    const before = state.webhookEndpoints.get(id);
    return state.webhookEndpoints.put({ ...before, ...change(before) });
  }

  disableEndpoint(id: string) {
    return renderWebhookEndpoint(
      this.state,
      this.#change(id, () => ({ status: 'disabled' })),
    );
  }

  enableEndpoint(id: string) {
    return renderWebhookEndpoint(
      this.state,
      this.#change(id, () => ({ status: 'enabled' })),
    );
  }

  deleteEndpoint(id: string) {
    const state = this.ready();
    state.webhookEndpoints.remove(state.webhookEndpoints.get(id).id);
    return { id, object: 'webhook_endpoint' as const, deleted: true as const };
  }

  /** A new secret; the old one goes on signing too, for a day unless told otherwise. */
  rollEndpointSecret(id: string, overlapHours = 24) {
    const until = this.ready().now() + (overlapHours / 24) * DAY;
    const row = this.#change(id, ({ secret }) => ({
      secret: this.state.ids.make('whsec_', 32),
      old_secret: { secret, until },
    }));
    return renderWebhookEndpoint(this.state, row, true);
  }
}
