import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { idAt, instantAt, integerAt, known, textAt } from './read-json.ts';
import { endOf, readLife } from './subscription-life.ts';

const NOTICE_MS = 30 * 86_400_000;

/** A customer with what they pay for and what they may pay with; null when only their id is known. */
export interface Payer {
  customer: Json | null;
  subscriptions: readonly Json[];
  /** Those attached to the customer. */
  payment_methods: readonly Json[];
}

/**
 * 30 days before the end (UTC) of the month a card expires in, when it pays for a subscription that
 * has not ended: the subscription's own card, or else the customer's. A card that comes, or begins to
 * pay, within those days is told then. Once for each card and date of expiry.
 */
export function cardExpiring(payer: Payer): ActivityDraft[] {
  const told = new Map<string, ActivityDraft>();
  for (const subscription of payer.subscriptions) {
    const draft = readExpiry(subscription, payer);
    const known_one = draft && told.get(draft.key);
    if (draft && !(known_one && known_one.occurred_at <= draft.occurred_at))
      told.set(draft.key, draft);
  }
  return [...told.values()];
}

function readExpiry(subscription: Json, payer: Payer): ActivityDraft | null {
  const life = readLife(subscription);
  if (!life || life.status.startsWith('incomplete')) return null;
  const id = paysWith(subscription, payer.customer ?? {});
  const method = payer.payment_methods.find((one) => one.id === id);
  const month = method ? integerAt(method, 'card', 'exp_month') : null;
  const year = method ? integerAt(method, 'card', 'exp_year') : null;
  if (!method || month === null || year === null) return null;
  // Stripe's months begin at one, so that this is the first instant of the month after.
  const expires = Date.UTC(year, month, 1);
  const since = [instantAt(method, 'created'), instantAt(subscription, 'created') ?? life.starts];
  const at = Math.max(expires - NOTICE_MS, ...since.map((instant) => instant?.getTime() ?? 0));
  const ended = endOf(life);
  if (at >= expires || (ended !== null && ended * 1000 <= at)) return null;
  return {
    key: `card_expiring/${String(method.id)}/${year}-${month}`,
    type: 'card_expiring',
    occurred_at: new Date(at),
    customer: idAt(subscription, 'customer'),
    object_id: String(method.id),
    amount_minor: null,
    currency: null,
    attributes: known({
      card_brand: textAt(method, 'card', 'brand'),
      card_last4: textAt(method, 'card', 'last4'),
      expires_on: new Date(expires - 1).toISOString().slice(0, 10),
      payment_method_id: textAt(method, 'id'),
      subscription_id: life.id,
    }),
  };
}

/** What Stripe charges, in its own order of precedence; nothing when invoices are sent to be paid. */
function paysWith(subscription: Json, customer: Json): string | null {
  if (subscription.collection_method === 'send_invoice') return null;
  return (
    idAt(subscription, 'default_payment_method') ??
    idAt(subscription, 'default_source') ??
    idAt(customer, 'invoice_settings', 'default_payment_method') ??
    idAt(customer, 'default_source')
  );
}
