/**
 * Who is who, decided without I/O. A person is first found by customer id, then by e-mail address.
 *
 * - A customer nobody knows joins the person its address belongs to, or becomes a new person.
 * - A customer known by id only whose address turns up and belongs to another person: both were one
 *   all along, so they merge, into the older.
 * - A customer that changes its address keeps its person, who gains the new address beside the old.
 *   When the new address belongs to another person they merge only if the customer was all its
 *   person had. Otherwise it stays: its siblings were grouped by the old address, and one change of
 *   one of them is too little to say that all of them are that other person.
 *
 * People grow together and never fall apart by themselves.
 */
export interface CustomerFacts {
  id: string;
  email: string | null;
}

export interface KnownKeys {
  /** Person of each customer id. */
  customers: ReadonlyMap<string, number>;
  /** Person of each address. */
  emails: ReadonlyMap<string, number>;
  /** How many customers people own: of the addresses, and of the customers that come with one. */
  sizes: ReadonlyMap<number, number>;
}

export interface PeoplePlan {
  /** Negative for a person that is still to be made. */
  person_by_customer: Map<string, number>;
  new_keys: { kind: 'customer' | 'email'; key: string; person_id: number }[];
  /** Only of people that exist. */
  merges: { from: number; into: number }[];
}

/** The form in which addresses are compared; null when it is none. */
export function normalizeEmail(email: string | null | undefined): string | null {
  const trimmed = email?.trim().toLowerCase() ?? '';
  return trimmed.includes('@') ? trimmed : null;
}

/**
 * Plans for the customers one after the other, so that a page gives what its customers would have
 * given one by one. `isNew` tells ids that nobody else can have seen yet; an older person never
 * merges into such a one.
 */
export function planPeople(
  customers: readonly CustomerFacts[],
  known: KnownKeys,
  isNew: (person_id: number) => boolean = () => false,
): PeoplePlan {
  const unions = new Unions(known.sizes, (id) => id < 0 || isNew(id));
  const owners = new Map(known.customers);
  const emails = new Map(known.emails);
  const new_keys: PeoplePlan['new_keys'] = [];
  let next = -1;
  for (const customer of customers) {
    const email = normalizeEmail(customer.email);
    const byEmail = email === null ? undefined : emails.get(email);
    let person = owners.get(customer.id);
    if (person === undefined) {
      person = byEmail ?? next--;
      unions.grow(person);
      owners.set(customer.id, person);
      new_keys.push({ kind: 'customer', key: customer.id, person_id: person });
      // Nobody's customer: an address left over by a plan that another transaction overtook.
    } else if (byEmail !== undefined && (unions.size(person) === 1 || unions.size(byEmail) === 0)) {
      unions.unite(person, byEmail);
    }
    if (email !== null && byEmail === undefined) {
      emails.set(email, person);
      new_keys.push({ kind: 'email', key: email, person_id: person });
    }
  }
  const ids = new Set(customers.map((customer) => customer.id));
  return {
    person_by_customer: new Map([...ids].map((id) => [id, unions.root(owners.get(id)!)])),
    new_keys: new_keys.map((entry) => ({ ...entry, person_id: unions.root(entry.person_id) })),
    merges: unions.merges(),
  };
}

/** Which people turned out to be one; the root of a group is its oldest member. */
class Unions {
  private readonly parents = new Map<number, number>();
  private readonly sizes: Map<number, number>;
  private readonly isNew: (id: number) => boolean;

  constructor(sizes: ReadonlyMap<number, number>, isNew: (id: number) => boolean) {
    this.sizes = new Map(sizes);
    this.isNew = isNew;
  }

  root(id: number): number {
    const parent = this.parents.get(id);
    return parent === undefined ? id : this.root(parent);
  }

  /** How many customers the person owns by now. */
  size(id: number): number {
    return this.sizes.get(this.root(id)) ?? 0;
  }

  grow(id: number): void {
    this.sizes.set(this.root(id), this.size(id) + 1);
  }

  unite(one: number, other: number): void {
    const [into, from] = [this.root(one), this.root(other)].toSorted(
      (a, b) => Number(this.isNew(a)) - Number(this.isNew(b)) || Math.abs(a) - Math.abs(b),
    ) as [number, number];
    if (into === from) return;
    this.sizes.set(into, this.size(into) + this.size(from));
    this.parents.set(from, into);
  }

  merges(): { from: number; into: number }[] {
    return [...this.parents.keys()]
      .filter((from) => from > 0)
      .map((from) => ({ from, into: this.root(from) }))
      .toSorted((a, b) => a.from - b.from);
  }
}
