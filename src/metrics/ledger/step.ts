import type { Evidence, Grade, Reason } from './evidence.ts';
import { joinEvidence } from './evidence.ts';
import type { Interval } from './period.ts';
import { compare } from './rational.ts';
import type { Rational } from './rational.ts';
import type { Shares } from './rate-line.ts';

export type Rule =
  | 'renewal'
  | 'renewal_stub'
  | 'proration_debit'
  | 'proration_credit'
  | 'trial'
  | 'event'
  | 'snapshot'
  | 'reconciled'
  | 'vanished';

/** From `at` on, one item is worth `monthly`; null when the item is gone. Until the next step. */
export interface Step {
  at: number;
  monthly: Rational | null;
  price_id: string | null;
  product: string | null;
  quantity: Rational;
  interval: Interval | null;
  shares: Shares;
  rule: Rule;
  grade: Grade;
  reason: Reason;
  evidence: Evidence;
}

export type StepDraft = Omit<Step, 'reason'>;

/** Adds a step, or lets it confirm the one in force. Answers the step now in force. */
export function addStep(steps: Step[], draft: StepDraft): Step {
  const last = steps.at(-1);
  if (last && isSame(last, draft)) {
    const shares = draft.monthly === null ? last.shares : draft.shares;
    const confirmed = {
      ...last,
      shares,
      product: last.product ?? draft.product,
      evidence: joinEvidence(last.evidence, draft.evidence),
    };
    steps[steps.length - 1] = confirmed;
    return confirmed;
  }
  const step = { ...draft, reason: reasonOf(last, draft) };
  if (last && last.at === draft.at) steps[steps.length - 1] = step;
  else steps.push(step);
  return step;
}

function isSame(a: Step, b: StepDraft): boolean {
  if (a.monthly === null || b.monthly === null) return a.monthly === b.monthly;
  return (
    a.price_id === b.price_id &&
    compare(a.quantity, b.quantity) === 0 &&
    compare(a.monthly, b.monthly) === 0 &&
    (a.rule === 'trial') === (b.rule === 'trial')
  );
}

/** Whether price and quantity are what a subscription says they are. */
export function isSold(step: Step, price: string | null, quantity: Rational): boolean {
  return step.monthly !== null && step.price_id === price && compare(step.quantity, quantity) === 0;
}

function reasonOf(before: Step | undefined, after: StepDraft): Reason {
  if (!before) return 'started';
  if (after.monthly === null) return 'item_removed';
  if (before.monthly === null) return 'item_added';
  if (before.rule === 'trial') return 'trial_converted';
  if (after.rule === 'trial') return 'trial';
  if (after.monthly.n === 0n && before.monthly.n > 0n) return 'to_free';
  if (before.monthly.n === 0n && after.monthly.n > 0n) return 'from_free';
  if (after.rule === 'reconciled') return 'reconciled';
  const [a, b] = [before.interval, after.interval];
  if (a && b && (a.unit !== b.unit || a.count !== b.count)) return 'interval_change';
  if (before.price_id !== after.price_id) return 'price_change';
  if (compare(before.quantity, after.quantity) !== 0) return 'quantity';
  return compare(after.monthly, before.monthly) < 0 ? 'discount_start' : 'discount_end';
}
