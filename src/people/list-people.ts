import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { PEOPLE_SORTS } from './definition.ts';
import type { PeopleSort } from './definition.ts';
import { normalizeEmail } from './plan-people.ts';
import { countMatches, findPeopleByStripeId, selectPeople } from './queries/list.ts';
import type { PeopleFilter, Position } from './queries/list.ts';
import type { PersonRow } from './queries/person-row.ts';

export interface PeopleQuery {
  /** Words of a name or address, a whole address, or any id of Stripe that belongs to somebody. */
  search?: string;
  /** One of PEOPLE_SORTS, default 'created'. */
  sort?: string;
  /** Default true: newest or largest first; for 'name' and 'status' default false. */
  descending?: boolean;
  /** `next_cursor` of the page before, with the same sort and direction. */
  cursor?: string | null;
  /** 1 to 200, default 50. */
  limit?: number;
  person_ids?: readonly number[];
  status?: string;
}

export interface PeopleList {
  rows: PersonRow[];
  next_cursor: string | null;
  /** How many people match, on all pages. */
  total: number;
}

/** A page of people. Throws `bad_sort` and `bad_cursor`. */
export async function listPeople(ctx: Context, query: PeopleQuery = {}): Promise<PeopleList> {
  const sort = readSort(query.sort);
  const descending = query.descending ?? !['name', 'status'].includes(sort);
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const after = query.cursor ? readCursor(query.cursor, sort) : null;
  const filter = await readFilter(ctx, query);
  const found = await selectPeople(ctx, filter, { sort, descending, after, limit: limit + 1 });
  const last = found.length > limit ? found[limit - 1]! : null;
  return {
    rows: found.slice(0, limit).map(({ row }) => row),
    next_cursor: last && writeCursor(sort, { value: last.position, person_id: last.row.person_id }),
    total: await countMatches(ctx, filter),
  };
}

function readSort(sort: string | undefined): PeopleSort {
  const known = PEOPLE_SORTS.find((one) => one === (sort ?? 'created'));
  if (!known) throw new AppError('bad_sort', `People can be sorted by ${PEOPLE_SORTS.join(', ')}.`);
  return known;
}

/** How an id of Stripe looks: letters, an underscore, then a long mixed part. */
const STRIPE_ID = /^[a-z]{2,8}_[A-Za-z0-9_]{6,}$/;

async function readFilter(ctx: Context, query: PeopleQuery): Promise<PeopleFilter> {
  const search = query.search?.trim() ?? '';
  const filter: PeopleFilter = {
    words: [],
    email: null,
    person_ids: query.person_ids ?? null,
    status: query.status ?? null,
  };
  if (STRIPE_ID.test(search)) {
    const owners = await findPeopleByStripeId(ctx, search);
    const allowed = query.person_ids ? new Set(query.person_ids) : null;
    // Something that only looks like an id, such as an unusual name, is searched for as a word.
    if (owners.length > 0)
      return { ...filter, person_ids: owners.filter((id) => !allowed || allowed.has(id)) };
  }
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return { ...filter, words, email: words.length === 1 ? normalizeEmail(search) : null };
}

function writeCursor(sort: PeopleSort, position: Position): string {
  return Buffer.from(JSON.stringify([sort, position.value, position.person_id])).toString(
    'base64url',
  );
}

function readCursor(cursor: string, sort: PeopleSort): Position {
  try {
    const [by, value, person_id] = JSON.parse(
      Buffer.from(cursor, 'base64url').toString(),
    ) as unknown[];
    const typed =
      sort === 'created' || sort === 'name'
        ? typeof value === 'string'
        : Number.isSafeInteger(value);
    const dated = sort !== 'created' || !Number.isNaN(Date.parse(String(value)));
    if (by === sort && typed && dated && Number.isInteger(person_id))
      return { value: value as string | number, person_id: person_id as number };
  } catch (error) {
    throw badCursor(error);
  }
  throw badCursor();
}

function badCursor(cause?: unknown): AppError {
  const sentence = 'This page of people no longer fits the list. Go back to the first page.';
  return new AppError('bad_cursor', sentence, { cause });
}
