import {
  Audience,
  AudienceBody,
  AudienceList,
  AudiencePreview,
  MemberPage,
  MemberQuery,
  PreviewAudienceBody,
  Why,
  WhyParams,
} from '../contract/audiences.ts';
import { Done, IdParams } from '../contract/notation.ts';
import {
  explainMembership,
  getAudience,
  listAudiences,
  listMembers,
  previewAudience,
  removeAudience,
  saveAudience,
} from '../../audiences/index.ts';
import { listPeople } from '../../people/index.ts';
import type { Context } from '../../platform/index.ts';
import { audited } from '../audited.ts';
import type { Api } from '../wire.ts';

const tags = ['audiences'];

export function addAudiences(api: Api, ctx: Context): void {
  api.get(
    '/audiences',
    { schema: { summary: 'All audiences with their size', tags, response: { 200: AudienceList } } },
    async () => ({ audiences: await listAudiences(ctx) }),
  );
  api.post(
    '/audiences',
    {
      schema: {
        summary: 'Make an audience',
        tags,
        body: AudienceBody,
        response: { 200: Audience },
      },
    },
    async (request) =>
      await audited(ctx, request, 'audience.saved', async (tx) => {
        const audience = await saveAudience(tx, request.body);
        return { answer: audience, subject: `audience/${audience.id}` };
      }),
  );
  api.post(
    '/audiences/preview',
    {
      schema: {
        summary: 'How many people a definition would hold',
        tags,
        body: PreviewAudienceBody,
        response: { 200: AudiencePreview },
      },
    },
    async ({ body }) => await previewAudience(ctx, body.definition, { exact: body.exact ?? true }),
  );
  addOneAudience(api, ctx);
}

function addOneAudience(api: Api, ctx: Context): void {
  api.get(
    '/audiences/:id',
    { schema: { summary: 'One audience', tags, params: IdParams, response: { 200: Audience } } },
    async (request) => await getAudience(ctx, request.params.id),
  );
  api.put(
    '/audiences/:id',
    {
      schema: {
        summary: 'Change an audience',
        tags,
        params: IdParams,
        body: AudienceBody,
        response: { 200: Audience },
      },
    },
    async (request) =>
      await audited(ctx, request, 'audience.saved', async (tx) => ({
        answer: await saveAudience(tx, { ...request.body, id: request.params.id }),
        subject: `audience/${request.params.id}`,
      })),
  );
  api.delete(
    '/audiences/:id',
    { schema: { summary: 'Remove an audience', tags, params: IdParams, response: { 200: Done } } },
    async (request) =>
      await audited(ctx, request, 'audience.removed', async (tx) => {
        await removeAudience(tx, request.params.id);
        return { answer: { done: true as const }, subject: `audience/${request.params.id}` };
      }),
  );
  api.get(
    '/audiences/:id/members',
    {
      schema: {
        summary: 'The people in an audience, who entered last first',
        tags,
        params: IdParams,
        querystring: MemberQuery,
        response: { 200: MemberPage },
      },
    },
    async ({ params, query }) => await showMembers(ctx, params.id, query),
  );
  api.get(
    '/audiences/:id/why/:person_id',
    {
      schema: {
        summary: 'Why a person is in an audience or not',
        tags,
        params: WhyParams,
        response: { 200: Why },
      },
    },
    async ({ params }) => await explainMembership(ctx, params.id, params.person_id),
  );
}

/** Members as the rows every list of people shows, and how many there are in all. */
async function showMembers(ctx: Context, id: number, query: MemberQuery) {
  const { size } = await getAudience(ctx, id);
  const { rows, next_cursor } = await listMembers(ctx, id, query);
  const person_ids = rows.map((row) => row.person_id);
  const people = await listPeople(ctx, { person_ids, limit: 200 });
  const byId = new Map(people.rows.map((person) => [person.person_id, person]));
  const members = rows.flatMap(({ person_id, entered_at }) => {
    const person = byId.get(person_id);
    return person ? [{ ...person, entered_at }] : [];
  });
  return { rows: members, next_cursor, total: size };
}
