import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';

type Json = Record<string, unknown>;

export interface MadeEvents {
  /** Bodies as Stripe sends them, in the order they happened. */
  bodies: string[];
  /** How many activities of each type they must lead to. */
  activities: Record<string, number>;
}

const API_VERSION = '2026-10-28.endive';
/** One in ten customers is edited later, so that rows are replaced too. */
const EDITED_EVERY = 10;
/** As many customers later, so that the edit is of another second than the arrival. */
const EDIT_DISTANCE = 400;

/**
 * Events of new business: for each customer one of `customer.created`, `customer.subscription.created`,
 * `invoice.finalized`, `invoice.paid` and `charge.succeeded`, each of an object of its own, and an
 * edit of every tenth customer. The objects are those of a simulated account of that size.
 */
export async function makeEvents(customers: number, seed: number): Promise<MadeEvents> {
  const account = await readAccount(customers, seed);
  const start = Math.floor(Date.now() / 1000);
  const bodies: string[] = [];
  const activities: Record<string, number> = {};
  const expect = (type: string): void => void (activities[type] = (activities[type] ?? 0) + 1);
  let second = start;
  const add = (type: string, object: Json, previous_attributes?: Json): void => {
    const id = `evt_${seed}bench${String(bodies.length).padStart(7, '0')}`;
    bodies.push(eventBody({ id, type, created: second, object, previous_attributes }));
  };
  for (let n = 0; n < customers; n += 1) {
    second = start + Math.floor(n / (EDIT_DISTANCE / 2));
    const [opened, paid] = [account.invoices[2 * n]!, account.invoices[2 * n + 1]!];
    add('customer.created', account.customers[n]!);
    add('customer.subscription.created', account.subscriptions[n]!);
    expect('subscription_started');
    add('invoice.finalized', unpaid(opened));
    expect('invoice');
    add('invoice.paid', paid);
    expect('invoice');
    expect('invoice_paid');
    add('charge.succeeded', account.charges[n]!);
    expect('charge');
    const before = account.customers[n - EDIT_DISTANCE];
    if (before && n % EDITED_EVERY === 0) {
      const edited = { ...before, name: `${String(before.name)} II` };
      add('customer.updated', edited, { name: before.name });
    }
  }
  return { bodies, activities };
}

export function eventBody(event: {
  id: string;
  type: string;
  created: number;
  object: Json;
  previous_attributes?: Json | undefined;
}): string {
  const { id, type, created, object, previous_attributes } = event;
  const envelope = {
    id,
    object: 'event',
    api_version: API_VERSION,
    created,
    data: { object, ...(previous_attributes ? { previous_attributes } : {}) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  return JSON.stringify(envelope, null, 2);
}

/** The invoice as it was when it had just been finalised. */
function unpaid(invoice: Json): Json {
  const transitions = invoice.status_transitions as Json;
  return {
    ...invoice,
    status: 'open',
    amount_paid: 0,
    amount_remaining: invoice.total,
    attempt_count: 0,
    attempted: false,
    status_transitions: { ...transitions, paid_at: null },
  };
}

interface Account {
  customers: Json[];
  subscriptions: Json[];
  invoices: Json[];
  charges: Json[];
}

export async function readAccount(customers: number, seed: number): Promise<Account> {
  const bulk = { customers, subscriptions: customers, invoices: 2 * customers };
  const simulator = await startSimulator({ seed, bulk, speed: 0 });
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const read = async (list: string): Promise<Json[]> => {
    const rows: Json[] = [];
    for (let after: string | null = null; ;) {
      const cursor = after === null ? '' : `&starting_after=${after}`;
      const response = await fetch(`${simulator.url}/v1/${list}?limit=100${cursor}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const page = (await response.json()) as { data: Json[]; has_more: boolean };
      rows.push(...page.data);
      if (!page.has_more) return rows.toReversed();
      after = String(page.data.at(-1)!.id);
    }
  };
  try {
    return {
      customers: await read('customers'),
      subscriptions: await read('subscriptions'),
      invoices: await read('invoices'),
      charges: await read('charges'),
    };
  } finally {
    await simulator.close();
  }
}
