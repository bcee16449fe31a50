import type { State } from '../state.ts';
import { renderWebhookEndpoint } from '../resources/webhook-endpoint.ts';
import type { WebhookEndpointRow } from '../resources/webhook-endpoint.ts';
import { isKnownVersion } from '../versions/version.ts';
import { ApiError, missing } from './errors.ts';
import { checkParams } from './list.ts';
import { listOf } from './query.ts';
import type { Form, FormValue } from './query.ts';

const CAP = 16;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Live endpoints must be public https; test mode also takes http on this machine. */
function checkUrl(state: State, value: FormValue | undefined): string {
  if (typeof value !== 'string' || value === '') {
    throw new ApiError(400, {
      code: 'parameter_missing',
      message: 'Missing required param: url.',
      param: 'url',
    });
  }
  const url = URL.canParse(value) ? new URL(value) : null;
  const local = url !== null && LOOPBACK.has(url.hostname);
  const accepted = url?.protocol === 'https:' || (url?.protocol === 'http:' && local);
  if (url === null || !accepted || (state.settings.livemode && local)) {
    throw new ApiError(400, {
      code: 'url_invalid',
      message: 'Invalid URL: URL must be publicly accessible and use https.',
      param: 'url',
    });
  }
  return value;
}

function checkEvents(value: FormValue | undefined): string[] {
  const events = listOf(value);
  const wrong = events.find((type) => type !== '*' && !/^[a-z_]+(\.[a-z_]+)+$/.test(type));
  if (wrong !== undefined || events.length === 0) {
    throw new ApiError(400, {
      message:
        wrong === undefined
          ? 'Missing required param: enabled_events.'
          : `Invalid enabled_events: must be one of the event types; got ${wrong}`,
      param: 'enabled_events',
    });
  }
  return events;
}

function readMetadata(old: Record<string, string>, value: FormValue | undefined) {
  if (value === undefined) return old;
  if (typeof value === 'string') return {};
  const merged = { ...old };
  for (const [key, entry] of Object.entries(value)) {
    if (entry === '') delete merged[key];
    else if (typeof entry === 'string') merged[key] = entry;
  }
  return merged;
}

export function createWebhookEndpoint(state: State, form: Form) {
  checkParams(form, [
    'url',
    'enabled_events',
    'api_version',
    'connect',
    'description',
    'metadata',
    'expand',
  ]);
  const url = checkUrl(state, form['url']);
  const enabled_events = checkEvents(form['enabled_events']);
  const version = form['api_version'];
  if (typeof version === 'string' && !isKnownVersion(version)) {
    throw new ApiError(400, {
      message: `Invalid api_version: ${version} is not a known version`,
      param: 'api_version',
    });
  }
  if (state.webhookEndpoints.size >= CAP) {
    const mode = state.settings.livemode ? 'live' : 'test';
    throw new ApiError(400, {
      message: `You have reached the maximum of ${CAP} ${mode} webhook endpoints`,
    });
  }
  const row = state.webhookEndpoints.put({
    id: state.ids.make('we_', 24),
    created: state.now(),
    url,
    enabled_events,
    api_version: typeof version === 'string' ? version : null,
    description: typeof form['description'] === 'string' ? form['description'] : null,
    metadata: readMetadata({}, form['metadata']),
    status: 'enabled',
    secret: state.ids.make('whsec_', 32),
  });
  return renderWebhookEndpoint(state, row, true);
}

function getEndpoint(state: State, id: string): WebhookEndpointRow {
  const row = state.webhookEndpoints.find(id);
  if (row === undefined) throw missing('webhook endpoint', id);
  return row;
}

export function updateWebhookEndpoint(state: State, id: string, form: Form) {
  checkParams(form, ['url', 'enabled_events', 'description', 'disabled', 'metadata', 'expand']);
  const row = getEndpoint(state, id);
  const disabled = form['disabled'];
  const after = state.webhookEndpoints.put({
    ...row,
    url: form['url'] === undefined ? row.url : checkUrl(state, form['url']),
    enabled_events:
      form['enabled_events'] === undefined
        ? row.enabled_events
        : checkEvents(form['enabled_events']),
    description: typeof form['description'] === 'string' ? form['description'] : row.description,
    status: disabled === undefined ? row.status : disabled === 'true' ? 'disabled' : 'enabled',
    metadata: readMetadata(row.metadata, form['metadata']),
  });
  return renderWebhookEndpoint(state, after);
}

export function deleteWebhookEndpoint(state: State, id: string) {
  getEndpoint(state, id);
  state.webhookEndpoints.remove(id);
  return { id, object: 'webhook_endpoint' as const, deleted: true as const };
}
