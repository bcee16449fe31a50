import { renderCreditNoteLine } from '../resources/credit-note.ts';
import { renderLineItem } from '../resources/line-item.ts';
import { paymentMethodsOf, renderPaymentMethod } from '../resources/payment-method.ts';
import { renderTaxId } from '../resources/tax.ts';
import type { State } from '../state.ts';
import type { Json } from '../wire.ts';
import { missing } from './errors.ts';
import { checkParams, pageOfArray, pageOfResource } from './list.ts';
import type { Form } from './query.ts';
import { RESOURCES } from './resources.ts';

export const LIST_PARAMS = ['limit', 'starting_after', 'ending_before', 'expand'];

export interface SpecialRead {
  pattern: RegExp;
  template: string;
  slugs: string[];
  run: (state: State, form: Form, id: string, inner: string) => Json;
}

const json = (value: object): Json => value as Json;

/** A page of what lies inside an object, under the object's own address. */
function page(rows: object[], form: Form, url: string, noun: string, params: string[] = []): Json {
  checkParams(form, [...LIST_PARAMS, ...params]);
  return json(pageOfArray(rows.map(json), form, url, noun));
}

function methodsOf(state: State, id: string, form: Form, url: string): Json {
  if (state.customers.find(id) === undefined) throw missing('customer', id);
  const { type } = form;
  const rows = paymentMethodsOf(state, id)
    .filter(() => type === undefined || type === 'card')
    .map((row) => renderPaymentMethod(state, row));
  return page(rows, form, url, 'payment_method', ['type', 'allow_redisplay', 'customer']);
}

export const NESTED_LISTS: SpecialRead[] = [
  {
    pattern: /^\/v1\/payment_methods$/,
    template: 'GET /v1/payment_methods',
    slugs: ['payment_method'],
    run: (state, form) => {
      const { customer } = form;
      if (typeof customer === 'string') {
        return methodsOf(state, customer, form, '/v1/payment_methods');
      }
      const route = RESOURCES.find((entry) => entry.path === '/v1/payment_methods');
      if (route === undefined) throw new Error('Payment methods are a resource');
      return json(pageOfResource(state, route, form));
    },
  },
  {
    pattern: /^\/v1\/payment_methods\/([^/]+)$/,
    template: 'GET /v1/payment_methods/:id',
    slugs: ['payment_method'],
    run: (state, _form, id) => {
      const row = state.paymentMethods.find(id);
      if (row !== undefined) return json(renderPaymentMethod(state, row));
      const owner = [...state.customers].find((entry) => entry.card?.id === id);
      const bare = paymentMethodsOf(state, owner?.id ?? '').find((entry) => entry.id === id);
      if (bare === undefined) throw missing('payment_method', id);
      return json(renderPaymentMethod(state, bare));
    },
  },
  {
    pattern: /^\/v1\/customers\/([^/]+)\/payment_methods$/,
    template: 'GET /v1/customers/:id/payment_methods',
    slugs: ['payment_method'],
    run: (state, form, id) => methodsOf(state, id, form, `/v1/customers/${id}/payment_methods`),
  },
  {
    pattern: /^\/v1\/customers\/([^/]+)\/tax_ids$/,
    template: 'GET /v1/customers/:id/tax_ids',
    slugs: ['customer'],
    run: (state, form, id) => {
      if (state.customers.find(id) === undefined) throw missing('customer', id);
      const rows = state.taxIds.of(id).map((row) => renderTaxId(state, row));
      return page(rows, form, `/v1/customers/${id}/tax_ids`, 'tax_id');
    },
  },
  {
    pattern: /^\/v1\/customers\/([^/]+)\/tax_ids\/([^/]+)$/,
    template: 'GET /v1/customers/:id/tax_ids/:id',
    slugs: ['customer'],
    run: (state, _form, id, inner) => {
      const row = state.taxIds.find(inner);
      if (row === undefined || row.customer !== id) throw missing('tax_id', inner);
      if (row.deleted) return { id: row.id, object: 'tax_id', deleted: true };
      return json(renderTaxId(state, row));
    },
  },
  {
    pattern: /^\/v1\/customers\/([^/]+)\/(?:balance_transactions|sources)$/,
    template: 'GET /v1/customers/:id/:list',
    slugs: ['customer'],
    run: (state, form, id) => {
      if (state.customers.find(id) === undefined) throw missing('customer', id);
      return json(pageOfArray([], form, `/v1/customers/${id}`, 'object'));
    },
  },
  {
    pattern: /^\/v1\/credit_notes\/([^/]+)\/lines$/,
    template: 'GET /v1/credit_notes/:id/lines',
    slugs: ['credit_note'],
    run: (state, form, id) => {
      const note = state.creditNotes.find(id);
      if (note === undefined) throw missing('credit_note', id);
      const rows = note.lines.map((line) => renderCreditNoteLine(state, line));
      return page(rows, form, `/v1/credit_notes/${id}/lines`, 'credit_note_line_item');
    },
  },
  {
    pattern: /^\/v1\/checkout\/sessions\/([^/]+)\/line_items$/,
    template: 'GET /v1/checkout/sessions/:id/line_items',
    slugs: ['checkout_session'],
    run: (state, form, id) => {
      const session = state.checkoutSessions.find(id);
      if (session === undefined) throw missing('checkout.session', id);
      const rows = session.items.map((item) => renderLineItem(state, item));
      return page(rows, form, `/v1/checkout/sessions/${id}/line_items`, 'item');
    },
  },
  {
    pattern: /^\/v1\/quotes\/([^/]+)\/line_items$/,
    template: 'GET /v1/quotes/:id/line_items',
    slugs: ['quote'],
    run: (state, form, id) => {
      const quote = state.quotes.find(id);
      if (quote === undefined) throw missing('quote', id);
      const rows = quote.items.map((item) => renderLineItem(state, item));
      return page(rows, form, `/v1/quotes/${id}/line_items`, 'item');
    },
  },
];
