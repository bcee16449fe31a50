import { closeSteps } from './close-steps.ts';
import { lowering } from './discounts.ts';
import { joinEvidence } from './evidence.ts';
import type { Evidence, Grade, Reason } from './evidence.ts';
import type { Catalogue, History } from './facts.ts';
import type { Hole } from './holes.ts';
import { lifecycleOf } from './lifecycle.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Interval } from './period.ts';
import type { Policy } from './policy.ts';
import { ZERO, compare, toMicro } from './rational.ts';
import type { Rational } from './rational.ts';
import type { Rule, Step } from './step.ts';
import { stitchItem } from './stitch-item.ts';

/** One item's worth a month over a span. Times in seconds, half-open; `until` null while in force. */
export interface Version {
  source_id: number;
  subscription_id: string;
  item_id: string;
  price_id: string | null;
  product_id: string | null;
  quantity: Rational;
  interval: Interval | null;
  currency: string;
  /** Millionths of a minor unit. */
  micro: bigint;
  from: number;
  until: number | null;
  rule: Rule | 'unpaid' | 'paused';
  grade: Grade;
  reason: Reason;
  evidence: Evidence;
  /** Why it stopped, when nothing follows it. */
  end: { reason: Reason; grade: Grade; evidence: Evidence } | null;
}

/** All versions of one subscription, item by item, in order of time. */
export function buildVersions(history: History, catalogue: Catalogue, policy: Policy): Version[] {
  const life = lifecycleOf(history, policy);
  if (!life) return [];
  const rules = {
    catalogue,
    lowers: lowering(history, catalogue, policy),
    ignore_trials_after: policy.mid_life_trial === 'keep' ? life.first_paid : Infinity,
  };
  const items = new Set<string>();
  for (const { lines } of history.bills) for (const line of lines) items.add(line.item ?? '');
  for (const { state } of history.snapshots) for (const item of state.items) items.add(item.id);
  const steps = new Map<string, Step[]>();
  for (const item of [...items].toSorted()) {
    const own = stitchItem(item, history, rules);
    if (own.length > 0) steps.set(item, own);
  }
  closeSteps(steps, history, life, catalogue, policy);
  const versions = [...steps.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([item, own]) => versionsOfItem(item, own, history, life));
  const begin = Math.min(...versions.map((version) => version.from));
  for (const version of versions) {
    if (version.reason === 'started' && version.from > begin) version.reason = 'item_added';
  }
  return versions;
}

function versionsOfItem(
  item: string,
  steps: readonly Step[],
  history: History,
  life: Lifecycle,
): Version[] {
  const last = life.ending?.at ?? Number.POSITIVE_INFINITY;
  const versions: Version[] = [];
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    const until = Math.min(next?.at ?? Number.POSITIVE_INFINITY, last);
    for (const piece of cut(Math.max(step.at, life.live_from), until, life.holes)) {
      if (step.monthly === null) continue;
      addVersion(versions, versionOf(item, step, piece, history, life), piece.hole);
    }
    const ended = step.monthly === null ? versions.at(-1) : undefined;
    if (ended && ended.until === step.at && ended.end === null) ended.end = step;
  }
  const final = versions.at(-1);
  if (final && life.ending && final.until === life.ending.at && !final.end) final.end = life.ending;
  return versions;
}

interface Piece {
  from: number;
  until: number;
  hole: Hole | null;
}

/** Cuts a span at the edges of the holes. */
function cut(from: number, until: number, holes: readonly Hole[]): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  for (const hole of holes) {
    if (hole.until <= at || hole.from >= until) continue;
    if (hole.from > at) pieces.push({ from: at, until: hole.from, hole: null });
    const end = Math.min(hole.until, until);
    pieces.push({ from: Math.max(at, hole.from), until: end, hole });
    at = end;
  }
  if (at < until) pieces.push({ from: at, until, hole: null });
  return pieces;
}

function versionOf(
  item: string,
  step: Step,
  piece: Piece,
  history: History,
  life: Lifecycle,
): Version {
  const { hole } = piece;
  const first = piece.from === life.live_from;
  return {
    source_id: history.source_id,
    subscription_id: history.subscription_id,
    item_id: item,
    price_id: step.price_id,
    product_id: step.product,
    quantity: step.quantity,
    interval: step.interval,
    currency: history.currency,
    micro: toMicro(hole ? ZERO : (step.monthly ?? ZERO)),
    from: piece.from,
    until: Number.isFinite(piece.until) ? piece.until : null,
    rule: hole?.reason ?? step.rule,
    grade: hole?.grade ?? step.grade,
    reason: hole?.reason ?? (first && life.converted ? 'trial_converted' : step.reason),
    evidence: hole
      ? hole.evidence
      : first
        ? joinEvidence(step.evidence, life.live_evidence)
        : step.evidence,
    end: null,
  };
}

/** Puts a version behind the last, or lets the last go on where nothing changed. */
function addVersion(versions: Version[], version: Version, hole: Hole | null): void {
  const before = versions.at(-1);
  if (!before || before.until !== version.from) {
    versions.push({ ...version, reason: before && !hole ? 'resumed' : version.reason });
    return;
  }
  const same =
    before.micro === version.micro &&
    before.price_id === version.price_id &&
    compare(before.quantity, version.quantity) === 0 &&
    (before.rule === version.rule || (before.micro > 0n && !hole));
  if (same) {
    before.until = version.until;
    before.evidence = joinEvidence(before.evidence, version.evidence);
    return;
  }
  const after = before.rule;
  const paid = versions.some((one) => one.micro > 0n);
  const resumed =
    !hole && (after === 'unpaid' || after === 'paused' || (after === 'trial' && paid));
  const converted = !hole && after === 'trial' && !paid;
  const reason = resumed ? 'resumed' : converted ? 'trial_converted' : version.reason;
  versions.push({ ...version, reason });
}
