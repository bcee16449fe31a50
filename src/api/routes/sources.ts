import type { FastifyRequest } from 'fastify';
import { ActivityPage, ActivityQuery } from '../contract/activities.ts';
import { IdParams } from '../contract/notation.ts';
import { ConnectBody, KeyBody, Source, SourceDetail, SourceList } from '../contract/sources.ts';
import { recordAudit } from '../../access/index.ts';
import { countActivitiesByDay, listActivities } from '../../activities/index.ts';
import { countObjects } from '../../objects/index.ts';
import { countPeople } from '../../people/index.ts';
import { AppError } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import {
  connectSource,
  copyAgain,
  disconnectSource,
  getSource,
  getSyncProgress,
  listSources,
  pauseSource,
  replaceKey,
  resumeSource,
  retryWebhook,
} from '../../stripe/index.ts';
import type { SourceView } from '../../stripe/index.ts';
import { furnishFrom } from '../../worker/index.ts';
import { readActivityQuery } from '../activity-query.ts';
import { userIdOf } from '../guard.ts';
import type { Api } from '../wire.ts';

const tags = ['sources'];
const answer = { 200: Source };

export function addSources(api: Api, ctx: Context): void {
  api.get(
    '/sources',
    { schema: { summary: 'The connected accounts', tags, response: { 200: SourceList } } },
    async () => ({ sources: await listSources(ctx) }),
  );
  api.post(
    '/sources',
    { schema: { summary: 'Connect an account', tags, body: ConnectBody, response: answer } },
    async (request) => {
      const outcome = await connectSource(ctx, request.body);
      if (!outcome.ok) {
        throw new AppError(outcome.code, outcome.sentence, { detail: outcome.detail });
      }
      await furnishFrom(ctx, outcome.source);
      return await noted(ctx, request, 'source.connected', outcome.source);
    },
  );
  api.get(
    '/sources/:id',
    {
      schema: {
        summary: 'One account: state, sync, health and what came in',
        tags,
        params: IdParams,
        response: { 200: SourceDetail },
      },
    },
    async (request) => await describeSource(ctx, request.params.id),
  );
  api.get(
    '/sources/:id/activities',
    {
      schema: {
        summary: 'What happened in this account, newest first',
        tags,
        params: IdParams,
        querystring: ActivityQuery,
        response: { 200: ActivityPage },
      },
    },
    async ({ params, query }) =>
      await listActivities(ctx, { ...readActivityQuery(query), source_id: params.id }),
  );
  addSourceActions(api, ctx);
}

function addSourceActions(api: Api, ctx: Context): void {
  const actions = [
    ['webhook', 'Make the webhook endpoint again', 'source.webhook_retried', retryWebhook],
    ['pause', 'Stop reading and applying', 'source.paused', pauseSource],
    ['resume', 'Go on, or try the key again', 'source.resumed', resumeSource],
    ['sync', 'Copy the whole account again', 'source.copied_again', copyAgain],
    ['disconnect', 'Remove our webhook; the data stays', 'source.disconnected', disconnectSource],
  ] as const;
  for (const [name, summary, action, act] of actions) {
    api.post(
      `/sources/:id/${name}`,
      { schema: { summary, tags, params: IdParams, response: answer } },
      async (request) => noted(ctx, request, action, await act(ctx, request.params.id)),
    );
  }
  api.put(
    '/sources/:id/key',
    {
      schema: {
        summary: 'Use another key for this account',
        tags,
        params: IdParams,
        body: KeyBody,
        response: answer,
      },
    },
    async (request) => {
      const source = await replaceKey(ctx, request.params.id, request.body.key);
      return await noted(ctx, request, 'source.key_replaced', source);
    },
  );
}

/** These deeds talk to Stripe, so no transaction is held around them; the note follows. */
async function noted(
  ctx: Context,
  request: FastifyRequest,
  action: string,
  source: SourceView,
): Promise<SourceView> {
  await recordAudit(ctx, {
    user_id: userIdOf(request),
    action,
    subject: `source/${source.id}`,
    detail: { name: source.name, mode: source.mode, state: source.state },
  });
  return source;
}

const DAYS = 14;
const DAY_MS = 86_400_000;

async function describeSource(ctx: Context, id: number) {
  const source = await getSource(ctx, id);
  const now = ctx.clock.now().getTime();
  const [progress, days, objects, people] = await Promise.all([
    getSyncProgress(ctx, id),
    countActivitiesByDay(ctx, {
      from: new Date(now - DAYS * DAY_MS),
      to: new Date(now + 1),
      source_id: id,
      time_zone: source.time_zone,
    }),
    countObjects(ctx, id),
    countPeople(ctx, { source_id: id }),
  ]);
  // The span begins in the middle of a day; only whole days are shown.
  const chart = days.slice(-DAYS);
  const { last_event_at, last_webhook_at, lag_s, events_waiting } = source.webhook;
  const activities_14_days = chart.reduce((sum, day) => sum + day.count, 0);
  const health = { last_event_at, last_webhook_at, lag_s, events_waiting, people };
  return { source, progress, health: { ...health, activities_14_days }, chart, objects };
}
