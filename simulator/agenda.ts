export interface Task {
  /** Simulated unix seconds. */
  at: number;
  kind: string;
  id: string;
  /** Was planned aside, and runs aside: see `State.aside`. */
  aside?: true;
}

interface Entry extends Task {
  order: number;
}

const earlier = (a: Entry, b: Entry): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * What is to happen when, as a binary heap. Equal instants run in the order they were added.
 * Nothing is ever removed: whoever runs a task checks whether it still applies.
 */
export class Agenda {
  #heap: Entry[] = [];
  #order = 0;
  /** Tasks added while this is set run aside. */
  aside = false;

  get size(): number {
    return this.#heap.length;
  }

  add(at: number, kind: string, id: string): void {
    const entry: Entry = { at, kind, id, order: this.#order };
    if (this.aside) entry.aside = true;
    this.#order += 1;
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !earlier(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  /** All tasks in the order they would run. */
  list(): Task[] {
    return this.#heap
      .toSorted((a, b) => a.at - b.at || a.order - b.order)
      .map(({ order: _order, ...task }) => task);
  }

  nextAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  take(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      const left = heap[child];
      if (left === undefined) break;
      let smallest = left;
      const right = heap[child + 1];
      if (right !== undefined && earlier(right, left)) {
        smallest = right;
        child += 1;
      }
      if (!earlier(smallest, last)) break;
      heap[index] = smallest;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}
