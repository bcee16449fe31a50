import type { Row } from '../collection.ts';
import type { State } from '../state.ts';
import type { Json } from '../wire.ts';
import type { ResourceRoute } from './define-resource.ts';
import { missing } from './errors.ts';
import { expand } from './expand.ts';
import { limitOf } from './list.ts';
import { listOf, rangeOf } from './query.ts';
import type { Form } from './query.ts';
import { RESOURCES } from './resources.ts';

/** Changes an object before it is rendered, to give it a realistic size. */
export type Dress = (object: Json) => Json;

const PAGING = new Set(['limit', 'starting_after', 'created']);
const FROZEN = new Set(['status', 'expand']);

/**
 * Lists as they are at one moment, for measuring who reads them: each object is rendered once into
 * one long buffer, newest first, so that a page is a piece of that buffer and costs nearly nothing.
 * Lists that are not kept are shown empty.
 */
export class FrozenLists {
  readonly #state: State;
  readonly #kept: ReadonlyMap<string, Dress>;
  readonly #lists = new Map<string, FrozenList>();

  constructor(state: State, kept: ReadonlyMap<string, Dress>) {
    this.#state = state;
    this.#kept = kept;
  }

  /** The page a request asks for; undefined when it is none of these lists, or filtered in another way. */
  find(path: string, form: Form): Buffer[] | undefined {
    const route = RESOURCES.find((entry) => entry.path === path);
    if (route === undefined || path === '/v1/webhook_endpoints') return undefined;
    if (!this.#kept.has(path)) return render(path, Buffer.alloc(0), false);
    const others = Object.keys(form).filter((name) => !PAGING.has(name));
    if (others.some((name) => !FROZEN.has(name))) return undefined;
    return this.list(path, form).page(form);
  }

  /** The whole list; rendered at the first call for each status and expansion. */
  list(path: string, form: Form): FrozenList {
    const paths = listOf(form['expand']);
    const key = JSON.stringify([path, form['status'], paths]);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const route = RESOURCES.find((entry) => entry.path === path);
    const dress = this.#kept.get(path);
    if (route === undefined || dress === undefined) throw new Error(`No frozen list ${path}`);
    const list = new FrozenList(route, this.#rows(route, form), (row) => {
      const object = dress(route.render(this.#state, row));
      if (paths.length === 0) return object;
      const page = expand(this.#state, { object: 'list', data: [object] }, paths, () => {});
      return (page['data'] as Json[])[0] as Json;
    });
    this.#lists.set(key, list);
    return list;
  }

  #rows(route: ResourceRoute, form: Form): Row[] {
    const { rows, keep } = route.list(this.#state, form);
    if (rows === null) return [];
    const all = rows.walk(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    return [...all].filter((row) => keep(row));
  }
}

const CHUNK = 500;

class FrozenList {
  readonly #route: ResourceRoute;
  readonly #created: number[] = [];
  readonly #index = new Map<string, number>();
  /** Where each object begins in the buffer; each is followed by a comma. */
  readonly #starts: number[] = [0];
  readonly #bytes: Buffer;

  constructor(route: ResourceRoute, rows: Row[], render: (row: Row) => Json) {
    this.#route = route;
    const chunks: Buffer[] = [];
    let end = 0;
    for (let from = 0; from < rows.length; from += CHUNK) {
      const texts = rows.slice(from, from + CHUNK).map((row) => {
        const text = `${JSON.stringify(render(row))},`;
        this.#index.set(row.id, this.#created.length);
        this.#created.push(row.created);
        this.#starts.push((end += Buffer.byteLength(text)));
        return text;
      });
      chunks.push(Buffer.from(texts.join('')));
    }
    this.#bytes = Buffer.concat(chunks);
  }

  get size(): number {
    return this.#created.length;
  }

  /** JSON array of the objects from one place to another. */
  slice(from: number, to: number): Buffer[] {
    return [Buffer.from('['), this.#cut(from, to), Buffer.from(']')];
  }

  page(form: Form): Buffer[] {
    const limit = limitOf(form);
    const range = rangeOf(form['created'], 'created');
    let first = this.#firstOlderThan(range.before);
    const end = this.#firstOlderThan(range.from);
    const after = form['starting_after'];
    if (typeof after === 'string') {
      const index = this.#index.get(after);
      if (index === undefined) throw missing(this.#route.noun, after, 400, 'starting_after');
      first = Math.max(first, index + 1);
    }
    const last = Math.max(first, Math.min(end, first + limit));
    return render(this.#route.path, this.#cut(first, last), end > first + limit);
  }

  #cut(from: number, to: number): Buffer {
    const start = this.#starts[from] ?? 0;
    const stop = this.#starts[Math.min(to, this.size)] ?? 0;
    return this.#bytes.subarray(start, Math.max(start, stop - 1));
  }

  /** The list falls, so: how many objects are not older than an instant. */
  #firstOlderThan(instant: number): number {
    let low = 0;
    let high = this.#created.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#created[middle] as number) >= instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const render = (path: string, data: Buffer, hasMore: boolean): Buffer[] => [
  Buffer.from('{"object":"list","data":['),
  data,
  Buffer.from(`],"has_more":${hasMore},"url":"${path}"}`),
];
