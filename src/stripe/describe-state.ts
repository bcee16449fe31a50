import type { Mode, SourceState } from './definition.ts';

export interface EndpointView {
  id: string;
  url: string;
  description: string | null;
  status: string;
}

/** Why a source is in its state; kept as `sources.state_detail`. */
export interface StateDetail {
  webhook?: {
    /**
     * `full`: all endpoints of the account are taken. `needs_https`, `refused`: Stripe does not take our address.
     * `silent`: events were found by polling that never arrived. `disabled`, `deleted`: somebody did that in Stripe.
     */
    status: 'ok' | 'full' | 'needs_https' | 'refused' | 'silent' | 'disabled' | 'deleted';
    /** Stripe's own words. */
    message?: string;
    /** Those that exist, when there is no room for ours. */
    endpoints?: EndpointView[];
    since?: string;
  };
  /** Permissions to add to the key. */
  missing?: { slug: string; label: string; access: string }[];
  /** What Stripe said about the key. */
  message?: string;
  /** When the key was last tried again. */
  checked_at?: string;
}

export interface Described {
  sentence: string;
  /** What the reader can do about it; null when there is nothing to do. */
  next_step: string | null;
}

/** The state a source has when nothing is wrong with its key and nobody paused it. */
export function decideRestingState(facts: {
  synced: boolean;
  webhook: NonNullable<StateDetail['webhook']>['status'];
}): SourceState {
  if (facts.webhook === 'full') return 'webhook_full';
  if (!facts.synced) return 'syncing';
  return facts.webhook === 'ok' ? 'live' : 'degraded';
}

/** The sentence and the next step the page shows for a state. */
export function describeState(facts: {
  state: SourceState;
  detail: StateDetail;
  mode: Mode;
}): Described {
  const { detail } = facts;
  switch (facts.state) {
    case 'connecting':
      return say('Connecting: the key works, the webhook is being set up.');
    case 'permission_missing':
      return say(
        `The key may not do everything any more: ${listMissing(detail)} is missing. What was copied stays; nothing new arrives.`,
        `Open the key in Stripe under Developers → API keys, set ${listMissing(detail)}, then check again here. It also checks by itself every minute.`,
      );
    case 'webhook_full':
      return say(
        `All ${detail.webhook?.endpoints?.length ?? 16} webhook endpoints of this Stripe account are taken, so Stripe cannot tell us of changes. Headwater asks for new events instead.`,
        'Remove an endpoint you no longer need in Stripe under Developers → Webhooks. Ours is then made by itself within five minutes, or at once when you try again here.',
      );
    case 'syncing':
      return say(
        `Copying the account’s history. ${followed(detail)}`,
        detail.webhook && detail.webhook.status !== 'ok' ? webhookStep(detail) : null,
      );
    case 'live':
      return say(
        ['Live: every change in Stripe arrives within a second or two.', detail.webhook?.message]
          .filter(Boolean)
          .join(' '),
      );
    case 'degraded':
      return say(
        `${webhookTrouble(detail)} Headwater asks for new events instead.`,
        webhookStep(detail),
      );
    case 'key_revoked':
      return say(
        `Stripe refuses the key: ${detail.message ?? 'it was revoked or has expired.'} What was copied stays; nothing new arrives.`,
        'Create a new restricted key in Stripe and paste it here. The gap is filled afterwards.',
      );
    case 'paused':
      return say(
        'Paused. Events that arrive are kept and applied when you resume.',
        'Resume to go on; what happened in between is fetched. After more than 29 days, which is as far as Stripe’s events reach back, all lists are compared instead.',
      );
    case 'disconnected':
      return say(
        `Disconnected. ${detail.message === undefined ? 'Our webhook is removed from Stripe' : `Our webhook could not be removed from Stripe (${detail.message})`}; the data stays here.`,
        `${detail.message === undefined ? '' : 'Remove the endpoint described as Headwater in Stripe under Developers → Webhooks. '}Connect the account again to go on where it stopped.`,
      );
    case 'deleting':
      return say(
        'Being deleted. What was chosen to go is removed piece by piece; this may take a while.',
      );
  }
}

const say = (sentence: string, next_step: string | null = null): Described => ({
  sentence,
  next_step,
});

/** `Customers → Read and Invoices → Read` */
export function listMissing(detail: StateDetail): string {
  const names = (detail.missing ?? []).map(({ label, access }) => `${label} → ${access}`);
  if (names.length === 0) return 'a permission';
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function followed(detail: StateDetail): string {
  return detail.webhook === undefined || detail.webhook.status === 'ok'
    ? 'Changes arrive by webhook meanwhile.'
    : 'Changes are asked for meanwhile.';
}

function webhookTrouble(detail: StateDetail): string {
  switch (detail.webhook?.status) {
    case 'needs_https':
      return 'Stripe calls only public https addresses for a live account, and this installation’s address is not one.';
    case 'refused':
      return `Stripe does not take this installation’s address for a webhook: ${detail.webhook.message ?? ''}`.trim();
    case 'disabled':
      return 'Our webhook endpoint was disabled in Stripe.';
    case 'deleted':
      return 'Our webhook endpoint was removed in Stripe.';
    case 'full':
    case 'ok':
    case 'silent':
    case undefined:
      return 'The webhook is silent: events happened in Stripe that never arrived here.';
  }
}

function webhookStep(detail: StateDetail): string {
  switch (detail.webhook?.status) {
    case 'needs_https':
    case 'refused':
      return 'Set HEADWATER_PUBLIC_URL to the https address under which Stripe reaches this installation, restart, then try the webhook again.';
    case 'disabled':
    case 'deleted':
      return 'Try the webhook again here; it is made anew. One that is enabled again in Stripe is noticed by itself.';
    case 'full':
    case 'ok':
    case 'silent':
    case undefined:
      return 'Check that the public address is reachable from outside, then try the webhook again. It turns live by itself when an event arrives.';
  }
}
