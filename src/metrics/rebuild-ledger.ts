import { saveMrr } from '../people/index.ts';
import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { buildLedger } from './ledger/build-ledger.ts';
import type { Ledger } from './ledger/build-ledger.ts';
import type { Version } from './ledger/build-versions.ts';
import { createCalendar } from './ledger/calendar.ts';
import { evidenceToJson } from './ledger/evidence.ts';
import type { Catalogue } from './ledger/facts.ts';
import type { Movement } from './ledger/movements.ts';
import { DEFAULT_POLICY } from './ledger/policy.ts';
import type { Policy } from './ledger/policy.ts';
import { microToDecimal, microToMinor, toText } from './ledger/rational.ts';
import { describeChange, describeItem, describeVersion } from './ledger/sentence.ts';
import { loadFacts } from './queries/load-facts.ts';
import { replaceMovements, replaceVersions } from './queries/save-ledger.ts';
import type { MovementRow, VersionRow } from './queries/save-ledger.ts';

export interface RebuildOptions {
  /** Zone whose calendar days the movements fall on. Default UTC. */
  time_zone?: string;
  policy?: Policy;
}

const BATCH = 1_000;

/**
 * Rebuilds the MRR ledger of these people from Stripe's objects and stored events: rate versions,
 * movements and the sums by day, and writes their MRR as of now. Doing it twice changes nothing; done
 * person by person it gives the same rows as all at once. People without customers lose theirs.
 */
export async function rebuildLedger(
  ctx: Context,
  person_ids: readonly number[],
  options: RebuildOptions = {},
): Promise<void> {
  const ids = [...new Set(person_ids)].toSorted((a, b) => a - b);
  const dayOf = createCalendar(options.time_zone ?? 'UTC');
  const policy = options.policy ?? DEFAULT_POLICY;
  const now = ctx.clock.now().getTime() / 1000;
  await inTransaction(ctx, async (tx) => {
    for (let start = 0; start < ids.length; start += BATCH) {
      const batch = ids.slice(start, start + BATCH);
      const { people, catalogue } = await loadFacts(tx, batch);
      const ledgers = batch.map((person_id) => ({
        person_id,
        ledger: buildLedger(people.get(person_id) ?? [], catalogue, policy, dayOf),
      }));
      await replaceVersions(
        tx,
        batch,
        ledgers.flatMap((one) => versionRows(one.person_id, one.ledger.versions, catalogue)),
      );
      await replaceMovements(
        tx,
        batch,
        ledgers.flatMap(({ person_id, ledger }) =>
          ledger.movements.map((movement) => movementRow(person_id, movement, catalogue)),
        ),
      );
      await saveMrr(
        tx,
        ledgers.map(({ person_id, ledger }) => ({
          person_id,
          ...mrrNow(ledger, catalogue, now),
        })),
      );
    }
  });
}

function versionRows(
  person_id: number,
  versions: readonly Version[],
  catalogue: Catalogue,
): VersionRow[] {
  const counts = new Map<string, number>();
  return versions.map((version) => {
    const key = `${version.source_id}/${version.item_id}`;
    const seq = (counts.get(key) ?? 0) + 1;
    counts.set(key, seq);
    return {
      person_id,
      source_id: version.source_id,
      subscription_id: version.subscription_id,
      item_id: version.item_id,
      seq,
      price_id: version.price_id,
      product_id: version.product_id,
      quantity: toText(version.quantity),
      currency: version.currency,
      mrr_minor: microToDecimal(version.micro),
      from_s: version.from,
      until_s: version.until,
      grade: version.grade,
      rule: version.rule,
      evidence: evidenceToJson(version.evidence),
      sentence: describeVersion(version, catalogue.products),
    };
  });
}

function movementRow(person_id: number, movement: Movement, catalogue: Catalogue): MovementRow {
  const { currency } = movement;
  return {
    person_id,
    on_date: movement.on_date,
    currency,
    kind: movement.kind,
    amount_minor: microToDecimal(movement.amount),
    mrr_after_minor: microToDecimal(movement.after),
    reason: movement.reason,
    grade: movement.grade,
    parts: movement.parts.map((part) => ({
      item_id: part.item_id,
      subscription_id: part.version.subscription_id,
      from_minor: microToDecimal(part.from),
      to_minor: microToDecimal(part.to),
      reason: part.reason,
      evidence: evidenceToJson(part.evidence),
      sentence: describeChange(
        part.reason,
        part.from,
        part.to,
        currency,
        describeItem(part.version, catalogue.products),
      ),
    })),
  };
}

/** What the person is worth now, in the currency that carries most of it, and the largest plan. */
function mrrNow(ledger: Ledger, catalogue: Catalogue, now: number) {
  const live = ledger.versions.filter(
    (version) =>
      version.from <= now && (version.until === null || version.until > now) && version.micro > 0n,
  );
  const totals = new Map<string, bigint>();
  for (const { currency, micro } of live)
    totals.set(currency, (totals.get(currency) ?? 0n) + micro);
  const [best] = [...totals].toSorted(
    ([a, x], [b, y]) => Number(y > x) - Number(y < x) || (a < b ? -1 : 1),
  );
  if (!best) return { mrr_minor: 0, currency: null, plan: null };
  const [currency, micro] = best;
  const byPlan = new Map<string, bigint>();
  for (const version of live) {
    if (version.currency !== currency) continue;
    const plan = describeItem(version, catalogue.products);
    byPlan.set(plan, (byPlan.get(plan) ?? 0n) + version.micro);
  }
  const [plan] = [...byPlan].toSorted(
    ([a, x], [b, y]) => Number(y > x) - Number(y < x) || (a < b ? -1 : 1),
  );
  return { mrr_minor: microToMinor(micro), currency, plan: plan?.[0] ?? null };
}
