import { ActivityPage, ActivityQuery } from '../contract/activities.ts';
import { IdParams } from '../contract/notation.ts';
import { PeoplePage, PeopleQuery, PersonDetail } from '../contract/people.ts';
import { listActivities } from '../../activities/index.ts';
import { listPersonAudiences } from '../../audiences/index.ts';
import { listOutbox } from '../../messages/index.ts';
import { getMrrHistory } from '../../metrics/index.ts';
import { getPerson, listPeople } from '../../people/index.ts';
import type { Context } from '../../platform/index.ts';
import { listPersonRuns } from '../../playbooks/index.ts';
import { readActivityQuery } from '../activity-query.ts';
import { listMemberIds } from '../queries.ts';
import type { Api } from '../wire.ts';

const tags = ['people'];

export function addPeople(api: Api, ctx: Context): void {
  api.get(
    '/people',
    {
      schema: {
        summary: 'People, searched and sorted',
        tags,
        querystring: PeopleQuery,
        response: { 200: PeoplePage },
      },
    },
    async ({ query: { audience_id, descending, ...query } }) => {
      const person_ids = audience_id ? await listMemberIds(ctx, audience_id) : undefined;
      const direction = descending === undefined ? {} : { descending: descending === 'true' };
      return await listPeople(ctx, { ...query, ...direction, person_ids });
    },
  );
  api.get(
    '/people/:id',
    {
      schema: {
        summary: 'All about one person',
        tags,
        params: IdParams,
        response: { 200: PersonDetail },
      },
    },
    async (request) => await describePerson(ctx, request.params.id),
  );
  api.get(
    '/people/:id/activities',
    {
      schema: {
        summary: 'What one person did, newest first',
        tags,
        params: IdParams,
        querystring: ActivityQuery,
        response: { 200: ActivityPage },
      },
    },
    async ({ params, query }) =>
      await listActivities(ctx, { ...readActivityQuery(query), person_id: params.id }),
  );
}

async function describePerson(ctx: Context, asked: number) {
  const profile = await getPerson(ctx, asked);
  // Somebody who was merged is answered as whom they became.
  const id = profile.person.person_id;
  const [audiences, runs, mails, ledger] = await Promise.all([
    listPersonAudiences(ctx, id),
    listPersonRuns(ctx, id),
    listOutbox(ctx, { person_id: id }),
    getMrrHistory(ctx, id),
  ]);
  const { versions } = ledger;
  const movements = ledger.movements.toReversed();
  const mrr_history = ledger.points.map(({ date, ...point }) => ({ on_date: date, ...point }));
  return { ...profile, audiences, runs, mails: mails.rows, mrr_history, movements, versions };
}
