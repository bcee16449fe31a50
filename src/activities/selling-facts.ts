import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { idAt, instantAt, integerAt, known, textAt } from './read-json.ts';

/** A credit note is told when it was issued. One that is voided later was issued all the same. */
export function creditNoteFacts(note: Json): ActivityDraft[] {
  const id = textAt(note, 'id');
  const occurred_at = instantAt(note, 'created');
  if (!id || !occurred_at) return [];
  const currency = textAt(note, 'currency');
  const total_minor = integerAt(note, 'total');
  return [
    {
      key: `credit_note/${id}`,
      type: 'credit_note',
      occurred_at,
      customer: idAt(note, 'customer'),
      object_id: id,
      amount_minor: total_minor,
      currency,
      attributes: known({
        number: textAt(note, 'number'),
        status: textAt(note, 'status'),
        reason: textAt(note, 'reason'),
        total_minor,
        currency,
        invoice_id: idAt(note, 'invoice'),
        memo: textAt(note, 'memo'),
      }),
    },
  ];
}

/**
 * A checkout is told once it was gone through. The object keeps only when it was opened: whoever
 * watches has the instant of completion, which follows within a day.
 */
export function checkoutFacts(session: Json): ActivityDraft[] {
  const id = textAt(session, 'id');
  const occurred_at = instantAt(session, 'created');
  if (!id || !occurred_at || textAt(session, 'status') !== 'complete') return [];
  const currency = textAt(session, 'currency');
  const amount_minor = integerAt(session, 'amount_total');
  return [
    {
      key: `checkout_completed/${id}`,
      type: 'checkout_completed',
      occurred_at,
      watched: true,
      customer: idAt(session, 'customer'),
      object_id: id,
      amount_minor,
      currency,
      attributes: known({
        mode: textAt(session, 'mode'),
        payment_status: textAt(session, 'payment_status'),
        amount_minor,
        currency,
        email: textAt(session, 'customer_details', 'email'),
        subscription_id: idAt(session, 'subscription'),
        invoice_id: idAt(session, 'invoice'),
        payment_link: idAt(session, 'payment_link'),
      }),
    },
  ];
}
