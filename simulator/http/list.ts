import type { Row } from '../collection.ts';
import type { State } from '../state.ts';
import type { Json } from '../wire.ts';
import { ApiError, missing, unknownParameter } from './errors.ts';
import { integerOf, rangeOf } from './query.ts';
import type { Form } from './query.ts';
import type { ResourceRoute } from './define-resource.ts';

const PAGING = ['limit', 'starting_after', 'ending_before', 'expand'];

export interface Page {
  object: 'list';
  data: Json[];
  has_more: boolean;
  url: string;
}

export function checkParams(query: Form, allowed: readonly string[]): void {
  for (const name of Object.keys(query)) {
    if (!allowed.includes(name)) throw unknownParameter(name);
  }
}

export function limitOf(query: Form): number {
  if (query['limit'] === undefined) return 10;
  const limit = integerOf(query['limit'], 'limit');
  if (limit < 1 || limit > 100) {
    const [bound, side] = limit < 1 ? [1, 'greater'] : [100, 'less'];
    throw new ApiError(400, {
      code: 'parameter_invalid_integer',
      message: `This value must be ${side} than or equal to ${bound}.`,
      param: 'limit',
    });
  }
  return limit;
}

function cursorOf(query: Form): { id: string; param: string; upwards: boolean } | null {
  const after = query['starting_after'];
  const before = query['ending_before'];
  if (after !== undefined && before !== undefined) {
    throw new ApiError(400, {
      code: 'parameters_exclusive',
      message: 'You may only specify one of these parameters: starting_after, ending_before.',
    });
  }
  if (typeof after === 'string') return { id: after, param: 'starting_after', upwards: false };
  if (typeof before === 'string') return { id: before, param: 'ending_before', upwards: true };
  return null;
}

/** A page of an array that is already in order (lines, items), with the same cursors. */
export function pageOfArray(rows: Json[], query: Form, url: string, noun: string): Page {
  const limit = limitOf(query);
  const cursor = cursorOf(query);
  let low = 0;
  let high = rows.length;
  if (cursor !== null) {
    const index = rows.findIndex((row) => row['id'] === cursor.id);
    if (index < 0) throw missing(noun, cursor.id, 400, cursor.param);
    if (cursor.upwards) high = index;
    else low = index + 1;
  }
  const upwards = cursor?.upwards === true;
  const from = upwards ? Math.max(low, high - limit) : low;
  const data = rows.slice(from, upwards ? high : Math.min(high, low + limit));
  return { object: 'list', data, has_more: high - low > limit, url };
}

/**
 * A page of a resource, newest first. A cursor must be an object that still exists (it need not
 * pass the filters); a deleted one is an error, as in Stripe.
 */
export function pageOfResource(state: State, route: ResourceRoute, query: Form): Page {
  checkParams(query, [...PAGING, ...route.params, ...(route.created ? ['created'] : [])]);
  const limit = limitOf(query);
  const cursor = cursorOf(query);
  const range = rangeOf(query['created'], 'created');
  const { rows, keep } = route.list(state, query);
  let behind: Row | undefined;
  if (cursor !== null) {
    behind = rows.find(cursor.id);
    const shown = route.find(state, cursor.id);
    if (behind === undefined || shown?.['deleted'] === true) {
      throw missing(route.noun, cursor.id, 400, cursor.param);
    }
  }
  const found: Row[] = [];
  for (const row of rows.walk(range.from, range.before, behind, cursor?.upwards ?? false)) {
    if (!keep(row)) continue;
    found.push(row);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  if (cursor?.upwards === true) page.reverse();
  return {
    object: 'list',
    data: page.map((row) => route.render(state, row)),
    has_more: found.length > limit,
    url: route.path,
  };
}
