import type { ListResource } from './lists.ts';
import type { FetchedPage } from './store-pages.ts';

/** Transactions that store at once, never two of one list: those would wait for each other's rows. */
const WRITERS = 2;
/** Pages of one list that go into one transaction at most. */
const TOGETHER = 10;

interface Waiting {
  page: FetchedPage;
  stored: () => void;
  failed: (error: unknown) => void;
}

export interface PageWriter {
  /**
   * Resolves when the page is stored. Pages of one range must be handed over in their order; when one
   * of them cannot be stored, all behind it are refused until `mend`, so that no gap can arise.
   */
  write(page: FetchedPage): Promise<void>;
  mend(range_id: number): void;
  /** Pages that wait for a transaction. */
  waiting(): number;
}

/**
 * Takes fetched pages off their readers and stores as many as wait at once: the fewer and larger the
 * transactions, the less each object costs. The list whose oldest page waits longest is next.
 */
export function createPageWriter(store: (pages: FetchedPage[]) => Promise<void>): PageWriter {
  const busy = new Set<ListResource>();
  const broken = new Map<number, unknown>();
  let line: Waiting[] = [];

  const pump = (): void => {
    while (busy.size < WRITERS) {
      const next = line.find((one) => !busy.has(one.page.resource));
      if (!next) return;
      const { resource } = next.page;
      const group = line.filter((one) => one.page.resource === resource).slice(0, TOGETHER);
      const taken = new Set(group);
      line = line.filter((one) => !taken.has(one));
      busy.add(resource);
      void storeGroup(group).finally(() => {
        busy.delete(resource);
        pump();
      });
    }
  };

  const storeGroup = async (group: Waiting[]): Promise<void> => {
    try {
      await store(group.map((one) => one.page));
      for (const one of group) one.stored();
    } catch (error) {
      // One page must not hold up the others: each on its own shows whose fault it is.
      if (group.length === 1) fail(group[0]!, error);
      else for (const one of group) if (!refuse(one)) await storeGroup([one]);
    }
  };

  /** A page of a range that is broken is refused. */
  const refuse = (one: Waiting): boolean => {
    if (!broken.has(one.page.range_id)) return false;
    one.failed(broken.get(one.page.range_id));
    return true;
  };

  const fail = (one: Waiting, error: unknown): void => {
    const { range_id } = one.page;
    broken.set(range_id, error);
    one.failed(error);
    const behind = line.filter((other) => other.page.range_id === range_id);
    line = line.filter((other) => other.page.range_id !== range_id);
    for (const other of behind) other.failed(error);
  };

  return {
    write: async (page) =>
      await new Promise<void>((stored, failed) => {
        const one = { page, stored, failed };
        if (refuse(one)) return;
        line.push(one);
        pump();
      }),
    mend: (range_id) => void broken.delete(range_id),
    waiting: () => line.length,
  };
}
