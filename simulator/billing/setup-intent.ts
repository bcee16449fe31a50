import type { SetupIntentRow } from '../resources/setup-intent.ts';
import type { State } from '../state.ts';
import { attachPaymentMethod } from './payment-method.ts';

export interface SetupIntentOptions {
  customer?: string;
  description?: string;
  metadata?: Record<string, string>;
}

export function createSetupIntent(state: State, options: SetupIntentOptions = {}): SetupIntentRow {
  const row = state.setupIntents.put({
    id: state.ids.make('seti_', 24),
    created: state.now(),
    customer: options.customer ?? null,
    payment_method: null,
    status: 'requires_payment_method',
    cancellation_reason: null,
    decline_code: null,
    description: options.description ?? null,
    metadata: options.metadata ?? {},
  });
  state.emit('setup_intent.created', 'setup_intent', row);
  return row;
}

function openIntent(state: State, id: string): SetupIntentRow {
  const row = state.setupIntents.get(id);
  if (row.status === 'succeeded' || row.status === 'canceled') {
    throw new Error(`Setup intent ${id} is ${row.status} already`);
  }
  return row;
}

/** The customer enters a card, which is theirs from now on. */
export function succeedSetupIntent(state: State, id: string): SetupIntentRow {
  const before = openIntent(state, id);
  const method = before.customer === null ? null : attachPaymentMethod(state, before.customer).id;
  const after = state.setupIntents.put({
    ...before,
    status: 'succeeded',
    payment_method: method,
    decline_code: null,
  });
  state.emit('setup_intent.succeeded', 'setup_intent', after);
  return after;
}

export function failSetupIntent(state: State, id: string, code = 'card_declined'): SetupIntentRow {
  const after = state.setupIntents.put({ ...openIntent(state, id), decline_code: code });
  state.emit('setup_intent.setup_failed', 'setup_intent', after);
  return after;
}

export function cancelSetupIntent(
  state: State,
  id: string,
  reason: SetupIntentRow['cancellation_reason'] = 'abandoned',
): SetupIntentRow {
  const before = openIntent(state, id);
  const after = state.setupIntents.put({
    ...before,
    status: 'canceled',
    cancellation_reason: reason,
  });
  state.emit('setup_intent.canceled', 'setup_intent', after);
  return after;
}

/** The intent by which a customer's card came about that is there already. */
export function recordSetup(state: State, customer: string): void {
  const { card } = state.customers.get(customer);
  if (card === null) return;
  const opened = createSetupIntent(state, { customer });
  const after = { ...opened, status: 'succeeded' as const, payment_method: card.id };
  state.emit('setup_intent.succeeded', 'setup_intent', state.setupIntents.put(after));
}
