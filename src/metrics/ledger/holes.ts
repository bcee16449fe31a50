import { NO_EVIDENCE } from './evidence.ts';
import type { Evidence, Grade } from './evidence.ts';
import type { Bill, History } from './facts.ts';
import { DAY } from './period.ts';
import type { Policy } from './policy.ts';
import { trialWindows } from './trial.ts';

/** A span in which a living subscription is worth nothing. `until` may be Infinity. */
export interface Hole {
  from: number;
  until: number;
  reason: 'trial' | 'unpaid' | 'paused';
  grade: Grade;
  evidence: Evidence;
}

/** All holes of a subscription, in order and without overlap. */
export function findHoles(history: History, policy: Policy, firstPaid: number): Hole[] {
  const holes = [
    ...trialHoles(history, policy, firstPaid),
    ...statusHoles(history),
    ...collectionHoles(history),
    ...gapHoles(history),
  ].filter((hole) => hole.until > hole.from);
  const sorted = holes.toSorted((a, b) => a.from - b.from || a.until - b.until);
  const apart: Hole[] = [];
  for (const hole of sorted) {
    const last = apart.at(-1);
    // What one source calls a pause another may see as a gap; together they are one hole.
    if (!last || hole.from > last.until) apart.push(hole);
    else apart[apart.length - 1] = { ...last, until: Math.max(last.until, hole.until) };
  }
  return apart;
}

function trialHoles(history: History, policy: Policy, firstPaid: number): Hole[] {
  const evidence = { ...NO_EVIDENCE, subscription: history.subscription_id };
  return trialWindows(history)
    .filter((one) => policy.mid_life_trial === 'zero' || firstPaid >= one.start)
    .map(({ start, end }) => ({ from: start, until: end, reason: 'trial', grade: 'A', evidence }));
}

interface Moment {
  at: number;
  status: string;
  paused_at: number | null;
  event: string | null;
}

/** `unpaid` and `paused` are worth nothing from the transition until the status changes again. */
function statusHoles(history: History): Hole[] {
  const moments: Moment[] = history.snapshots.map(({ event, state }) => ({
    at: state.at,
    status: state.status,
    paused_at: state.paused_at,
    event,
  }));
  const row = history.subscription;
  if (row) moments.push({ at: row.at, status: row.status, paused_at: row.paused_at, event: null });
  const holes: Hole[] = [];
  for (const [index, moment] of moments.entries()) {
    const { status } = moment;
    if (status !== 'unpaid' && status !== 'paused') continue;
    if (moments[index - 1]?.status === status) continue;
    const next = moments.slice(index + 1).find((later) => later.status !== status);
    const { from, grade } = beginning(moment, history);
    const evidence = {
      ...NO_EVIDENCE,
      subscription: history.subscription_id,
      events: moment.event === null ? [] : [moment.event],
    };
    const until = next?.at ?? Number.POSITIVE_INFINITY;
    holes.push({ from, until, reason: status, grade, evidence });
  }
  return holes;
}

/** Without an event, Stripe still tells when a pause began; of `unpaid` only the bills tell something. */
function beginning(moment: Moment, history: History): { from: number; grade: Grade } {
  if (moment.status === 'paused' && moment.paused_at !== null)
    return { from: moment.paused_at, grade: 'A' };
  if (moment.event !== null) return { from: moment.at, grade: 'A' };
  const paid = Math.max(...history.bills.map((bill) => bill.invoice.paid_at ?? 0));
  const given = history.bills
    .map((bill) => bill.invoice.uncollectible_at)
    .filter((at) => at !== null && at > paid);
  if (moment.status === 'unpaid' && given.length > 0)
    return { from: Math.min(...given.map(Number)), grade: 'A' };
  const ends = history.bills
    .filter((bill) => bill.invoice.status === 'paid')
    .flatMap((bill) => bill.lines.map((line) => line.end));
  const last = Math.max(...ends);
  return { from: Number.isFinite(last) ? Math.min(last, moment.at) : moment.at, grade: 'C' };
}

/**
 * Collection paused with `void` or `mark_uncollectible`: from the first period given away until the
 * next one that is collected. A bill voided untouched within a day was given away, too.
 */
function collectionHoles(history: History): Hole[] {
  const all = [...history.bills, ...history.other_bills];
  const starts = (bill: Bill): number[] =>
    bill.lines.filter((line) => !line.proration).map((line) => line.start);
  const given = all.filter((bill) => isGivenAway(bill, history) && starts(bill).length > 0);
  const collected = history.bills
    .filter((bill) => !given.includes(bill))
    .flatMap(starts)
    .toSorted((a, b) => a - b);
  return given.flatMap((bill) => {
    const from = Math.min(...starts(bill));
    if (collected.includes(from)) return [];
    const until = collected.find((at) => at > from) ?? Number.POSITIVE_INFINITY;
    const evidence = { ...NO_EVIDENCE, invoices: [bill.invoice.id] };
    return [{ from, until, reason: 'paused', grade: 'A', evidence }] satisfies Hole[];
  });
}

function isGivenAway(bill: Bill, history: History): boolean {
  const { invoice } = bill;
  const paused = (behavior: string): boolean => {
    const before = history.snapshots.filter((one) => one.state.at <= invoice.created).at(-1);
    const now = history.subscription;
    if (before) return before.state.pause_behavior === behavior;
    return now?.pause_behavior === behavior;
  };
  if (invoice.status === 'uncollectible') {
    return invoice.uncollectible_reason === 'subscription_paused' || paused('mark_uncollectible');
  }
  if (invoice.status !== 'void' || history.subscription?.sends_invoices) return false;
  const untouched =
    invoice.attempts === 0 &&
    invoice.voided_at !== null &&
    invoice.voided_at - invoice.created <= DAY;
  return invoice.billing_reason === 'subscription_cycle' && (untouched || paused('void'));
}

/** No bill of any kind for more than a day between two periods: the subscription stood still. */
function gapHoles(history: History): Hole[] {
  const lines = [...history.bills, ...history.other_bills]
    .flatMap((bill) => bill.lines)
    .filter((line) => !line.proration)
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  const holes: Hole[] = [];
  let covered: number | null = null;
  for (const line of lines) {
    if (covered !== null && line.start > covered + DAY) {
      const evidence = { ...NO_EVIDENCE, lines: [line.id] };
      holes.push({ from: covered, until: line.start, reason: 'paused', grade: 'B', evidence });
    }
    covered = Math.max(covered ?? line.end, line.end);
  }
  return holes;
}
