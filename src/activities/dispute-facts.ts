import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { idAt, instantAt, integerAt, isoOf, known, listAt, textAt } from './read-json.ts';

const DECIDED = new Set(['won', 'lost', 'warning_closed', 'prevented']);

/**
 * A dispute is told when it was opened, and once more when it was decided. The object keeps no
 * instant of the decision: whoever watches has it, and for one found later the last money that
 * moved has to do.
 */
export function disputeFacts(dispute: Json): ActivityDraft[] {
  const id = textAt(dispute, 'id');
  const occurred_at = instantAt(dispute, 'created');
  const status = textAt(dispute, 'status');
  if (!id || !occurred_at || !status) return [];
  const amount_minor = integerAt(dispute, 'amount');
  const currency = textAt(dispute, 'currency');
  const base = { customer: idAt(dispute, 'customer'), object_id: id, amount_minor, currency };
  const attributes = known({
    amount_minor,
    currency,
    reason: textAt(dispute, 'reason'),
    charge_id: idAt(dispute, 'charge'),
    payment_intent_id: idAt(dispute, 'payment_intent'),
    evidence_due_at: isoOf(instantAt(dispute, 'evidence_details', 'due_by')),
  });
  const opened: ActivityDraft = {
    ...base,
    key: `dispute_opened/${id}`,
    type: 'dispute_opened',
    occurred_at,
    attributes,
  };
  if (!DECIDED.has(status)) return [opened];
  const closed: ActivityDraft = {
    ...base,
    key: `dispute_closed/${id}`,
    type: 'dispute_closed',
    occurred_at: lastMoneyAt(dispute) ?? occurred_at,
    watched: true,
    attributes: { ...attributes, status },
  };
  return [opened, closed];
}

function lastMoneyAt(dispute: Json): Date | null {
  const moved = listAt(dispute, 'balance_transactions').flatMap(
    (transaction) => instantAt(transaction, 'created')?.getTime() ?? [],
  );
  return moved.length > 0 ? new Date(Math.max(...moved)) : null;
}
