import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeEmail, planPeople } from './plan-people.ts';
import type { CustomerFacts, KnownKeys } from './plan-people.ts';

/** What the tables would hold, and what applying a plan does to them. */
class Memory {
  customers = new Map<string, number>();
  emails = new Map<string, number>();
  last = 0;

  known(): KnownKeys {
    const sizes = new Map<number, number>();
    for (const person of this.emails.values()) sizes.set(person, 0);
    for (const person of this.customers.values()) sizes.set(person, (sizes.get(person) ?? 0) + 1);
    return { customers: this.customers, emails: this.emails, sizes };
  }

  apply(batch: CustomerFacts[]) {
    const plan = planPeople(batch, this.known());
    const real = new Map<number, number>();
    for (const { kind, key, person_id } of plan.new_keys) {
      if (person_id < 0 && !real.has(person_id)) real.set(person_id, ++this.last);
      const owner = real.get(person_id) ?? person_id;
      (kind === 'customer' ? this.customers : this.emails).set(key, owner);
    }
    for (const { from, into } of plan.merges)
      for (const keys of [this.customers, this.emails])
        for (const [key, person] of keys) if (person === from) keys.set(key, into);
    return plan;
  }

  /** Who is together with whom, without the ids. */
  groups(): string[] {
    const groups = new Map<number, string[]>();
    for (const [id, person] of this.customers)
      groups.set(person, [...(groups.get(person) ?? []), id]);
    return [...groups.values()].map((group) => group.toSorted().join(' ')).toSorted();
  }
}

const customer = (id: string, email: string | null = null): CustomerFacts => ({ id, email });
const after = (...batches: CustomerFacts[][]): Memory => {
  const memory = new Memory();
  for (const batch of batches) memory.apply(batch);
  return memory;
};

describe('who is who', () => {
  test('customers with one address are one person', () => {
    const memory = after([customer('a', 'x@example.com'), customer('b', ' X@Example.com ')]);
    expect(memory.groups()).toEqual(['a b']);
  });

  test('a customer known by id only joins the older person when its address turns up', () => {
    const memory = after([customer('a')], [customer('b', 'x@example.com')]);
    const plan = memory.apply([customer('a', 'x@example.com')]);
    expect(plan.merges).toEqual([{ from: 2, into: 1 }]);
    expect(memory.groups()).toEqual(['a b']);
  });

  test('a changed address is added; the former one still leads to the person', () => {
    const memory = after(
      [customer('a', 'old@example.com')],
      [customer('a', 'new@example.com')],
      [customer('b', 'old@example.com'), customer('c', 'new@example.com')],
    );
    expect(memory.groups()).toEqual(['a b c']);
  });

  test("a person's only customer takes them along to the person its new address belongs to", () => {
    const memory = after(
      [customer('a', 'a@example.com'), customer('b', 'b@example.com')],
      [customer('b', 'a@example.com')],
    );
    expect(memory.groups()).toEqual(['a b']);
  });

  test('one of several customers does not take its siblings along', () => {
    const memory = after(
      [customer('a', 'a@example.com')],
      [customer('b', 'b@example.com'), customer('c', 'b@example.com')],
      [customer('b', 'a@example.com')],
    );
    expect(memory.groups()).toEqual(['a', 'b c']);
    expect(memory.emails.get('a@example.com')).toBe(memory.customers.get('a'));
  });

  test('an older person never merges into one that nobody has seen yet', () => {
    const known = {
      customers: new Map([['a', 3]]),
      emails: new Map([['x@example.com', 7]]),
      sizes: new Map([
        [3, 1],
        [7, 1],
      ]),
    };
    const plan = planPeople([customer('a', 'x@example.com')], known, (id) => id === 3);
    expect(plan.merges).toEqual([{ from: 3, into: 7 }]);
  });

  test('what is no address groups nobody', () => {
    expect(normalizeEmail('  ')).toBeNull();
    expect(normalizeEmail('none')).toBeNull();
    expect(after([customer('a', ''), customer('b', 'none')]).groups()).toEqual(['a', 'b']);
  });

  test('the grouping is the same in any order and any pages: customers are together who share an address', () => {
    // Each customer has one address for good, which a sighting may or may not carry.
    const world = fc.record({
      addresses: fc.array(fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }), {
        minLength: 1,
        maxLength: 9,
      }),
      sightings: fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 30 }),
      pages: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(world, ({ addresses, sightings, pages }) => {
        const full = addresses.map((n, i) =>
          customer(`c${i}`, n === null ? null : `p${n}@example.com`),
        );
        // Sightings in some order, at last (in that order) each with all it has.
        const seen = [
          ...sightings.map(([n, named]) => {
            const one = full[n % full.length]!;
            return named ? one : customer(one.id);
          }),
          ...full.toSorted((a, b) => (sightings.length % 2 ? 1 : -1) * a.id.localeCompare(b.id)),
        ];
        const memory = new Memory();
        for (let at = 0, page = 0; at < seen.length; page++) {
          const size = pages[page] ?? 1;
          memory.apply(seen.slice(at, at + size));
          at += size;
        }
        const expected = Map.groupBy(full, (one) => one.email ?? one.id);
        expect(memory.groups()).toEqual(
          [...expected.values()]
            .map((own) =>
              own
                .map((one) => one.id)
                .toSorted()
                .join(' '),
            )
            .toSorted(),
        );
      }),
      { numRuns: 400 },
    );
  });

  test('a page gives what its customers would have given one by one', () => {
    const sighting = fc
      .tuple(fc.nat(5), fc.option(fc.nat(3), { nil: null }))
      .map(([id, address]) =>
        customer(`c${id}`, address === null ? null : `p${address}@example.com`),
      );
    fc.assert(
      fc.property(fc.array(sighting, { maxLength: 12 }), (sightings) => {
        const whole = after(sightings);
        const single = after(...sightings.map((one) => [one]));
        expect(whole.groups()).toEqual(single.groups());
      }),
      { numRuns: 400 },
    );
  });
});
