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
    const index = this.#cells.indexOf(cell);
    if (index >= 0) this.#cells.splice(index, 1);
  }

  /** Forgets everything older than an instant. */
  dropBefore(created: number): void {
    this.#sort();
    const first = this.#firstAtOrAfter(created);
    for (const cell of this.#cells.slice(0, first)) this.#byId.delete(cell.row.id);
    this.#cells.splice(0, first);
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
