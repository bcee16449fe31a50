import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { idAt, instantAt, integerAt, known, textAt } from './read-json.ts';

/**
 * A charge is told once it went through or failed; while it is pending nothing has happened yet.
 * Each attempt to pay an invoice is a charge of its own, so failed payments are complete in Stripe's
 * list of charges. (An attempt that never reached a card, for want of one, leaves no charge.)
 */
export function chargeFacts(charge: Json): ActivityDraft[] {
  const id = textAt(charge, 'id');
  const occurred_at = instantAt(charge, 'created');
  const status = textAt(charge, 'status');
  if (!id || !occurred_at || (status !== 'succeeded' && status !== 'failed')) return [];
  const amount = integerAt(charge, 'amount');
  const base = {
    occurred_at,
    customer: idAt(charge, 'customer'),
    object_id: id,
    currency: textAt(charge, 'currency'),
    attributes: chargeAttributes(charge),
  };
  const key = `charge/${id}/${status}`;
  if (status === 'succeeded') return [{ ...base, key, type: 'charge', amount_minor: amount }];
  return [
    // A failed charge has moved nothing, and must not count in sums of charges.
    { ...base, key, type: 'charge', amount_minor: null },
    { ...base, key: `payment_failed/${id}`, type: 'payment_failed', amount_minor: amount },
  ];
}

function chargeAttributes(charge: Json): Json {
  const failed = textAt(charge, 'status') === 'failed';
  return known({
    status: textAt(charge, 'status'),
    amount_minor: integerAt(charge, 'amount'),
    currency: textAt(charge, 'currency'),
    description: textAt(charge, 'description'),
    recipient_email: textAt(charge, 'receipt_email') ?? textAt(charge, 'billing_details', 'email'),
    card_brand: textAt(charge, 'payment_method_details', 'card', 'brand'),
    card_last4: textAt(charge, 'payment_method_details', 'card', 'last4'),
    payment_method: textAt(charge, 'payment_method_details', 'type'),
    payment_intent_id: idAt(charge, 'payment_intent'),
    failure_code: textAt(charge, 'failure_code'),
    // The outcome holds the bank's own code; the failure code of all of those is `card_declined`.
    decline_code: failed ? textAt(charge, 'outcome', 'reason') : null,
    failure_message: textAt(charge, 'failure_message'),
    receipt_url: textAt(charge, 'receipt_url'),
  });
}

/** A refund is told once the money is on its way back for certain. */
export function refundFacts(refund: Json): ActivityDraft[] {
  const id = textAt(refund, 'id');
  const occurred_at = instantAt(refund, 'created');
  if (!id || !occurred_at || textAt(refund, 'status') !== 'succeeded') return [];
  return [
    {
      key: `refund/${id}`,
      type: 'refund',
      occurred_at,
      customer: idAt(refund, 'customer'),
      object_id: id,
      amount_minor: integerAt(refund, 'amount'),
      currency: textAt(refund, 'currency'),
      attributes: known({
        status: textAt(refund, 'status'),
        amount_minor: integerAt(refund, 'amount'),
        currency: textAt(refund, 'currency'),
        reason: textAt(refund, 'reason'),
        charge_id: idAt(refund, 'charge'),
        payment_intent_id: idAt(refund, 'payment_intent'),
      }),
    },
  ];
}
