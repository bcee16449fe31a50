export interface Row {
  id: string;
  created: number;
}

interface Cell<T> {
  row: T;
}

const compare = (a: Row, b: Row): number =>
  a.created - b.created || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Rows of one resource, ordered by (created, id), found by id. Rows are never changed in place:
 * `put` replaces one, so that an event may keep the row it was made from.
 */
export class Collection<T extends Row> {
  #cells: Cell<T>[] = [];
  #byId = new Map<string, Cell<T>>();
  #sorted = true;
  readonly #ownerOf: ((row: T) => string | null) | undefined;
  readonly #byOwner = new Map<string, Set<string>>();

  /** With `ownerOf`, the rows of one owner are found without a walk over all of them. */
  constructor(ownerOf?: (row: T) => string | null) {
    this.#ownerOf = ownerOf;
  }

  get size(): number {
    return this.#byId.size;
  }

  find(id: string): T | undefined {
    return this.#byId.get(id)?.row;
  }

  get(id: string): T {
    const cell = this.#byId.get(id);
    if (cell === undefined) throw new Error(`The simulator holds no object with id ${id}`);
    return cell.row;
  }

  put(row: T): T {
    const known = this.#byId.get(row.id);
    this.#own(row, known?.row);
    if (known !== undefined) {
      known.row = row;
      return row;
    }
    const cell = { row };
    this.#byId.set(row.id, cell);
    const last = this.#cells.at(-1);
    if (last !== undefined && compare(last.row, row) > 0) this.#sorted = false;
    this.#cells.push(cell);
    return row;
  }

  remove(id: string): void {
    const cell = this.#byId.get(id);
    if (cell === undefined) return;
    this.#byId.delete(id);
    this.#disown(cell.row);
    const index = this.#cells.indexOf(cell);
    if (index >= 0) this.#cells.splice(index, 1);
  }

  /** Forgets everything older than an instant. */
  dropBefore(created: number): void {
    this.#sort();
    const first = this.#firstAtOrAfter(created);
    for (const cell of this.#cells.slice(0, first)) {
      this.#byId.delete(cell.row.id);
      this.#disown(cell.row);
    }
    this.#cells.splice(0, first);
  }

  /** The rows of one owner, newest first. */
  of(owner: string): T[] {
    const ids = this.#byOwner.get(owner);
    if (ids === undefined) return [];
    return [...ids].map((id) => this.get(id)).toSorted((a, b) => compare(b, a));
  }

  #own(row: T, before: T | undefined): void {
    const owner = this.#ownerOf?.(row) ?? null;
    const old = before === undefined ? null : (this.#ownerOf?.(before) ?? null);
    if (owner === old) return;
    if (before !== undefined) this.#disown(before);
    if (owner === null) return;
    const ids = this.#byOwner.get(owner);
    if (ids === undefined) this.#byOwner.set(owner, new Set([row.id]));
    else ids.add(row.id);
  }

  #disown(row: T): void {
    const owner = this.#ownerOf?.(row) ?? null;
    if (owner !== null) this.#byOwner.get(owner)?.delete(row.id);
  }

  /**
   * Rows with from <= created < before, newest first, starting behind a row when given (or, going
   * up, in front of it: `upwards` then yields oldest first).
   */
  *walk(from: number, before: number, behind?: T, upwards = false): Generator<T> {
    this.#sort();
    const cells = this.#cells;
    const low = this.#firstAtOrAfter(from);
    const high = this.#firstAtOrAfter(before);
    if (upwards) {
      const start = behind === undefined ? low : Math.max(low, this.#position(behind) + 1);
      for (let index = start; index < high; index += 1) yield (cells[index] as Cell<T>).row;
      return;
    }
    const start = behind === undefined ? high : Math.min(high, this.#position(behind));
    for (let index = start - 1; index >= low; index -= 1) yield (cells[index] as Cell<T>).row;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T> {
    yield* this.walk(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, undefined, true);
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#cells.sort((a, b) => compare(a.row, b.row));
    this.#sorted = true;
  }

  #search(isBefore: (row: T) => boolean): number {
    let low = 0;
    let high = this.#cells.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore((this.#cells[middle] as Cell<T>).row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstAtOrAfter(created: number): number {
    return this.#search((row) => row.created < created);
  }

  #position(behind: T): number {
    return this.#search((row) => compare(row, behind) < 0);
  }
}
