import type { Line } from '../stripe-facts/read-line.ts';
import type { Item } from '../stripe-facts/read-subscription.ts';
import { NO_EVIDENCE } from './evidence.ts';
import { priceOfLine } from './facts.ts';
import type { Bill, Catalogue, History, Snapshot } from './facts.ts';
import { monthlyFactor } from './period.ts';
import { priceOf } from './price.ts';
import { FULL, rateOfDebit, rateOfRenewal } from './rate-line.ts';
import { ZERO, multiply } from './rational.ts';
import { addStep, isSold } from './step.ts';
import type { Step, StepDraft } from './step.ts';
import { isTrialLine } from './trial.ts';

/** One item's lines on one bill that start together: one statement about its rate. */
interface LineClaim {
  at: number;
  bill: Bill;
  lines: readonly Line[];
}

interface SnapshotClaim {
  at: number;
  snapshot: Snapshot;
  item: Item | undefined;
}

export interface StitchRules {
  catalogue: Catalogue;
  lowers: (discount: string) => boolean;
  /** A trial that begins after this instant changes nothing (the customer paid before). */
  ignore_trials_after: number;
}

/**
 * The steps of one subscription item: what each bill says from the start of its lines, and what each
 * stored event says from its own instant where no bill said it already. Pure; any order of facts
 * gives the same steps.
 */
export function stitchItem(item: string, history: History, rules: StitchRules): Step[] {
  const claims: (LineClaim | SnapshotClaim)[] = [
    ...lineClaims(item, history.bills),
    ...snapshotClaims(item, history.snapshots),
  ].toSorted((a, b) => a.at - b.at || Number('snapshot' in a) - Number('snapshot' in b));
  const steps: Step[] = [];
  for (const claim of claims) {
    const draft =
      'snapshot' in claim
        ? draftOfSnapshot(claim, steps, rules)
        : draftOfLines(claim, steps.at(-1), history, rules);
    if (draft) addStep(steps, draft);
  }
  return steps;
}

/** Of two bills about the same item and start the later one holds; so does a debit over its credit. */
function lineClaims(item: string, bills: readonly Bill[]): LineClaim[] {
  const byStart = new Map<number, LineClaim>();
  for (const bill of bills) {
    const own = Map.groupBy(
      bill.lines.filter((line) => line.item === item),
      (line) => line.start,
    );
    for (const [at, lines] of own) {
      const onlyCredits = lines.every(isCredit);
      const known = byStart.get(at);
      if (known && onlyCredits) continue;
      byStart.set(at, { at, bill, lines });
    }
  }
  return [...byStart.values()];
}

function isCredit(line: Line): boolean {
  return line.proration && line.amount < 0n;
}

function snapshotClaims(item: string, snapshots: readonly Snapshot[]): SnapshotClaim[] {
  const claims: SnapshotClaim[] = [];
  let seen = false;
  for (const snapshot of snapshots) {
    const { state } = snapshot;
    const found = state.items.find((one) => one.id === item);
    if (found) seen = true;
    if (state.ended_at !== null || (!found && (!seen || !state.items_complete))) continue;
    claims.push({ at: state.at, snapshot, item: found });
  }
  return claims;
}

function draftOfLines(
  claim: LineClaim,
  last: Step | undefined,
  history: History,
  rules: StitchRules,
): StepDraft | null {
  const renewals = claim.lines.filter((line) => !line.proration);
  const debits = claim.lines.filter((line) => line.proration && line.amount >= 0n);
  const first = renewals[0] ?? debits.find((line) => line.amount > 0n) ?? debits[0];
  if (!first) return draftOfCredit(claim, last, history, rules);
  const price = priceOfLine(first, rules.catalogue);
  const before = last?.shares ?? FULL;
  const samePrice = (line: Line): boolean => line.price_id === first.price_id;
  const rate =
    renewals.length > 0
      ? rateOfRenewal(renewals.filter(samePrice), price, rules.lowers)
      : rateOfDebit(debits.filter(samePrice), price, rules.lowers, before);
  const trial = renewals.length > 0 && isTrialLine(renewals, history);
  if (trial && claim.at > rules.ignore_trials_after) return null;
  const proven =
    !last ||
    rate.rule === 'proration_debit' ||
    claim.lines.some(isCredit) ||
    isSold(last, first.price_id, rate.quantity);
  return {
    at: claim.at,
    monthly: trial ? ZERO : rate.monthly,
    price_id: first.price_id,
    product: price?.product ?? first.product,
    quantity: rate.quantity,
    interval: rate.interval,
    shares: trial ? FULL : rate,
    rule: trial ? 'trial' : rate.rule,
    grade: proven ? 'A' : 'B',
    evidence: evidenceOf(claim),
  };
}

/** A credit without its debit: the item was taken away. Not so when it only starts a trial in mid-life. */
function draftOfCredit(
  claim: LineClaim,
  last: Step | undefined,
  history: History,
  rules: StitchRules,
): StepDraft | null {
  if (!last || last.monthly === null) return null;
  const trialStart = history.subscription?.trial_start ?? Number.NEGATIVE_INFINITY;
  if (Math.abs(trialStart - claim.at) <= 60 && claim.at > rules.ignore_trials_after) return null;
  return {
    ...last,
    at: claim.at,
    monthly: null,
    rule: 'proration_credit',
    grade: 'A',
    evidence: evidenceOf(claim),
  };
}

function evidenceOf(claim: LineClaim) {
  return {
    ...NO_EVIDENCE,
    lines: claim.lines.map((line) => line.id),
    invoices: [claim.bill.invoice.id],
  };
}

function draftOfSnapshot(
  claim: SnapshotClaim,
  steps: Step[],
  rules: StitchRules,
): StepDraft | null {
  const last = steps.at(-1);
  const evidence = { ...NO_EVIDENCE, events: [claim.snapshot.event] };
  const base = { at: claim.at, rule: 'event', grade: 'A', evidence } as const;
  if (!claim.item) return last?.monthly ? { ...last, ...base, monthly: null } : null;
  const { item } = claim;
  // What is as it was is no news; a bill said it with its discounts and taxes.
  if (last && isSold(last, item.price_id, item.quantity)) return null;
  const sold = rateOfItem(item, rules.catalogue, last?.shares ?? FULL);
  return sold && { ...base, ...sold };
}

/** An item at its list price less the shares given; null when the price is unknown or metered. */
export function rateOfItem(item: Item, catalogue: Catalogue, shares: Step['shares']) {
  const known = item.price_id === null ? undefined : catalogue.prices.get(item.price_id);
  const price = known ?? item.embedded_price;
  if (!price?.interval || price.metered) return null;
  const list = priceOf(price, item.quantity);
  if (list === null) return null;
  const net = multiply(multiply(list, shares.discount_share), shares.tax_share);
  return {
    monthly: multiply(net, monthlyFactor(price.interval)),
    price_id: price.id,
    product: price.product,
    quantity: item.quantity,
    interval: price.interval,
    shares: { discount_share: shares.discount_share, tax_share: shares.tax_share },
  };
}
