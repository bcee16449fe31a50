import type { CardRow, CustomerRow } from '../resources/customer.ts';
import { paymentMethodsOf } from '../resources/payment-method.ts';
import type { PaymentMethodRow } from '../resources/payment-method.ts';
import type { State } from '../state.ts';
import { changeCustomer } from './change.ts';

const CARD_BRANDS = ['visa', 'mastercard', 'amex'] as const;

export function inventCard(state: State, customer: CustomerRow, card?: Partial<CardRow>): CardRow {
  const { random } = state;
  return {
    id: state.ids.make('pm_', 24),
    created: state.now(),
    brand: random.pick(CARD_BRANDS),
    last4: String(random.int(0, 9999)).padStart(4, '0'),
    exp_month: random.int(1, 12),
    exp_year: new Date(state.now() * 1000).getUTCFullYear() + random.int(2, 5),
    country: customer.country ?? state.settings.account.country,
    ...card,
  };
}

/** A further card of the customer; what is charged stays the default one. */
export function attachPaymentMethod(
  state: State,
  customer: string,
  card?: Partial<CardRow>,
): PaymentMethodRow {
  const owner = state.customers.get(customer);
  const { name, email, country, city, postal_code } = owner;
  const attached = inventCard(state, owner, card);
  const row = state.paymentMethods.put({
    id: attached.id,
    created: attached.created,
    customer,
    card: attached,
    name,
    email,
    country,
    city,
    postal_code,
    metadata: {},
  });
  state.emit('payment_method.attached', 'payment_method', row);
  return row;
}

/** The customer's new default card. */
export function attachCard(state: State, customer: string, card?: Partial<CardRow>): CustomerRow {
  const attached = attachPaymentMethod(state, customer, card);
  return changeCustomer(state, customer, { card: attached.card });
}

function getMethod(state: State, id: string): PaymentMethodRow {
  const known = state.paymentMethods.find(id);
  if (known !== undefined) return known;
  const owner = [...state.customers].find((row) => row.card?.id === id);
  const bare = paymentMethodsOf(state, owner?.id ?? '').find((row) => row.id === id);
  if (bare === undefined) throw new Error(`The simulator holds no payment method ${id}`);
  return bare;
}

export function detachPaymentMethod(state: State, id: string): PaymentMethodRow {
  const before = getMethod(state, id);
  if (before.customer === null) throw new Error(`Payment method ${id} is detached already`);
  const after = state.paymentMethods.put({ ...before, customer: null });
  state.emit('payment_method.detached', 'payment_method', after, before);
  const owner = state.customers.get(before.customer);
  if (owner.card?.id === id) changeCustomer(state, owner.id, { card: null });
  return after;
}

export interface CardChange {
  exp_month?: number;
  exp_year?: number;
  last4?: string;
  /** Who pays, as on the card. */
  name?: string;
  /** The card network told it (a card was replaced), nobody typed it. */
  automatically?: boolean;
}

export function updatePaymentMethod(state: State, id: string, change: CardChange) {
  const before = getMethod(state, id);
  const { name = before.name, automatically = false, ...numbers } = change;
  const card = { ...before.card, ...numbers };
  const after = state.paymentMethods.put({ ...before, card, name });
  const type = automatically ? 'payment_method.automatically_updated' : 'payment_method.updated';
  state.emit(type, 'payment_method', after, before);
  const owner = before.customer === null ? undefined : state.customers.get(before.customer);
  if (owner?.card?.id === id) state.customers.put({ ...owner, card });
  return after;
}
