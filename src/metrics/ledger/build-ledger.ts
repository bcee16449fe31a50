import { buildVersions } from './build-versions.ts';
import type { Version } from './build-versions.ts';
import type { Calendar } from './calendar.ts';
import { splitBySubscription } from './facts.ts';
import type { Catalogue, CustomerFacts } from './facts.ts';
import { buildMovements } from './movements.ts';
import type { Movement } from './movements.ts';
import type { Policy } from './policy.ts';

export interface Ledger {
  versions: Version[];
  movements: Movement[];
}

/** One person's whole ledger from all their customers' facts. Pure: no clock, no order of input matters. */
export function buildLedger(
  customers: readonly CustomerFacts[],
  catalogue: Catalogue,
  policy: Policy,
  dayOf: Calendar,
): Ledger {
  const sorted = customers.toSorted(
    (a, b) => a.source_id - b.source_id || (a.customer < b.customer ? -1 : 1),
  );
  const versions = sorted.flatMap((facts) =>
    splitBySubscription(facts, catalogue).flatMap((history) =>
      buildVersions(history, catalogue, policy),
    ),
  );
  return { versions, movements: buildMovements(versions, dayOf) };
}
