import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from './definition.ts';
import { isSameJson, toJsonText } from './same-json.ts';
import { judgeVersion, orderVersions, overlay } from './version-guard.ts';
import type { Kept, Version } from './version-guard.ts';

const at = (second: number): Date => new Date(second * 1000);
const seen = (second: number, object: Json, more: Partial<Version> = {}): Version => ({
  id: 'x_1',
  object: { id: 'x_1', ...object },
  at: at(second),
  kind: 'event',
  origin: 'live',
  deleted: false,
  ...more,
});
const kept = (second: number, object: Json, more: Partial<Kept> = {}): Kept => ({
  object: { id: 'x_1', ...object },
  at: at(second),
  kind: 'event',
  deleted: false,
  ...more,
});
const judge = (row: Kept | null, next: Version, recreatable = false) =>
  judgeVersion(row, next, { recreatable });

describe('the version guard', () => {
  test('newer wins, older is ignored, whatever the order of arrival', () => {
    expect(judge(null, seen(5, { v: 1 }))).toBe('write');
    expect(judge(kept(5, { v: 1 }), seen(6, { v: 2 }))).toBe('write');
    expect(judge(kept(6, { v: 2 }), seen(5, { v: 1 }))).toBe('ignore');
    expect(judge(kept(5, { v: 1 }), seen(6, { v: 1 }))).toBe('touch');
  });

  test('one second with two contents is a tie, with one content it is not', () => {
    expect(judge(kept(5, { status: 'open' }), seen(5, { status: 'paid' }))).toBe('tie');
    expect(judge(kept(5, { status: 'open' }), seen(5, { status: 'open' }))).toBe('same');
  });

  test('previous_attributes prove the order inside a second', () => {
    const paid = seen(5, { status: 'paid' }, { previous: { status: 'open' } });
    expect(judge(kept(5, { status: 'open' }), paid)).toBe('write');
    expect(judge(kept(5, { status: 'void' }), paid)).toBe('tie');
  });

  test('a page fetched in the second of an event is a tie, one fetched a second before is older', () => {
    const fetched = { kind: 'fetch' as const };
    expect(judge(kept(5.4, { v: 1 }, fetched), seen(5, { v: 2 }))).toBe('tie');
    expect(judge(kept(4.9, { v: 1 }, fetched), seen(5, { v: 2 }))).toBe('write');
    expect(judge(kept(5, { v: 2 }), seen(4.9, { v: 1 }, fetched))).toBe('ignore');
    expect(judge(kept(5.1, { v: 1 }, fetched), seen(5.2, { v: 2 }, fetched))).toBe('write');
    expect(judge(kept(5.2, { v: 1 }, fetched), seen(5.1, { v: 2 }, fetched))).toBe('ignore');
  });

  test('what was fetched because of a tie settles it', () => {
    expect(judge(kept(5, { v: 1 }), seen(5, { v: 2 }, { kind: 'fetch', settles: true }))).toBe(
      'write',
    );
  });

  test('deleted stays deleted', () => {
    const gone = { deleted: true };
    expect(judge(kept(5, { v: 1 }), seen(6, { v: 1 }, gone))).toBe('delete');
    expect(judge(kept(6, { v: 1 }), seen(5, { v: 1 }, gone))).toBe('delete');
    expect(judge(kept(6, { v: 1 }, gone), seen(5, { v: 0 }))).toBe('ignore');
    expect(judge(kept(6, { v: 1 }, gone), seen(6, { v: 0 }))).toBe('ignore');
    expect(judge(kept(6, { v: 1 }, gone), seen(9, { v: 0 }))).toBe('ignore');
    expect(judge(null, seen(6, { v: 1 }, gone))).toBe('delete');
  });

  test('an id of the owner’s choosing can be used again after a deletion', () => {
    const gone = { deleted: true };
    expect(judge(kept(6, { v: 1 }, gone), seen(7, { v: 2 }), true)).toBe('write');
    expect(judge(kept(6, { v: 1 }, gone), seen(6, { v: 2 }), true)).toBe('ignore');
    expect(judge(kept(7, { v: 2 }), seen(6, { v: 1 }, gone), true)).toBe('ignore');
  });
});

describe('ordering sightings', () => {
  test('inside a second, creation comes first and updates follow from each other', () => {
    const created = seen(5, { n: 0 }, { first: true });
    const one = seen(5, { n: 1 }, { previous: { n: 0 } });
    const two = seen(5, { n: 2 }, { previous: { n: 1 } });
    const order = orderVersions([two, created, one, two]);
    expect(order?.map((version) => version.object.n)).toEqual([0, 1, 2]);
  });

  test('a second without proof cannot be ordered', () => {
    expect(orderVersions([seen(5, { s: 'open' }), seen(5, { s: 'paid' })])).toBeNull();
  });

  test('any arrival order of any chain of updates ends in the last state', () => {
    const chains = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(chains, fc.infiniteStream(fc.nat()), (gaps, random) => {
        let second = 100;
        const all = gaps.map((gap, n) => {
          second += gap;
          return seen(second, { n }, n === 0 ? { first: true } : { previous: { n: n - 1 } });
        });
        const doubled = [...all, ...all.filter((_, index) => index % 3 === 0)];
        const shuffled = doubled
          .map((version) => ({ version, rank: random.next().value as number }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ version }) => version);
        expect(orderVersions(shuffled)?.at(-1)?.object.n).toBe(gaps.length - 1);
      }),
    );
  });
});

test('previous_attributes are put back hash by hash', () => {
  const now = { a: 1, address: { city: 'Rome', zip: '1' }, tags: [1, 2] };
  expect(overlay(now, { address: { city: 'Oslo' }, tags: [1] })).toEqual({
    a: 1,
    address: { city: 'Oslo', zip: '1' },
    tags: [1],
  });
});

test('equality ignores the order of keys and nothing else', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isSameJson(value, JSON.parse(JSON.stringify(value)))).toBe(true);
    }),
  );
  expect(isSameJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(isSameJson({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(isSameJson([1, 2], [2, 1])).toBe(false);
  expect(isSameJson({ 0: 1 }, [1])).toBe(false);
});

test('text that jsonb refuses is made storable', () => {
  expect(JSON.parse(toJsonText({ name: 'a\u0000b\uD800c😀' }))).toEqual({ name: 'a�b�c😀' });
});
