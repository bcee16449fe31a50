import { NO_EVIDENCE } from './evidence.ts';
import type { Evidence, Grade, Reason } from './evidence.ts';
import type { Bill, History } from './facts.ts';
import { findHoles } from './holes.ts';
import type { Hole } from './holes.ts';
import { DAY } from './period.ts';
import type { Policy } from './policy.ts';
import { trialWindows } from './trial.ts';

export interface Ending {
  at: number;
  reason: Reason;
  grade: Grade;
  evidence: Evidence;
}

/** When a subscription counts: from `live_from` to its ending, but for the holes. */
export interface Lifecycle {
  live_from: number;
  /** The payment or start that made it count. */
  live_evidence: Evidence;
  /** Set when earlier bills are missing: rates are extended back to here. */
  extended_to: number | null;
  converted: boolean;
  /** The first paid recurring charge, in seconds; Infinity when there is none. */
  first_paid: number;
  ending: Ending | null;
  holes: readonly Hole[];
}

const NEVER_COUNTS = new Set(['incomplete', 'incomplete_expired']);

/** The span of a subscription by its status, payments and events. Null when it never counts. */
export function lifecycleOf(history: History, policy: Policy): Lifecycle | null {
  const row = history.subscription;
  const paid = firstPaid(history);
  if (row && NEVER_COUNTS.has(row.status) && paid.at === Number.POSITIVE_INFINITY) return null;
  const ending = endingOf(history);
  const trial = trialWindows(history).find((one) => paid.at >= one.start);
  const extended_to = missingSince(history, trial?.end ?? null);
  const start = liveFrom(history, paid, extended_to, trial?.end ?? null, policy);
  if (start === null || (ending && ending.at <= start.at)) return null;
  return {
    live_from: start.at,
    live_evidence: start.evidence,
    extended_to,
    converted: trial !== undefined && start.at >= trial.start,
    first_paid: extended_to === null ? paid.at : Math.min(paid.at, extended_to),
    ending,
    holes: findHoles(history, policy, paid.at),
  };
}

interface Instant {
  at: number;
  evidence: Evidence;
}

/** The first bill with a positive recurring part that was paid; a backdated one counts from its period. */
function firstPaid(history: History): Instant {
  let best: Instant = { at: Number.POSITIVE_INFINITY, evidence: NO_EVIDENCE };
  for (const bill of history.bills) {
    if (bill.invoice.status !== 'paid' || charged(bill) <= 0n) continue;
    const service = Math.min(...bill.lines.map((line) => line.start));
    const backdated = history.subscription && service < history.subscription.created - 60;
    const at = backdated ? service : (bill.invoice.paid_at ?? bill.invoice.created);
    if (at < best.at) best = { at, evidence: { ...NO_EVIDENCE, invoices: [bill.invoice.id] } };
  }
  return best;
}

function charged(bill: Bill): bigint {
  let total = 0n;
  for (const line of bill.lines) {
    total += line.amount;
    for (const discount of line.discounts) total -= discount.amount;
  }
  return total;
}

/**
 * Where the bills begin in the middle of a life: the oldest is a renewal although a whole interval
 * passed before it. Happens while a first sync has fetched only the recent bills.
 */
function missingSince(history: History, trialEnd: number | null): number | null {
  const row = history.subscription;
  const first = [...history.bills, ...history.other_bills].toSorted(
    (a, b) => a.invoice.created - b.invoice.created,
  )[0];
  if (!row || first?.invoice.billing_reason !== 'subscription_cycle') return null;
  const line = first.lines.find((one) => !one.proration);
  if (!line) return null;
  const start = Math.max(row.start, row.created, trialEnd ?? 0);
  const gap = line.start - start;
  return gap > line.end - line.start + 2 * DAY ? start : null;
}

function liveFrom(
  history: History,
  paid: Instant,
  extended: number | null,
  trialEnd: number | null,
  policy: Policy,
): Instant | null {
  const row = history.subscription;
  const evidence = { ...NO_EVIDENCE, subscription: history.subscription_id };
  if (extended !== null) return { at: extended, evidence };
  if (!policy.require_first_payment || row?.sends_invoices) {
    return { at: Number.NEGATIVE_INFINITY, evidence };
  }
  if (paid.at !== Number.POSITIVE_INFINITY) return paid;
  if (history.bills.length + history.other_bills.length > 0 || !row) return null;
  // No bill is known yet: the subscription itself says whether it is being paid for.
  if (!['active', 'past_due', 'paused', 'unpaid', 'canceled'].includes(row.status)) return null;
  return { at: Math.max(row.start, trialEnd ?? row.start), evidence };
}

function endingOf(history: History): Ending | null {
  const row = history.subscription;
  if (!row) {
    const end = Math.max(...history.bills.flatMap((bill) => bill.lines.map((line) => line.end)));
    if (!Number.isFinite(end)) return null;
    return { at: end, reason: 'voluntary', grade: 'C', evidence: NO_EVIDENCE };
  }
  const voided = neverPaidAndVoided(history);
  if (voided) return voided;
  const event = history.snapshots.find((one) => one.state.ended_at !== null);
  const at = row.ended_at ?? (row.status === 'canceled' ? (row.canceled_at ?? row.at) : null);
  if (at === null) return null;
  return {
    at,
    reason: isInvoluntary(row.cancel_reason) ? 'involuntary' : 'voluntary',
    grade: row.ended_at === null ? 'C' : 'A',
    evidence: { ...NO_EVIDENCE, subscription: row.id, events: event ? [event.event] : [] },
  };
}

function isInvoluntary(reason: string | null): boolean {
  return reason === 'payment_failed' || reason === 'payment_disputed';
}

/** A sent invoice counts from its start; when nothing was ever paid, only until it was given up. */
function neverPaidAndVoided(history: History): Ending | null {
  const row = history.subscription;
  if (!row?.sends_invoices || history.bills.some((bill) => bill.invoice.status === 'paid'))
    return null;
  const given = history.bills
    .map((bill) => bill.invoice)
    .filter((invoice) => invoice.status === 'uncollectible' && invoice.uncollectible_at !== null)
    .toSorted((a, b) => a.uncollectible_at! - b.uncollectible_at!)[0];
  if (!given || (row.ended_at ?? Number.POSITIVE_INFINITY) < given.uncollectible_at!) return null;
  const evidence = { ...NO_EVIDENCE, invoices: [given.id] };
  return { at: given.uncollectible_at!, reason: 'involuntary', grade: 'A', evidence };
}
