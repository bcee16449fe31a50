import type { FastifyRequest } from 'fastify';
import { IdParams } from '../contract/notation.ts';
import {
  Removal,
  RemovalBody,
  SourceEventPage,
  SourceEventQuery,
  SourcePatch,
} from '../contract/source-actions.ts';
import { AddressCheck, KeyBody, Source, SourceCheck } from '../contract/sources.ts';
import { recordAudit } from '../../access/index.ts';
import type { Context } from '../../platform/index.ts';
import {
  checkAddress,
  checkPermissions,
  checkSource,
  copyAgain,
  disconnectSource,
  editSource,
  getSource,
  listSourceEvents,
  pauseSource,
  replaceKey,
  resumeSource,
  retrySource,
  retryWebhook,
  rotateSecret,
} from '../../stripe/index.ts';
import type { SourceView } from '../../stripe/index.ts';
import { removeSource } from '../../worker/index.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { userIdOf } from '../guard.ts';
import type { Api } from '../wire.ts';

const tags = ['sources'];

/** What can be done to a connected account. */
export function addSourceActions(api: Api, ctx: Context): void {
  addDeeds(api, ctx);
  addChecks(api, ctx);
  addChanges(api, ctx);
  addTroubledEvents(api, ctx);
}

/** Deeds without a body that answer the source as it is afterwards. */
function addDeeds(api: Api, ctx: Context): void {
  const deeds = [
    ['webhook', 'Make the webhook endpoint again', 'source.webhook_retried', retryWebhook],
    ['webhook/rotate', 'Replace the webhook secret', 'source.secret_rotated', rotateSecret],
    ['pause', 'Stop reading and applying', 'source.paused', pauseSource],
    ['resume', 'Go on, or try the key again', 'source.resumed', resumeSource],
    ['sync', 'Copy the whole account again', 'source.copied_again', copyAgain],
    ['retry', 'Try all that failed again at once', 'source.retried', retrySource],
    [
      'permissions/check',
      'Try every permission of the key',
      'source.permissions_checked',
      checkPermissions,
    ],
    ['disconnect', 'Remove our webhook; the data stays', 'source.disconnected', disconnectSource],
  ] as const;
  for (const [name, summary, action, act] of deeds) {
    api.post(
      `/sources/:id/${name}`,
      { schema: { summary, tags, params: IdParams, response: { 200: Source } } },
      async (request) => noted(ctx, request, action, await act(ctx, request.params.id)),
    );
  }
}

function addChecks(api: Api, ctx: Context): void {
  api.post(
    '/sources/:id/webhook/check',
    {
      schema: {
        summary: 'Call our own public address and say what answers',
        tags,
        params: IdParams,
        response: { 200: AddressCheck },
      },
    },
    async (request) => {
      const check = await checkAddress(ctx, request.params.id);
      const source = await getSource(ctx, request.params.id);
      await noted(ctx, request, 'source.address_checked', source, { ok: check.ok });
      return check;
    },
  );
  api.post(
    '/sources/:id/check',
    {
      schema: {
        summary: 'Compare a sample with Stripe now, and repair what differs',
        tags,
        params: IdParams,
        response: { 200: SourceCheck },
      },
    },
    async (request) => {
      const check = await checkSource(ctx, request.params.id);
      const source = await getSource(ctx, request.params.id);
      await noted(ctx, request, 'source.checked', source, { sentence: check.sentence });
      return check;
    },
  );
}

function addChanges(api: Api, ctx: Context): void {
  api.put(
    '/sources/:id/key',
    {
      schema: {
        summary: 'Use another key for this account',
        tags,
        params: IdParams,
        body: KeyBody,
        response: { 200: Source },
      },
    },
    async (request) => {
      const source = await replaceKey(ctx, request.params.id, request.body.key);
      return await noted(ctx, request, 'source.key_replaced', source);
    },
  );
  api.patch(
    '/sources/:id',
    {
      schema: {
        summary: 'Change name, time zone, test clocks or share of the rate limit',
        tags,
        params: IdParams,
        body: SourcePatch,
        response: { 200: Source },
      },
    },
    async (request) => {
      const source = await editSource(ctx, request.params.id, request.body);
      return await noted(ctx, request, 'source.changed', source, { changed: request.body });
    },
  );
  api.delete(
    '/sources/:id',
    {
      schema: {
        summary: 'Remove a data source, keeping everything, its people, or nothing',
        tags,
        params: IdParams,
        body: RemovalBody,
        response: { 200: Removal },
      },
    },
    async (request) => {
      const source = await getSource(ctx, request.params.id);
      const { keep } = request.body;
      // Noted first: nothing of it is left afterwards, and it goes on by itself once begun.
      await noted(ctx, request, 'source.deleted', source, { keep });
      return await removeSource(ctx, source.id, keep);
    },
  );
}

function addTroubledEvents(api: Api, ctx: Context): void {
  api.get(
    '/sources/:id/events',
    {
      schema: {
        summary: 'Events that could not be applied, newest first',
        tags,
        params: IdParams,
        querystring: SourceEventQuery,
        response: { 200: SourceEventPage },
      },
    },
    async ({ params, query }) => {
      const { rows, next } = await listSourceEvents(ctx, {
        source_id: params.id,
        state: query.state,
        before: readCursor(query.cursor),
      });
      return { rows, next_cursor: writeCursor(next) };
    },
  );
}

/** These deeds talk to Stripe, so no transaction is held around them; the note follows. */
export async function noted(
  ctx: Context,
  request: FastifyRequest,
  action: string,
  source: SourceView,
  more: Record<string, unknown> = {},
): Promise<SourceView> {
  await recordAudit(ctx, {
    user_id: userIdOf(request),
    action,
    subject: `source/${source.id}`,
    detail: { name: source.name, mode: source.mode, state: source.state, ...more },
  });
  return source;
}
