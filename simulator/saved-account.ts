import type { Task } from './agenda.ts';
import type { Customers } from './business/customers.ts';
import type { Collection, Row } from './collection.ts';
import type { KeyRing, SavedKey } from './http/keys.ts';
import type { EventRow } from './resources/event.ts';
import type { Settings, State } from './state.ts';

const COLLECTIONS = [
  'customers',
  'products',
  'prices',
  'coupons',
  'discounts',
  'subscriptions',
  'invoiceItems',
  'invoices',
  'invoicePayments',
  'paymentIntents',
  'charges',
  'refunds',
  'taxRates',
  'taxIds',
  'paymentMethods',
  'promotionCodes',
  'creditNotes',
  'disputes',
  'balanceTransactions',
  'payouts',
  'setupIntents',
  'checkoutSessions',
  'quotes',
  'schedules',
  'testClocks',
  'events',
  'webhookEndpoints',
] as const satisfies (keyof State)[];

/** A whole account as plain data: write it to a file, and the simulator goes on from it. */
export interface SavedAccount {
  version: 1;
  settings: Settings;
  now: number;
  ids_made: number;
  random: number[];
  /** What is done aside; absent in accounts saved before there was such a thing. */
  side?: { ids_made: number; random: number[] };
  emitted: number;
  /** Accounts saved by an earlier version lack the newer ones. */
  rows: Partial<Record<(typeof COLLECTIONS)[number], Row[]>>;
  deleted_coupons: string[];
  pending_items: [string, string[]][];
  subscriptions_of: [string, string[]][];
  agenda: Task[];
  keys: SavedKey[];
  business: ReturnType<Customers['save']>;
}

/** A rendered event does not need the row it was changed from any more. */
const slim = (event: EventRow): EventRow =>
  event.data === null ? event : { ...event, before: null };

export function saveAccount(state: State, keys: KeyRing, business: Customers): SavedAccount {
  const entries = COLLECTIONS.map((name): [string, Row[]] => [
    name,
    name === 'events'
      ? [...state.events].map(slim)
      : [...(state[name] as unknown as Collection<Row>)],
  ]);
  return {
    version: 1,
    settings: state.settings,
    now: state.now(),
    ids_made: state.main.ids.made,
    random: state.main.random.save(),
    side: { ids_made: state.side.ids.made, random: state.side.random.save() },
    emitted: state.emitted,
    rows: Object.fromEntries(entries) as SavedAccount['rows'],
    deleted_coupons: [...state.deletedCoupons],
    pending_items: [...state.pendingItems],
    subscriptions_of: [...state.subscriptionsOf],
    agenda: state.agenda.list(),
    keys: keys.list(),
    business: business.save(),
  };
}

/** Fills a new state made with the saved settings, standing at the saved instant. */
export function restoreAccount(
  saved: SavedAccount,
  state: State,
  keys: KeyRing,
  business: Customers,
): void {
  for (const name of COLLECTIONS) {
    const collection = state[name] as unknown as Collection<Row>;
    for (const row of saved.rows[name] ?? []) collection.put(row);
  }
  state.main.ids.made = saved.ids_made;
  state.main.random.restore(saved.random);
  if (saved.side !== undefined) {
    state.side.ids.made = saved.side.ids_made;
    state.side.random.restore(saved.side.random);
  }
  state.emitted = saved.emitted;
  for (const id of saved.deleted_coupons) state.deletedCoupons.add(id);
  for (const [id, entries] of saved.pending_items) state.pendingItems.set(id, entries);
  for (const [id, entries] of saved.subscriptions_of) state.subscriptionsOf.set(id, entries);
  for (const task of saved.agenda) {
    state.agenda.aside = task.aside === true;
    state.agenda.add(task.at, task.kind, task.id);
  }
  state.agenda.aside = false;
  for (const row of state.balanceTransactions) {
    const automatic = state.payouts.find(row.source)?.automatic ?? false;
    if (row.payout === null && !automatic) state.notPaidOut.add(row.id);
  }
  keys.restore(saved.keys);
  business.restore(saved.business);
}
