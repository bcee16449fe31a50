import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { idAt, instantAt, integerAt, isoOf, known, textAt } from './read-json.ts';

/**
 * An invoice is told when it is issued: a draft may still change its amount or be deleted, and the
 * customer has not seen it. Paid is told when there was something to pay. Recovered means that an
 * attempt had failed before: Stripe counts attempts, and a second one follows only a failed first.
 */
export function invoiceFacts(invoice: Json): ActivityDraft[] {
  const id = textAt(invoice, 'id');
  const created_at = instantAt(invoice, 'created');
  const status = textAt(invoice, 'status');
  if (!id || !created_at || !status || status === 'draft') return [];
  const base = {
    customer: idAt(invoice, 'customer'),
    object_id: id,
    currency: textAt(invoice, 'currency'),
    attributes: invoiceAttributes(invoice),
  };
  const issued: ActivityDraft = {
    ...base,
    key: `invoice/${id}`,
    type: 'invoice',
    occurred_at: instantAt(invoice, 'status_transitions', 'finalized_at') ?? created_at,
    amount_minor: integerAt(invoice, 'total'),
  };
  if (status !== 'paid' || (integerAt(invoice, 'total') ?? 0) <= 0) return [issued];
  const paid: ActivityDraft = {
    ...base,
    key: `invoice_paid/${id}`,
    type: 'invoice_paid',
    occurred_at: instantAt(invoice, 'status_transitions', 'paid_at') ?? issued.occurred_at,
    amount_minor: integerAt(invoice, 'amount_paid'),
  };
  if ((integerAt(invoice, 'attempt_count') ?? 0) < 2) return [issued, paid];
  return [issued, paid, { ...paid, key: `payment_recovered/${id}`, type: 'payment_recovered' }];
}

function invoiceAttributes(invoice: Json): Json {
  return known({
    number: textAt(invoice, 'number'),
    status: textAt(invoice, 'status'),
    billing_reason: textAt(invoice, 'billing_reason'),
    total_minor: integerAt(invoice, 'total'),
    subtotal_minor: integerAt(invoice, 'subtotal'),
    amount_due_minor: integerAt(invoice, 'amount_due'),
    amount_paid_minor: integerAt(invoice, 'amount_paid'),
    currency: textAt(invoice, 'currency'),
    collection_method: textAt(invoice, 'collection_method'),
    attempt_count: integerAt(invoice, 'attempt_count'),
    due_at: isoOf(instantAt(invoice, 'due_date')),
    hosted_invoice_url: textAt(invoice, 'hosted_invoice_url'),
    description: textAt(invoice, 'description'),
    subscription_id: idAt(invoice, 'parent', 'subscription_details', 'subscription'),
  });
}
