import type { Collection, Row } from '../collection.ts';
import type { State } from '../state.ts';
import type { Json } from '../wire.ts';
import { rangeOf } from './query.ts';
import type { Form, FormValue } from './query.ts';

export type Filter<T> = (row: T, value: FormValue, state: State) => boolean;

/** One resource as the API shows it: where it lies, what it needs, how its list is filtered. */
export interface ResourceRoute {
  path: string;
  /** The word in "No such …". */
  noun: string;
  /** Permissions, any of which is enough; the first is named when none is there. */
  slugs: string[];
  params: string[];
  created: boolean;
  list(state: State, query: Form): { rows: Collection<Row>; keep: (row: Row) => boolean };
  find(state: State, id: string): Json | undefined;
  render(state: State, row: Row): Json;
}

interface Definition<T extends Row> {
  path: string;
  noun: string;
  slugs: string[];
  created?: boolean;
  rows: (state: State) => Collection<T>;
  render: (state: State, row: T) => object;
  filters?: Record<string, Filter<T>>;
  /** Rows the list leaves out whatever is asked. */
  hides?: (row: T, query: Form, state: State) => boolean;
  isDeleted?: (row: T, state: State) => boolean;
}

export function define<T extends Row>(definition: Definition<T>): ResourceRoute {
  const filters = definition.filters ?? {};
  return {
    path: definition.path,
    noun: definition.noun,
    slugs: definition.slugs,
    params: Object.keys(filters),
    created: definition.created ?? true,
    list: (state, query) => {
      const active = Object.entries(filters).filter(([name]) => query[name] !== undefined);
      return {
        rows: definition.rows(state) as unknown as Collection<Row>,
        keep: (any) => {
          const row = any as T;
          if (definition.isDeleted?.(row, state) === true) return false;
          if (definition.hides?.(row, query, state) === true) return false;
          return active.every(([name, filter]) => filter(row, query[name] ?? '', state));
        },
      };
    },
    find: (state, id) => {
      const row = definition.rows(state).find(id);
      if (row === undefined) return undefined;
      if (definition.isDeleted?.(row, state) !== true) return definition.render(state, row) as Json;
      return { id, object: definition.noun, deleted: true };
    },
    render: (state, row) => definition.render(state, row as T) as Json,
  };
}

/** A filter by plain equality with a field of the row. */
export const by =
  <T>(field: keyof T): Filter<T> =>
  (row, value) =>
    String(row[field]) === value;

export const within =
  <T>(field: keyof T, param: string): Filter<T> =>
  (row, value) => {
    const at = row[field];
    if (typeof at !== 'number') return false;
    const range = rangeOf(value, param);
    return at >= range.from && at < range.before;
  };

/** `test_clock=` of a list that otherwise leaves out what runs on a test clock. */
export const onClock: Filter<{ test_clock?: string | null }> = (row, value) =>
  row.test_clock === value;
