import type { MovementKind } from '../definition.ts';
import type { Calendar } from './calendar.ts';
import type { Version } from './build-versions.ts';
import type { Evidence, Grade, Reason } from './evidence.ts';
import { MICRO } from './rational.ts';

/** What one item contributed to a movement. Amounts in millionths of a minor unit. */
export interface Part {
  item_id: string;
  from: bigint;
  to: bigint;
  reason: Reason;
  grade: Grade;
  evidence: Evidence;
  version: Version;
}

/** The net change of one person's MRR in one currency over one day. */
export interface Movement {
  on_date: string;
  currency: string;
  kind: MovementKind;
  amount: bigint;
  after: bigint;
  reason: Reason;
  grade: Grade;
  parts: Part[];
}

interface Change {
  at: number;
  day: string;
  key: string;
  to: bigint;
  reason: Reason;
  grade: Grade;
  evidence: Evidence;
  version: Version;
}

/**
 * Movements of one person, netted a day in the account's time zone, each currency a ledger of its
 * own. A change under half a minor unit is no movement; it waits for the next one.
 */
export function buildMovements(versions: readonly Version[], dayOf: Calendar): Movement[] {
  const byCurrency = Map.groupBy(versions, (version) => version.currency);
  return [...byCurrency.keys()]
    .toSorted()
    .flatMap((currency) => movementsOf(currency, byCurrency.get(currency) ?? [], dayOf));
}

function movementsOf(currency: string, versions: Version[], dayOf: Calendar): Movement[] {
  const changes = versions
    .flatMap((version) => changesOf(version, dayOf))
    .toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const now = new Map<string, bigint>();
  const movements: Movement[] = [];
  let before = 0n;
  let ever = false;
  for (const [day, today] of Map.groupBy(changes, (change) => change.day)) {
    const parts = partsOf(today, now);
    let after = 0n;
    for (const value of now.values()) after += value;
    const amount = after - before;
    if (amount === 0n || (amount < 0n ? -amount : amount) * 2n < MICRO) continue;
    const kind = kindOf(before, after, ever);
    const { reason, grade } = explain(kind, amount, parts, before);
    movements.push({ on_date: day, currency, kind, amount, after, reason, grade, parts });
    before = after;
    ever ||= after > 0n;
  }
  return movements;
}

function kindOf(before: bigint, after: bigint, ever: boolean): MovementKind {
  if (before === 0n) return ever ? 'reactivation' : 'new';
  if (after === 0n) return 'churn';
  return after > before ? 'expansion' : 'contraction';
}

function changesOf(version: Version, dayOf: Calendar): Change[] {
  const key = `${version.source_id}/${version.item_id}`;
  const { reason, grade, evidence } = version;
  const changes: Change[] = [
    {
      at: version.from,
      day: dayOf(version.from),
      key,
      to: version.micro,
      reason,
      grade,
      evidence,
      version,
    },
  ];
  if (version.end && version.until !== null) {
    const day = dayOf(version.until);
    changes.push({ at: version.until, day, key, to: 0n, ...pick(version.end), version });
  }
  return changes;
}

function pick(end: NonNullable<Version['end']>) {
  return { reason: end.reason, grade: end.grade, evidence: end.evidence };
}

/** Applies a day's changes to the running values and says what came of each item. */
function partsOf(today: readonly Change[], now: Map<string, bigint>): Part[] {
  const parts: Part[] = [];
  for (const [key, changes] of Map.groupBy(today, (change) => change.key)) {
    const from = now.get(key) ?? 0n;
    const last = changes.at(-1)!;
    if (last.to === 0n) now.delete(key);
    else now.set(key, last.to);
    if (from === last.to) continue;
    const { reason, grade, evidence, version } = last;
    parts.push({ item_id: version.item_id, from, to: last.to, reason, grade, evidence, version });
  }
  return parts;
}

const STARTS = new Set<Reason>(['started', 'trial_converted']);
const ENDS = new Set<Reason>(['voluntary', 'involuntary']);
const WORST: readonly Grade[] = ['C', 'B', 'A'];

/** The reason of the part that moved most in the movement's own direction, seen from the person. */
function explain(
  kind: MovementKind,
  amount: bigint,
  parts: readonly Part[],
  before: bigint,
): { reason: Reason; grade: Grade } {
  const along = parts.filter((part) => part.to > part.from === amount > 0n);
  const main = along.toSorted(
    (a, b) => Number(size(b) - size(a)) || (a.item_id < b.item_id ? -1 : 1),
  )[0];
  const grade = WORST.find((one) => along.some((part) => part.grade === one)) ?? 'C';
  if (!main) return { reason: 'reconciled', grade };
  const replaced =
    kind !== 'churn' &&
    before > 0n &&
    parts.some((part) => part.to > 0n && STARTS.has(part.reason)) &&
    parts.some((part) => part.to === 0n && ENDS.has(part.reason));
  if (replaced) return { reason: 'migration', grade };
  if (kind === 'reactivation' && STARTS.has(main.reason)) return { reason: 'returned', grade };
  if (kind === 'expansion' && main.reason === 'started')
    return { reason: 'second_subscription', grade };
  return { reason: main.reason, grade };
}

function size(part: Part): bigint {
  return part.to > part.from ? part.to - part.from : part.from - part.to;
}
