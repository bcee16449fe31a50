import { DAY } from '../clock.ts';
import type { QuoteRow } from '../resources/quote.ts';
import { onClockOf } from '../resources/test-clock.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import { offerOf } from './checkout.ts';
import { subscribe } from './subscribe.ts';

export interface QuoteOptions {
  customer: string;
  items: { price: string; quantity?: number }[];
  trial_days?: number;
  description?: string;
  metadata?: Record<string, string>;
}

export function createQuote(state: State, options: QuoteOptions): QuoteRow {
  const now = state.now();
  const row = state.quotes.put({
    id: state.ids.make('qt_', 24),
    created: now,
    customer: options.customer,
    status: 'draft',
    items: offerOf(state, options.items),
    currency: state.prices.get(options.items[0]?.price ?? '').currency,
    number: null,
    description: options.description ?? null,
    expires_at: now + 30 * DAY,
    finalized_at: null,
    accepted_at: null,
    canceled_at: null,
    subscription: null,
    invoice: null,
    trial_days: options.trial_days ?? null,
    test_clock: onClockOf(state, options.customer).test_clock ?? null,
    metadata: options.metadata ?? {},
  });
  state.emit('quote.created', 'quote', row);
  return row;
}

function expectStatus(row: QuoteRow, ...allowed: QuoteRow['status'][]): void {
  if (!allowed.includes(row.status)) throw new Error(`Quote ${row.id} is ${row.status}`);
}

/** It gets its number and can be sent. */
export function finalizeQuote(state: State, id: string): QuoteRow {
  const before = state.quotes.get(id);
  expectStatus(before, 'draft');
  const { invoice_prefix } = state.customers.get(before.customer);
  const number = `QT-${invoice_prefix}-${String(state.quotes.size).padStart(4, '0')}-1`;
  const finalized = { ...before, status: 'open' as const, number, finalized_at: state.now() };
  state.emit('quote.finalized', 'quote', state.quotes.put(finalized));
  return finalized;
}

/** The customer agrees; the subscription starts at once. */
export function acceptQuote(state: State, id: string): QuoteRow {
  const before = state.quotes.get(id);
  expectStatus(before, 'open');
  const subscription = subscribe(state, {
    customer: before.customer,
    items: before.items.map(({ price, quantity }) => ({ price, quantity })),
    quote: before.id,
    ...(before.trial_days === null ? {} : { trial_days: before.trial_days }),
  });
  return close(state, before, subscription);
}

function close(state: State, quote: QuoteRow, subscription: SubscriptionRow): QuoteRow {
  const accepted = {
    ...quote,
    status: 'accepted' as const,
    accepted_at: state.now(),
    subscription: subscription.id,
    invoice: subscription.latest_invoice,
  };
  state.emit('quote.accepted', 'quote', state.quotes.put(accepted));
  return accepted;
}

export function cancelQuote(state: State, id: string): QuoteRow {
  const before = state.quotes.get(id);
  expectStatus(before, 'draft', 'open');
  const canceled = { ...before, status: 'canceled' as const, canceled_at: state.now() };
  state.emit('quote.canceled', 'quote', state.quotes.put(canceled));
  return canceled;
}

/** The offer by which a subscription came about that exists already. */
export function recordAcceptance(state: State, subscription: SubscriptionRow): QuoteRow {
  const items = subscription.items.map(({ price, quantity }) => ({ price, quantity }));
  const quote = createQuote(state, { customer: subscription.customer, items });
  return close(state, finalizeQuote(state, quote.id), subscription);
}
