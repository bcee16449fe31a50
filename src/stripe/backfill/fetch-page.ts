import { nestingOf, readNested } from '../../objects/index.ts';
import type { FetchedList, Json, Resource, Sighting } from '../../objects/index.ts';
import type { Answer, Params, RequestOptions, StripeClient } from '../client/client.ts';
import { StripeError } from '../client/stripe-error.ts';
import { carriedBy, listOf, nestedCall } from './lists.ts';
import type { Carried, ListResource, ListSpec } from './lists.ts';

export interface PageRequest {
  resource: ListResource;
  /** Milliseconds; whole seconds count. */
  from: number | null;
  until: number | null;
  cursor: string | null;
  /** Narrows the list further than a sync does. */
  params?: Params;
  /** The test clock whose objects are meant; without one Stripe lists those on no clock. */
  parent?: string | null;
  /** Costs one request: lists inside the objects are left as they came, first page only, and nothing is carried. */
  shallow?: boolean;
}

export interface Page {
  objects: Sighting[];
  has_more: boolean;
  /** The objects as they came. */
  source: FetchedList;
  /** What the objects brought along: every object of `resource` that belongs to one of `parents`. */
  carried?: CarriedObjects;
}

export interface CarriedObjects {
  resource: Resource;
  /** Ids of the page's objects that told all they have. */
  parents: string[];
  objects: Sighting[];
}

/** One page of a list, newest first, with nested lists followed to their end. */
export async function fetchPage(
  client: StripeClient,
  request: PageRequest,
  options: RequestOptions,
): Promise<Page> {
  const spec = listOf(request.resource);
  const carried = carriedBy(request.resource);
  const answer = await ask(client, spec, paramsOf(spec, request), options);
  const rows = answer.body.data as Json[];
  const has_more = answer.body.has_more === true;
  const { bytes: json, at } = answer;
  if (request.resource === 'events') {
    const objects = rows.map((object) => ({ object, version_at: at }));
    return { objects, has_more, source: { json, at } };
  }
  if (request.shallow) {
    for (const row of rows) if (carried) delete row[carried.field];
    const objects = rows.map((object): Sighting => ({ object, version_at: at, kind: 'fetch' }));
    return { objects, has_more, source: { json, at } };
  }
  const brought = carried && (await takeOff(client, carried, rows, answer, options));
  const objects = await Promise.all(
    rows.map((row) => complete(client, request.resource as Resource, row, answer, options)),
  );
  // What was taken off must not come back with the text.
  return brought
    ? {
        objects,
        has_more,
        source: { json: Buffer.from(JSON.stringify({ data: rows })), at },
        carried: brought,
      }
    : { objects, has_more, source: { json, at } };
}

function paramsOf(spec: ListSpec, request: PageRequest): Params {
  const created: Record<string, number> = {};
  if (request.from !== null) created.gte = request.from / 1000;
  if (request.until !== null) created.lt = request.until / 1000;
  return {
    ...spec.params,
    ...request.params,
    limit: 100,
    ...(Object.keys(created).length > 0 ? { created } : {}),
    ...(request.cursor === null ? {} : { starting_after: request.cursor }),
    ...(request.parent ? { test_clock: request.parent } : {}),
  };
}

/** Asks for the list with all its wishes, and where they are refused, for the list alone. */
async function ask(
  client: StripeClient,
  { path, wishes }: ListSpec,
  params: Params,
  options: RequestOptions,
): Promise<Answer> {
  if (!wishes) return await client.get(path, params, options);
  try {
    return await client.get(path, { ...params, expand: wishes }, options);
  } catch (error) {
    if (!(error instanceof StripeError) || error.kind !== 'invalid') throw error;
    return await client.get(path, params, options);
  }
}

async function takeOff(
  client: StripeClient,
  carried: Carried,
  rows: Json[],
  answer: Answer,
  options: RequestOptions,
): Promise<CarriedObjects> {
  const found: CarriedObjects = { resource: carried.resource, parents: [], objects: [] };
  for (const row of rows) {
    const list = row[carried.field] as { data?: Json[]; has_more?: boolean } | undefined;
    if (!list?.data) continue;
    delete row[carried.field];
    const id = String(row.id);
    const all =
      list.has_more === true
        ? await followNested(client, carried.resource, id, list.data, options)
        : list.data;
    found.parents.push(id);
    found.objects.push(
      ...all.map((object): Sighting => ({ object, version_at: answer.at, kind: 'fetch' })),
    );
  }
  return found;
}

/** An object as fetched, with all of its items or lines when the embedded list is only the first page. */
export async function complete(
  client: StripeClient,
  resource: Resource,
  object: Json,
  answer: Pick<Answer, 'at'>,
  options: RequestOptions,
): Promise<Sighting> {
  const sighting: Sighting = { object, version_at: answer.at, kind: 'fetch' };
  const nesting = nestingOf(resource);
  const { rows, has_more } = readNested(resource, object);
  if (!nesting || !has_more) return sighting;
  const nested = await followNested(client, nesting.child, String(object.id), rows, options);
  return { ...sighting, nested };
}

/** All members of a list that hangs off the object `id`, of which `first` are known. */
async function followNested(
  client: StripeClient,
  child: Resource,
  id: string,
  first: readonly Json[],
  options: RequestOptions,
): Promise<Json[]> {
  const all = [...first];
  for (let more = true; more;) {
    const { body } = await client.get(
      ...nestedCall(child, id, all.at(-1)?.id as string | undefined),
      // Before the pages of the list itself: a page waits for its nested lists.
      { ...options, weight: (options.weight ?? 0) + 1_000 },
    );
    const page = body.data as Json[];
    all.push(...page);
    more = body.has_more === true && page.length > 0;
  }
  return all;
}
