import type { Json, Resource, Sighting, Tie } from '../objects/index.ts';
import { complete } from './backfill/fetch-page.ts';
import { expansionOfOne, pathOfOne } from './backfill/lists.ts';
import type { RequestOptions, StripeClient } from './client/client.ts';
import { StripeError } from './client/stripe-error.ts';

export interface Wanted extends Tie {
  resource: Resource;
}

const AT_ONCE = 8;

/**
 * Fetches objects one by one, as they are now: for ties, for events in an older shape, and for
 * objects whose nested list did not fit into the event. What they say counts as known from now on.
 */
export async function refetch(
  client: StripeClient,
  wanted: Wanted[],
  options: RequestOptions = {},
): Promise<(Sighting & { resource: Resource })[]> {
  const open = [...wanted];
  const found: (Sighting & { resource: Resource })[] = [];
  const next = async (): Promise<void> => {
    for (let one = open.shift(); one; one = open.shift()) {
      found.push({ ...(await fetchOne(client, one, options)), resource: one.resource });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return found;
}

async function fetchOne(
  client: StripeClient,
  wanted: Wanted,
  options: RequestOptions,
): Promise<Sighting> {
  const heavy = { weight: 10_000, ...options };
  try {
    const path = pathOfOne(wanted.resource, wanted.id);
    const answer = await client.get(path, expansionOfOne(wanted.resource), heavy);
    // Begun after the tie was seen, so it is newer than both sides, whatever the clocks say.
    const at = answer.at > wanted.at ? answer.at : wanted.at;
    if (answer.body.deleted === true) return gone(answer.body, at);
    const sighting = await complete(client, wanted.resource, answer.body, { at }, heavy);
    return { ...sighting, settles: true };
  } catch (error) {
    if (!(error instanceof StripeError) || error.kind !== 'missing') throw error;
    return gone({ id: wanted.id }, wanted.at);
  }
}

const gone = (object: Json, version_at: Date): Sighting => ({
  object,
  version_at,
  kind: 'fetch',
  deleted: true,
});
