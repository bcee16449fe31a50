import { ActivityPage, ActivityQuery } from '../contract/activities.ts';
import { IdParams } from '../contract/notation.ts';
import { ConnectBody, Source, SourceDetail, SourceList } from '../contract/sources.ts';
import { listActivities } from '../../activities/index.ts';
import { AppError } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { connectSource, listSources } from '../../stripe/index.ts';
import { furnishFrom } from '../../worker/index.ts';
import { readActivityQuery } from '../activity-query.ts';
import { createCounter, describeSource } from '../describe-source.ts';
import type { Api } from '../wire.ts';
import { noted } from './source-actions.ts';

const tags = ['sources'];
const answer = { 200: Source };

export function addSources(api: Api, ctx: Context): void {
  const count = createCounter(ctx);
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
    async (request) => await describeSource(ctx, request.params.id, count),
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
}
