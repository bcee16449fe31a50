import {
  Dashboard,
  DashboardBody,
  DashboardList,
  PeopleBehind,
  PeopleBehindQuery,
  TileParams,
  TileQuery,
  TileResult,
} from '../contract/dashboards.ts';
import { Done, IdParams } from '../contract/notation.ts';
import { getSettings } from '../../access/index.ts';
import type { Context } from '../../platform/index.ts';
import {
  getDashboard,
  listDashboards,
  listPeopleBehind,
  removeDashboard,
  runTile,
  saveDashboard,
} from '../../reports/index.ts';
import { audited } from '../audited.ts';
import type { Api } from '../wire.ts';

const tags = ['dashboards'];
const answer = { 200: Dashboard };

export function addDashboards(api: Api, ctx: Context): void {
  api.get(
    '/dashboards',
    { schema: { summary: 'All dashboards', tags, response: { 200: DashboardList } } },
    async () => ({ dashboards: await listDashboards(ctx) }),
  );
  api.post(
    '/dashboards',
    { schema: { summary: 'Make a dashboard', tags, body: DashboardBody, response: answer } },
    async (request) =>
      await audited(ctx, request, 'dashboard.saved', async (tx) => {
        const dashboard = await saveDashboard(tx, request.body);
        return { answer: dashboard, subject: `dashboard/${dashboard.id}` };
      }),
  );
  api.get(
    '/dashboards/:id',
    { schema: { summary: 'One dashboard', tags, params: IdParams, response: answer } },
    async (request) => await getDashboard(ctx, request.params.id),
  );
  api.put(
    '/dashboards/:id',
    {
      schema: {
        summary: 'Change a dashboard',
        tags,
        params: IdParams,
        body: DashboardBody,
        response: answer,
      },
    },
    async (request) =>
      await audited(ctx, request, 'dashboard.saved', async (tx) => ({
        answer: await saveDashboard(tx, { ...request.body, id: request.params.id }),
        subject: `dashboard/${request.params.id}`,
      })),
  );
  api.delete(
    '/dashboards/:id',
    { schema: { summary: 'Remove a dashboard', tags, params: IdParams, response: { 200: Done } } },
    async (request) =>
      await audited(ctx, request, 'dashboard.removed', async (tx) => {
        await removeDashboard(tx, request.params.id);
        return { answer: { done: true as const }, subject: `dashboard/${request.params.id}` };
      }),
  );
  addTiles(api, ctx);
}

function addTiles(api: Api, ctx: Context): void {
  api.get(
    '/dashboards/:id/tiles/:tile_id',
    {
      schema: {
        summary: 'The answer of one tile for a range',
        tags,
        params: TileParams,
        querystring: TileQuery,
        response: { 200: TileResult },
      },
    },
    async ({ params: { id, tile_id }, query }) =>
      await runTile(ctx, { dashboard_id: id, tile_id, ...(await scoped(ctx, query)) }),
  );
  api.get(
    '/dashboards/:id/tiles/:tile_id/people',
    {
      schema: {
        summary: 'The people behind a tile or one of its points',
        tags,
        params: TileParams,
        querystring: PeopleBehindQuery,
        response: { 200: PeopleBehind },
      },
    },
    async ({ params: { id, tile_id }, query }) =>
      await listPeopleBehind(ctx, { dashboard_id: id, tile_id, ...(await scoped(ctx, query)) }),
  );
}

/** The range as asked, in the workspace's time zone and, unless one is asked for, its currency. */
async function scoped<Q extends TileQuery>(ctx: Context, query: Q) {
  const { time_zone, reporting_currency } = await getSettings(ctx);
  return { ...query, time_zone, currency: query.currency ?? reporting_currency ?? undefined };
}
