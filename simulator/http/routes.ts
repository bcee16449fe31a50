import type { State } from '../state.ts';
import type { Json } from '../wire.ts';
import { renderAccount } from '../resources/account.ts';
import { renderLine } from '../resources/invoice.ts';
import { renderSubscriptionItem } from '../resources/subscription.ts';
import { ApiError, missing } from './errors.ts';
import { checkParams, pageOfArray, pageOfResource } from './list.ts';
import { LIST_PARAMS, NESTED_LISTS } from './nested-lists.ts';
import type { SpecialRead } from './nested-lists.ts';
import type { Form } from './query.ts';
import { RESOURCES } from './resources.ts';
import type { ResourceRoute } from './define-resource.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  updateWebhookEndpoint,
} from './webhook-endpoints.ts';

/** What a request asks for, before it is known whether the key may. */
export interface Endpoint {
  /** Method and path with `:id`, the unit of the rate limit. */
  template: string;
  slugs: readonly string[];
  access: 'read' | 'write';
  run(state: State, form: Form): Json;
}

const json = (value: object): Json => value as Json;

function retrieve(resource: ResourceRoute, id: string): Endpoint {
  return {
    template: `GET ${resource.path}/:id`,
    slugs: resource.slugs,
    access: 'read',
    run: (state, form) => {
      checkParams(form, ['expand']);
      const found = resource.find(state, id);
      const event = resource.noun === 'event';
      const gone = event && (state.events.find(id)?.created ?? 0) < state.now() - 30 * 86_400;
      if (found === undefined || gone) throw missing(resource.noun, id);
      return found;
    },
  };
}

/** Lists below an object, and objects that live inside others. */
const SPECIAL: SpecialRead[] = [
  ...NESTED_LISTS,
  {
    pattern: /^\/v1\/account$/,
    template: 'GET /v1/account',
    slugs: ['accounts_kyc_basic', 'connected_account'],
    run: (state) => json(renderAccount(state)),
  },
  {
    pattern: /^\/v1\/accounts\/(acct_\w+)$/,
    template: 'GET /v1/accounts/:id',
    slugs: ['accounts_kyc_basic', 'connected_account'],
    run: (state, _form, id) => {
      if (id === state.settings.account.id) return json(renderAccount(state));
      throw new ApiError(403, {
        code: 'account_invalid',
        message: `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
      });
    },
  },
  {
    pattern: /^\/v1\/invoices\/([^/]+)\/lines$/,
    template: 'GET /v1/invoices/:id/lines',
    slugs: ['invoice'],
    run: (state, form, id) => {
      checkParams(form, LIST_PARAMS);
      const invoice = state.invoices.find(id);
      if (invoice === undefined) throw missing('invoice', id);
      const rows = invoice.lines.map((line) => json(renderLine(state, id, invoice.currency, line)));
      return json(pageOfArray(rows, form, `/v1/invoices/${id}/lines`, 'line_item'));
    },
  },
  {
    pattern: /^\/v1\/subscription_items$/,
    template: 'GET /v1/subscription_items',
    slugs: ['subscription'],
    run: (state, form) => {
      checkParams(form, [...LIST_PARAMS, 'subscription']);
      const id = form['subscription'];
      if (typeof id !== 'string') {
        const message = 'Missing required param: subscription.';
        throw new ApiError(400, { code: 'parameter_missing', message, param: 'subscription' });
      }
      const row = state.subscriptions.find(id);
      if (row === undefined) throw missing('subscription', id, 404, 'subscription');
      const items = row.items.map((item) => json(renderSubscriptionItem(state, id, item)));
      return json(pageOfArray(items, form, '/v1/subscription_items', 'subscription_item'));
    },
  },
  {
    pattern: /^\/v1\/subscription_items\/([^/]+)$/,
    template: 'GET /v1/subscription_items/:id',
    slugs: ['subscription'],
    run: (state, _form, id) => {
      for (const row of state.subscriptions) {
        const item = row.items.find((entry) => entry.id === id);
        if (item !== undefined) return json(renderSubscriptionItem(state, row.id, item));
      }
      throw missing('subscription_item', id);
    },
  },
  {
    pattern: /^\/v1\/charges\/([^/]+)\/refunds$/,
    template: 'GET /v1/charges/:id/refunds',
    slugs: ['charge'],
    run: (state, form, id) => {
      if (state.charges.find(id) === undefined) throw missing('charge', id);
      const refunds = RESOURCES.find((entry) => entry.path === '/v1/refunds') as ResourceRoute;
      return json(pageOfResource(state, refunds, { ...form, charge: id }));
    },
  },
];

function findSpecial(path: string): Endpoint | undefined {
  for (const { pattern, run, ...rest } of SPECIAL) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const id = decodeURIComponent(match[1] ?? '');
    const inner = decodeURIComponent(match[2] ?? '');
    return { ...rest, access: 'read', run: (state, form) => run(state, form, id, inner) };
  }
  return undefined;
}

function findRead(path: string): Endpoint | undefined {
  const special = findSpecial(path);
  if (special !== undefined) return special;
  const resource = RESOURCES.find(
    (entry) => path === entry.path || path.startsWith(`${entry.path}/`),
  );
  if (resource === undefined) return undefined;
  if (path !== resource.path) {
    return retrieve(resource, decodeURIComponent(path.slice(resource.path.length + 1)));
  }
  return {
    template: `GET ${resource.path}`,
    slugs: resource.slugs,
    access: 'read',
    run: (state, form) => json(pageOfResource(state, resource, form)),
  };
}

/** Webhook endpoints are the only thing the simulator lets a caller write. */
function findWrite(method: string, path: string): Endpoint | undefined {
  const resource = RESOURCES.find(
    (entry) => path === entry.path || path.startsWith(`${entry.path}/`),
  );
  if (resource === undefined) return undefined;
  const id = decodeURIComponent(path.slice(resource.path.length + 1));
  const base = {
    template: `${method} ${resource.path}${id === '' ? '' : '/:id'}`,
    slugs: resource.slugs,
    access: 'write' as const,
  };
  if (resource.path !== '/v1/webhook_endpoints') {
    return {
      ...base,
      run: (state) => {
        if (id !== '' && resource.find(state, id) === undefined) throw missing(resource.noun, id);
        throw new ApiError(400, { message: 'The simulator takes no writes on this resource.' });
      },
    };
  }
  if (method === 'DELETE') {
    return { ...base, run: (state) => json(deleteWebhookEndpoint(state, id)) };
  }
  return {
    ...base,
    run: (state, form) =>
      json(id === '' ? createWebhookEndpoint(state, form) : updateWebhookEndpoint(state, id, form)),
  };
}

export function findEndpoint(method: string, path: string): Endpoint {
  const found = method === 'GET' ? findRead(path) : findWrite(method, path);
  if (found !== undefined) return found;
  throw new ApiError(404, {
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });
}
