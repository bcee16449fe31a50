import type { Json, Resource, Sighting, Tie } from '../objects/index.ts';
import { complete } from './backfill/fetch-page.ts';
import { isNeeded } from './backfill/decide-skip.ts';
import { expansionOfOne, pathOfOne, slugOf } from './backfill/lists.ts';
import type { Answer, Params, RequestOptions, StripeClient } from './client/client.ts';
import { StripeError } from './client/stripe-error.ts';

export interface Wanted extends Tie {
  resource: Resource;
  /**
   * What stands for the object when the key may not read it, though nothing stands still for that;
   * null when nothing does. Without it such a refusal is thrown.
   */
  fallback?: Sighting | null;
}

/** An object as fetched, or what stands for it. */
export type Refetched = Sighting & {
  resource: Resource;
  /** Nothing is known of it but its id. */
  unknown?: true;
};

const AT_ONCE = 8;

/**
 * Fetches objects one by one, as they are now: for ties, for events in an older shape, and for
 * objects whose nested list did not fit into the event. What they say counts as known from now on.
 */
export async function refetch(
  client: StripeClient,
  wanted: Wanted[],
  options: RequestOptions = {},
): Promise<Refetched[]> {
  const open = [...wanted];
  const found: Refetched[] = [];
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
): Promise<Omit<Refetched, 'resource'>> {
  const heavy = { weight: 10_000, ...options };
  try {
    const path = pathOfOne(wanted.resource, wanted.id);
    const answer = await ask(client, path, expansionOfOne(wanted.resource), heavy);
    // Begun after the tie was seen, so it is newer than both sides, whatever the clocks say.
    const at = answer.at > wanted.at ? answer.at : wanted.at;
    if (answer.body.deleted === true) return gone(answer.body, at);
    const sighting = await complete(client, wanted.resource, answer.body, { at }, heavy);
    return { ...sighting, settles: true };
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    if (wanted.fallback !== undefined && isBarred(wanted.resource, error)) return standIn(wanted);
    if (error.kind !== 'missing') throw error;
    return gone({ id: wanted.id }, wanted.at);
  }
}

/** It may not be read, or such objects cannot be fetched at all; it need not be gone. */
function isBarred(resource: Resource, error: StripeError): boolean {
  if (error.kind === 'permission') return !isNeeded(slugOf(resource));
  return error.kind === 'missing' && error.code !== 'resource_missing';
}

function standIn({ id, at, fallback }: Wanted): Omit<Refetched, 'resource'> {
  if (fallback) return { ...fallback, version_at: at, settles: true };
  return { object: { id }, version_at: at, unknown: true };
}

/** Asks for the object with all that its list brings, and where that is refused, for the object alone. */
async function ask(
  client: StripeClient,
  path: string,
  params: Params,
  options: RequestOptions,
): Promise<Answer> {
  try {
    return await client.get(path, params, options);
  } catch (error) {
    const refused = error instanceof StripeError && error.kind === 'invalid' && params.expand;
    if (!refused) throw error;
    return await client.get(path, {}, options);
  }
}

const gone = (object: Json, version_at: Date): Sighting => ({
  object,
  version_at,
  kind: 'fetch',
  deleted: true,
});
