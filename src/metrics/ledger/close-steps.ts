import type { Item } from '../stripe-facts/read-subscription.ts';
import { couponOf, netOfDiscounts } from './discounts.ts';
import { NO_EVIDENCE } from './evidence.ts';
import type { Catalogue, History } from './facts.ts';
import type { Lifecycle } from './lifecycle.ts';
import { monthlyFactor } from './period.ts';
import { lowersMrr } from './policy.ts';
import type { Policy } from './policy.ts';
import { FULL } from './rate-line.ts';
import { ONE, ZERO, add, divide, multiply } from './rational.ts';
import type { Rational } from './rational.ts';
import { addStep, isSold } from './step.ts';
import type { Step, StepDraft } from './step.ts';
import { rateOfItem } from './stitch-item.ts';

const LIVE = new Set(['active', 'past_due', 'trialing', 'unpaid', 'paused']);

/**
 * Closes the steps of each item with what else is known: bills go on without an item that vanished,
 * and the living subscription says what it consists of now. Changes the lists in place.
 */
export function closeSteps(
  steps: Map<string, Step[]>,
  history: History,
  life: Lifecycle,
  catalogue: Catalogue,
  policy: Policy,
): void {
  if (life.extended_to !== null) extendBack(steps, history, life.extended_to);
  for (const [item, own] of steps) endVanished(item, own, history);
  const row = history.subscription;
  if (!row || !LIVE.has(row.status) || row.ended_at !== null) return;
  for (const item of row.items) {
    const own = steps.get(item.id) ?? [];
    const last = own.at(-1);
    if (last && (last.at > row.at || isSold(last, item.price_id, item.quantity))) continue;
    const draft = last
      ? reconciled(item, last, row.at, catalogue)
      : fromSnapshot(item, history, life, catalogue, policy);
    if (!draft) continue;
    addStep(own, draft);
    steps.set(item.id, own);
  }
  if (!row.items_complete) return;
  for (const [id, own] of steps) {
    const last = own.at(-1);
    const gone = last?.monthly && !row.items.some((item) => item.id === id) && last.at < row.at;
    if (!gone) continue;
    const evidence = { ...NO_EVIDENCE, subscription: row.id };
    addStep(own, {
      ...last,
      at: row.at,
      monthly: null,
      rule: 'reconciled',
      grade: 'C',
      evidence,
    });
  }
}

/** The oldest known rate holds back to where the subscription began; its bills are not there yet. */
function extendBack(steps: Map<string, Step[]>, history: History, to: number): void {
  const oldest = Math.min(...[...steps.values()].map((own) => own[0]?.at ?? Infinity));
  for (const [id, own] of steps) {
    const first = own[0];
    if (!first || first.at > oldest) continue;
    const created = history.subscription?.items.find((item) => item.id === id)?.created ?? to;
    const at = Math.max(to, Math.min(created, first.at));
    own[0] = { ...first, at, grade: 'C' };
  }
}

/** Bills of later periods without the item: it ended where the first of them starts. */
function endVanished(item: string, own: Step[], history: History): void {
  const last = own.at(-1);
  if (!last || last.monthly === null || last.rule === 'event') return;
  if (history.subscription?.ended_at === null && isListed(item, history)) return;
  let end = Number.NEGATIVE_INFINITY;
  let start = Number.NEGATIVE_INFINITY;
  for (const { lines } of history.bills) {
    for (const line of lines) {
      if (line.item !== item || (line.proration && line.amount < 0n)) continue;
      end = Math.max(end, line.end);
      start = Math.max(start, line.start);
    }
  }
  if (end === Number.NEGATIVE_INFINITY || last.at > end) return;
  const later = history.bills
    .flatMap((bill) => bill.lines)
    .filter((line) => !line.proration && line.start >= end - 3600 && line.start > start)
    .toSorted((a, b) => a.start - b.start)[0];
  if (!later) return;
  const evidence = { ...NO_EVIDENCE, lines: [later.id], invoices: [later.invoice] };
  addStep(own, {
    ...last,
    at: later.start,
    monthly: null,
    rule: 'vanished',
    grade: 'B',
    evidence,
  });
}

function isListed(item: string, history: History): boolean {
  return history.subscription?.items.some((one) => one.id === item) ?? false;
}

/** No bill and no event explains what the subscription says now. */
function reconciled(item: Item, last: Step, at: number, catalogue: Catalogue): StepDraft | null {
  const sold = rateOfItem(item, catalogue, last.shares);
  if (!sold) return null;
  const evidence = { ...NO_EVIDENCE, subscription: item.id };
  return { ...sold, at, rule: 'reconciled', grade: 'C', evidence };
}

/** An item without any bill yet, priced from the subscription with the discounts that stand on it. */
function fromSnapshot(
  item: Item,
  history: History,
  life: Lifecycle,
  catalogue: Catalogue,
  policy: Policy,
): StepDraft | null {
  const row = history.subscription!;
  const sold = rateOfItem(item, catalogue, FULL);
  if (!sold) return null;
  const standing = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const discount = history.discounts.get(id);
      const coupon = couponOf(discount, catalogue);
      const ended = discount?.end !== null && (discount?.end ?? 0) <= row.at;
      if (!coupon || ended || !lowersMrr(policy, coupon.duration)) return [];
      const limited = coupon.products && !coupon.products.includes(sold.product ?? '');
      return limited ? [] : [coupon];
    });
  const coupons = [...standing(item.discounts), ...standing(row.discounts)];
  const gross = row.items.map((one) => rateOfItem(one, catalogue, FULL)?.monthly ?? ZERO);
  const total = gross.reduce(add, ZERO);
  const factor = monthlyFactor(sold.interval);
  // A fixed amount is off each invoice, so it is divided like the price and shared among the items.
  const share: Rational = total.n > 0n ? multiply(divide(sold.monthly, total), factor) : ZERO;
  const monthly = netOfDiscounts(sold.monthly, coupons, share);
  const discount_share = sold.monthly.n > 0n ? divide(monthly, sold.monthly) : ONE;
  const start = Number.isFinite(life.live_from) ? Math.min(life.live_from, row.start) : row.start;
  const known = history.bills.length > 0 ? (item.created ?? start) : start;
  return {
    ...sold,
    monthly,
    shares: { discount_share, tax_share: ONE },
    at: known,
    rule: 'snapshot',
    grade: 'C',
    evidence: { ...NO_EVIDENCE, subscription: row.id },
  };
}
