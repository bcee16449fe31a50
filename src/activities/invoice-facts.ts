import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { idAt, instantAt, integerAt, isoOf, known, textAt } from './read-json.ts';

/**
 * An invoice is told when it is issued: a draft may still change its amount or be deleted, and the
 * customer has not seen it. Paid is told when there was something to pay. Recovered means that an
 * attempt had failed before: Stripe counts attempts, and a second one follows only a failed first.
 */
export function invoiceFacts(invoice: Json, seen_at: Date): ActivityDraft[] {
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
  const overdue = overdueFact(invoice, base, seen_at);
  if (status !== 'paid' || (integerAt(invoice, 'total') ?? 0) <= 0) return [issued, ...overdue];
  const paid: ActivityDraft = {
    ...base,
    key: `invoice_paid/${id}`,
    type: 'invoice_paid',
    occurred_at: instantAt(invoice, 'status_transitions', 'paid_at') ?? issued.occurred_at,
    amount_minor: integerAt(invoice, 'amount_paid'),
  };
  if ((integerAt(invoice, 'attempt_count') ?? 0) < 2) return [issued, ...overdue, paid];
  return [
    issued,
    ...overdue,
    paid,
    { ...paid, key: `payment_recovered/${id}`, type: 'payment_recovered' },
  ];
}

/**
 * Overdue is told at the due date, when nothing had settled the invoice by then. That it was not
 * paid in time shows in what became of it, or in its being open still when it was seen.
 */
function overdueFact(
  invoice: Json,
  base: Pick<ActivityDraft, 'customer' | 'object_id' | 'currency' | 'attributes'>,
  seen_at: Date,
): ActivityDraft[] {
  const due = instantAt(invoice, 'due_date');
  const name = SETTLED_AT[textAt(invoice, 'status') ?? ''];
  const settled = name ? instantAt(invoice, 'status_transitions', name) : null;
  if (!due || (settled ?? seen_at) <= due) return [];
  return [
    {
      ...base,
      key: `invoice_overdue/${base.object_id}`,
      type: 'invoice_overdue',
      occurred_at: due,
      amount_minor: integerAt(invoice, 'amount_due'),
    },
  ];
}

const SETTLED_AT: Readonly<Record<string, string>> = {
  paid: 'paid_at',
  void: 'voided_at',
  uncollectible: 'marked_uncollectible_at',
};

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
