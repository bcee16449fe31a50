import type { Context } from '../platform/index.ts';
import { minor, toMovement } from './list-people-behind.ts';
import type { MovementRow } from './list-people-behind.ts';
import { selectPersonMovements, selectPersonVersions } from './queries/series.ts';
import type { PersonVersionRow } from './queries/series.ts';

export interface PersonMovement extends MovementRow {
  parts: {
    item_id: string;
    subscription_id: string;
    from_minor: number;
    to_minor: number;
    reason: string;
    evidence: Record<string, unknown>;
    sentence: string;
  }[];
}

/** One person's movements, newest first, each with the items that made it and their evidence. */
export async function listPersonMovements(
  ctx: Context,
  person_id: number,
): Promise<PersonMovement[]> {
  const rows = await selectPersonMovements(ctx, person_id);
  return rows.map((row) => ({
    ...toMovement(row),
    parts: row.parts.map((part) => ({
      ...part,
      from_minor: minor(part.from_minor),
      to_minor: minor(part.to_minor),
    })),
  }));
}

export interface MrrHistory {
  /** The person's MRR after each day on which it moved, oldest first. */
  points: { date: string; currency: string; mrr_minor: number }[];
  movements: PersonMovement[];
  /** What each subscription item was worth and why, oldest first. */
  versions: (Omit<PersonVersionRow, 'mrr_minor'> & { mrr_minor: number })[];
}

/** Everything the ledger says about one person; empty lists when it says nothing. */
export async function getMrrHistory(ctx: Context, person_id: number): Promise<MrrHistory> {
  const movements = await listPersonMovements(ctx, person_id);
  const versions = await selectPersonVersions(ctx, person_id);
  return {
    points: movements
      .map((row) => ({ date: row.on_date, currency: row.currency, mrr_minor: row.mrr_after_minor }))
      .toReversed(),
    movements,
    versions: versions.map((row) => ({ ...row, mrr_minor: minor(row.mrr_minor) })),
  };
}
