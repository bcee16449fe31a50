import type http from 'node:http';
import type { Json } from './wire.ts';
import { isJson } from './wire.ts';

const PREFIX = '/_simulator/';

/** What the control plane can call, by name. */
export interface Controlled {
  state(): Json;
  advance(to: never): Promise<void>;
  verbs: object;
  faults: object;
  keys: object;
  webhooks: object;
}

type Verb = (...args: unknown[]) => unknown;

/** What Object itself has, and what is not meant for callers, cannot be called over HTTP. */
const HIDDEN = new Set([...Object.getOwnPropertyNames(Object.prototype), 'ready']);

function methodOf(target: object, name: string): Verb | undefined {
  if (HIDDEN.has(name) || Object.hasOwn(target, name)) return undefined;
  const method = (target as Record<string, unknown>)[name];
  return typeof method === 'function' ? (method as Verb).bind(target) : undefined;
}

/**
 * The paths by which a person or another process drives the simulator:
 * `GET /_simulator/state`, `POST /_simulator/advance {"days": 3}`, and `POST /_simulator/<verb>`
 * for every verb of the world (`keys.<verb>`, `faults.<verb>` and `webhooks.<verb>` too). The body is the verb's one
 * argument, or an array of its arguments.
 */
export function createControl(target: Controlled) {
  const call = async (name: string, body: string): Promise<Json> => {
    if (name === 'state') return target.state();
    const parsed: unknown = body === '' ? {} : JSON.parse(body);
    if (name === 'advance') {
      await target.advance(parsed as never);
      return target.state();
    }
    const [group, inner] = name.includes('.') ? name.split('.', 2) : ['verbs', name];
    const { verbs, keys, faults, webhooks } = target;
    const owner = { verbs, keys, faults, webhooks }[group ?? ''];
    const verb = owner === undefined ? undefined : methodOf(owner, inner ?? '');
    if (verb === undefined) throw new Error(`The simulator has no verb ${name}`);
    const result = await verb(...(Array.isArray(parsed) ? parsed : [parsed]));
    return isJson(result) ? result : { result: result ?? null };
  };
  return (request: http.IncomingMessage, path: string, body: string): Promise<Json> | null => {
    if (!path.startsWith(PREFIX)) return null;
    // A page that happens to be open in a browser here must not drive the account.
    if (request.headers.origin !== undefined) throw new Error('Not from a web page');
    return call(path.slice(PREFIX.length), body);
  };
}
