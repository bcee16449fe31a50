import { nestingOf, readNested } from '../../objects/index.ts';
import type { FetchedList, Json, Resource, Sighting } from '../../objects/index.ts';
import type { Answer, Params, RequestOptions, StripeClient } from '../client/client.ts';
import { listOf } from './lists.ts';
import type { ListResource } from './lists.ts';

export interface PageRequest {
  resource: ListResource;
  /** Milliseconds; whole seconds count. */
  from: number | null;
  until: number | null;
  cursor: string | null;
}

export interface Page {
  objects: Sighting[];
  has_more: boolean;
  /** The objects as they came. */
  source: FetchedList;
}

/** One page of a list, newest first, with nested lists followed to their end. */
export async function fetchPage(
  client: StripeClient,
  request: PageRequest,
  options: RequestOptions,
): Promise<Page> {
  const spec = listOf(request.resource);
  const created: Record<string, number> = {};
  if (request.from !== null) created.gte = request.from / 1000;
  if (request.until !== null) created.lt = request.until / 1000;
  const params: Params = {
    ...spec.params,
    limit: 100,
    ...(Object.keys(created).length > 0 ? { created } : {}),
    ...(request.cursor === null ? {} : { starting_after: request.cursor }),
  };
  const answer = await client.get(spec.path, params, options);
  const rows = answer.body.data as Json[];
  const objects =
    request.resource === 'events'
      ? rows.map((object) => ({ object, version_at: answer.at }))
      : await Promise.all(
          rows.map((row) => complete(client, request.resource, row, answer, options)),
        );
  const source = { json: answer.bytes, at: answer.at };
  return { objects, has_more: answer.body.has_more === true, source };
}

/** An object as fetched, with all of its items or lines when the embedded list is only the first page. */
export async function complete(
  client: StripeClient,
  resource: ListResource,
  object: Json,
  answer: Pick<Answer, 'at'>,
  options: RequestOptions,
): Promise<Sighting> {
  const sighting: Sighting = { object, version_at: answer.at, kind: 'fetch' };
  if (resource === 'events') return sighting;
  const { rows, has_more } = readNested(resource, object);
  if (!has_more) return sighting;
  const nested = [...rows];
  for (let more = true; more;) {
    const { body } = await client.get(
      ...nestedCall(resource, String(object.id), nested.at(-1)?.id as string | undefined),
      // Before the pages of the list itself: a page waits for its nested lists.
      { ...options, weight: (options.weight ?? 0) + 1_000 },
    );
    const page = body.data as Json[];
    nested.push(...page);
    more = body.has_more === true && page.length > 0;
  }
  return { ...sighting, nested };
}

function nestedCall(resource: Resource, id: string, after: string | undefined): [string, Params] {
  const paging: Params = { limit: 100, ...(after === undefined ? {} : { starting_after: after }) };
  return nestingOf(resource)?.child === 'subscription_items'
    ? ['/v1/subscription_items', { ...paging, subscription: id }]
    : [`/v1/invoices/${id}/lines`, paging];
}
