import pg from 'pg';
import { LISTS } from './double.ts';

type Json = Record<string, unknown>;

/** What must be there when the double's account was copied, counted from its objects alone. */
export interface Expected {
  rows: Record<string, number>;
  people: number;
  /** By name. */
  activities: Record<string, number>;
}

const CHUNK = 500;

async function* readTruth(truth: string, list: string, size: number): AsyncGenerator<string> {
  for (let from = 0; from < size; from += CHUNK) {
    const response = await fetch(`${truth}/${list}?from=${from}&n=${CHUNK}`);
    yield await response.text();
  }
}

export async function expectFrom(truth: string, sizes: Record<string, number>): Promise<Expected> {
  const rows: Record<string, number> = { subscription_items: 0, invoice_line_items: 0 };
  const activities: Record<string, number> = {};
  const add = (name: string): void => void (activities[name] = (activities[name] ?? 0) + 1);
  const emails = new Set<string>();
  for (const list of LISTS) {
    rows[list] = 0;
    for await (const text of readTruth(truth, list, sizes[list]!)) {
      for (const object of JSON.parse(text) as Json[]) {
        rows[list] += 1;
        if (list === 'customers') emails.add(String(object.email ?? object.id).toLowerCase());
        if (list === 'subscriptions') rows.subscription_items! += countOf(object.items);
        if (list === 'invoices') rows.invoice_line_items! += countOf(object.lines);
        for (const name of activitiesOf(list, object)) add(name);
      }
    }
  }
  return { rows, people: emails.size, activities };
}

const countOf = (list: unknown): number => (list as { data: unknown[] }).data.length;

/** The rules of docs, told once more and in another way: an account of this kind has no trials. */
function activitiesOf(list: string, object: Json): string[] {
  if (list === 'charges') {
    return object.status === 'failed' ? ['charge', 'payment_failed'] : ['charge'];
  }
  if (list === 'subscriptions') {
    const ended = object.status === 'canceled';
    return ended ? ['subscription_started', 'subscription_cancelled'] : ['subscription_started'];
  }
  if (list !== 'invoices' || object.status === 'draft') return [];
  const paid = object.status === 'paid' && Number(object.total) > 0;
  return [
    'invoice',
    ...(paid ? ['invoice_paid'] : []),
    ...(paid && Number(object.attempt_count) > 1 ? ['payment_recovered'] : []),
  ];
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Counts everything; answers what is not as expected. Quick enough for the moment a sync ends. */
export async function countAll(url: string, expected: Expected): Promise<string[]> {
  return await withClient(url, async (client) => {
    const wrong: string[] = [];
    const compare = (what: string, got: unknown, want: unknown): void => {
      if (Number(got) !== Number(want)) wrong.push(`${what}: ${String(got)} of ${String(want)}`);
    };
    for (const [table, n] of Object.entries(expected.rows)) {
      const { rows } = await client.query(
        `select count(*) n from stripe.${table} where deleted_at is null`,
      );
      compare(table, rows[0].n, n);
    }
    const people = await client.query(
      'select count(*) n from headwater.people where merged_into is null',
    );
    compare('people', people.rows[0].n, expected.people);
    const told = await client.query(
      'select t.name, count(*) n from headwater.activities a join headwater.activity_types t on t.id = a.type group by 1',
    );
    const counts = new Map(told.rows.map((row) => [String(row.name), Number(row.n)]));
    for (const name of new Set([...counts.keys(), ...Object.keys(expected.activities)]))
      compare(name, counts.get(name) ?? 0, expected.activities[name] ?? 0);
    return wrong;
  });
}

/** Compares every object with what the double serves, and what is kept twice with itself. */
export async function compareAll(
  url: string,
  truth: string,
  sizes: Record<string, number>,
): Promise<string[]> {
  return await withClient(url, async (client) => {
    const wrong: string[] = [];
    for (const list of LISTS) {
      let same = 0;
      for await (const text of readTruth(truth, list, sizes[list]!)) {
        const { rows } = await client.query(SAME.replaceAll('%', list), [text]);
        same += Number(rows[0].n);
      }
      if (same !== sizes[list]) wrong.push(`${list} equal to the double: ${same}`);
    }
    for (const [what, query] of Object.entries(SELF)) {
      const { rows } = await client.query(query);
      if (Number(rows[0].n) !== 0) wrong.push(`${what}: ${rows[0].n}`);
    }
    return wrong;
  });
}

// Tiers are there only when asked for, as Headwater does.
const SAME = `
  select count(*) n from jsonb_array_elements($1::jsonb) as given(object)
    join stripe.% t on t.id = object ->> 'id' and t.raw - 'tiers' = object`;

/** Each counts what should not be. */
const SELF: Record<string, string> = {
  'items unlike their subscription': `
    select count(*) n from stripe.subscriptions s, jsonb_array_elements(s.raw #> '{items,data}') as one(object)
     where not exists (select 1 from stripe.subscription_items i where i.id = object ->> 'id' and i.raw = object
                          and i.customer = s.customer)`,
  'lines unlike their invoice': `
    select count(*) n from stripe.invoices s, jsonb_array_elements(s.raw #> '{lines,data}') as one(object)
     where not exists (select 1 from stripe.invoice_line_items i where i.id = object ->> 'id' and i.raw = object
                          and i.customer = s.customer)`,
  'customers without a person': `
    select count(*) n from stripe.customers c
     where not exists (select 1 from headwater.person_keys k where k.source_id = c.source_id and k.customer = c.id)`,
  'activities without attributes': `
    select count(*) n from headwater.activities a
     where not exists (select 1 from headwater.activity_payloads p where p.person_id = a.person_id and p.id = a.id)`,
  'activities of another person than their object': `
    select count(*) n from headwater.activity_payloads p
      join stripe.charges c on c.id = p.object_id
     where not exists (select 1 from headwater.person_keys k
                        where k.person_id = p.person_id and k.customer = c.customer)`,
  'totals unlike their activities': `
    select count(*) n from (
      select person_id, type, coalesce(currency, '') as currency, count(*) as n, coalesce(sum(amount_minor), 0) as total,
             min(occurred_at) as first, max(occurred_at) as last
        from headwater.activities group by 1, 2, 3) a
      full join headwater.person_activity_totals t using (person_id, type, currency)
     where (a.n, a.total, a.first, a.last) is distinct from (t.n, t.total_minor, t.first_at, t.last_at)`,
};
