import type { Context } from '../platform/index.ts';
import { updateLifetime, updateMrr, updatePeople, upsertState } from './queries/state.ts';
import type { PersonMrr } from './queries/state.ts';

/**
 * Recomputes what is kept about these people from the objects of their customers: name, address,
 * subscription status (the best of theirs, see STANDINGS), dates and what they paid. MRR and plan are
 * left as they are; `saveMrr` writes those. Doing it twice changes nothing.
 */
export async function refreshState(tx: Context, person_ids: readonly number[]): Promise<void> {
  if (person_ids.length === 0) return;
  await updatePeople(tx, person_ids);
  await upsertState(tx, person_ids);
  await updateLifetime(tx, person_ids);
}

/**
 * Writes MRR in minor units of its currency and the plan behind most of it. Without a currency (no
 * MRR any more) the last one stays, since the lifetime amount is in it.
 */
export async function saveMrr(tx: Context, people: readonly PersonMrr[]): Promise<void> {
  if (people.length === 0) return;
  const turned = await updateMrr(tx, people);
  if (turned.length > 0) await updateLifetime(tx, turned);
}
