import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ListResource } from './lists.ts';
import { createPageWriter } from './page-writer.ts';
import type { FetchedPage } from './store-pages.ts';

const page = (
  range_id: number,
  cursor: string,
  resource: ListResource = 'charges',
): FetchedPage => ({
  resource,
  range_id,
  after: null,
  objects: [],
  source: { json: Buffer.from('{"data":[]}'), at: new Date(0) },
  cursor,
  reached_at: null,
  done: false,
});

/** A writer whose transactions take a moment; pages with a cursor in `bad` cannot be stored. */
function openWriter(bad: string[] = []) {
  const groups: string[][] = [];
  const running = new Set<string>();
  let together = 0;
  const writer = createPageWriter(async (pages) => {
    const { resource } = pages[0]!;
    expect(running.has(resource)).toBe(false);
    running.add(resource);
    together = Math.max(together, running.size);
    await delay(5);
    running.delete(resource);
    if (pages.some(({ cursor }) => bad.includes(cursor!))) throw new Error('not this one');
    groups.push(pages.map(({ cursor }) => cursor!));
  });
  return { writer, groups, together: () => together };
}

const outcomes = async (writes: Promise<void>[]): Promise<string> =>
  (await Promise.allSettled(writes))
    .map(({ status }) => (status === 'fulfilled' ? '+' : '-'))
    .join('');

test('pages that wait are stored together, in their order, one transaction a list at a time', async () => {
  const { writer, groups, together } = openWriter();
  const writes = ['a', 'b', 'c', 'd'].map(async (cursor) => await writer.write(page(1, cursor)));
  const others = ['x', 'y'].map(async (cursor) => await writer.write(page(2, cursor, 'invoices')));
  expect(await outcomes([...writes, ...others])).toBe('++++++');
  expect(groups.filter(([first]) => first! < 'x').flat()).toEqual(['a', 'b', 'c', 'd']);
  expect(groups).toHaveLength(4);
  expect(together()).toBe(2);
});

test('a page that cannot be stored takes along only the pages of its own range behind it', async () => {
  const { writer, groups } = openWriter(['1b']);
  const writes = ['1a', '2a', '1b', '2b', '1c', '2c'].map(
    async (cursor) => await writer.write(page(Number(cursor[0]), cursor)),
  );
  expect(await outcomes(writes)).toBe('++-+-+');
  expect(groups.flat().toSorted()).toEqual(['1a', '2a', '2b', '2c']);
  // A page that was still on its way when its range broke would leave a gap.
  expect(await outcomes([writer.write(page(1, '1d'))])).toBe('-');
  writer.mend(1);
  expect(await outcomes([writer.write(page(1, '1c'))])).toBe('+');
});
