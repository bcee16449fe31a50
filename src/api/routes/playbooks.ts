import { Done, IdParams } from '../contract/notation.ts';
import {
  Playbook,
  PlaybookBody,
  PlaybookList,
  PlaybookStateBody,
  RunDetail,
  RunPage,
  RunParams,
  RunQuery,
} from '../contract/playbooks.ts';
import {
  getPlaybook,
  getRun,
  listPlaybooks,
  listRuns,
  removePlaybook,
  savePlaybook,
  switchPlaybook,
} from '../../playbooks/index.ts';
import type { PlaybookDraft } from '../../playbooks/index.ts';
import { AppError } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { audited } from '../audited.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { Api } from '../wire.ts';

const tags = ['playbooks'];
const answer = { 200: Playbook };

export function addPlaybooks(api: Api, ctx: Context): void {
  api.get(
    '/playbooks',
    {
      schema: { summary: 'All playbooks with their counts', tags, response: { 200: PlaybookList } },
    },
    async () => ({ playbooks: await listPlaybooks(ctx) }),
  );
  api.post(
    '/playbooks',
    { schema: { summary: 'Make a playbook', tags, body: PlaybookBody, response: answer } },
    async (request) =>
      await audited(ctx, request, 'playbook.saved', async (tx) => await save(tx, request.body)),
  );
  api.get(
    '/playbooks/:id',
    { schema: { summary: 'One playbook', tags, params: IdParams, response: answer } },
    async (request) => await getPlaybook(ctx, request.params.id),
  );
  api.put(
    '/playbooks/:id',
    {
      schema: {
        summary: 'Change a playbook',
        tags,
        params: IdParams,
        body: PlaybookBody,
        response: answer,
      },
    },
    async (request) => {
      const draft = { ...request.body, id: request.params.id };
      return await audited(ctx, request, 'playbook.saved', async (tx) => await save(tx, draft));
    },
  );
  api.delete(
    '/playbooks/:id',
    { schema: { summary: 'Remove a playbook', tags, params: IdParams, response: { 200: Done } } },
    async (request) =>
      await audited(ctx, request, 'playbook.removed', async (tx) => {
        await removePlaybook(tx, request.params.id);
        return { answer: { done: true as const }, subject: `playbook/${request.params.id}` };
      }),
  );
  addSwitch(api, ctx);
  addRuns(api, ctx);
}

function addSwitch(api: Api, ctx: Context): void {
  api.post(
    '/playbooks/:id/state',
    {
      schema: {
        summary: 'Switch a playbook on, off or to pause',
        tags,
        params: IdParams,
        body: PlaybookStateBody,
        response: answer,
      },
    },
    async (request) =>
      await audited(ctx, request, 'playbook.switched', async (tx) => {
        const { id } = request.params;
        await switchPlaybook(tx, id, request.body.state);
        return {
          answer: await getPlaybook(tx, id),
          subject: `playbook/${id}`,
          detail: request.body,
        };
      }),
  );
}

function addRuns(api: Api, ctx: Context): void {
  api.get(
    '/playbooks/:id/runs',
    {
      schema: {
        summary: 'Who went through a playbook, newest first',
        tags,
        params: IdParams,
        querystring: RunQuery,
        response: { 200: RunPage },
      },
    },
    async ({ params, query: { state, cursor, ...query } }) => {
      const after = readCursor(cursor);
      const { rows, next } = await listRuns(ctx, params.id, {
        ...query,
        ...(state ? { states: [state] } : {}),
        ...(after ? { before: { entered_at: after.at, id: after.id } } : {}),
      });
      return { rows, next_cursor: writeCursor(next && { at: next.entered_at, id: next.id }) };
    },
  );
  api.get(
    '/runs/:id',
    {
      schema: {
        summary: 'One person’s way through a playbook',
        tags,
        params: RunParams,
        response: { 200: RunDetail },
      },
    },
    async (request) => await getRun(ctx, request.params.id),
  );
}

async function save(tx: Context, draft: PlaybookDraft) {
  const outcome = await savePlaybook(tx, draft);
  if (!outcome.ok) {
    const sentence = outcome.problems[0]?.sentence ?? 'The playbook cannot be saved as it is.';
    throw new AppError('invalid_playbook', sentence, { detail: { problems: outcome.problems } });
  }
  const { id } = outcome.playbook;
  return { answer: await getPlaybook(tx, id), subject: `playbook/${id}` };
}
