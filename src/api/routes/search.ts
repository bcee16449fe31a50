import { SearchQuery, SearchResult } from '../contract/search.ts';
import type { SearchHit } from '../contract/search.ts';
import { listAudiences } from '../../audiences/index.ts';
import { listEmails } from '../../messages/index.ts';
import { listPeople } from '../../people/index.ts';
import type { Context } from '../../platform/index.ts';
import { listPlaybooks } from '../../playbooks/index.ts';
import { listDashboards } from '../../reports/index.ts';
import { listSources } from '../../stripe/index.ts';
import type { Api } from '../wire.ts';

const PEOPLE = 6;
const OTHERS = 4; // of each kind

/** GET /api/search, for the command palette: people first, then whatever else bears the name. */
export function addSearch(api: Api, ctx: Context): void {
  api.get(
    '/search',
    {
      schema: {
        summary: 'People, audiences, dashboards, playbooks, e-mails and accounts by name',
        tags: ['search'],
        querystring: SearchQuery,
        response: { 200: SearchResult },
      },
    },
    async (request) => {
      const words = request.query.q.trim();
      if (words === '') return { hits: [] };
      const [people, named] = await Promise.all([findPeople(ctx, words), findNamed(ctx, words)]);
      return { hits: [...people, ...named] };
    },
  );
}

async function findPeople(ctx: Context, search: string): Promise<SearchHit[]> {
  const { rows } = await listPeople(ctx, { search, limit: PEOPLE });
  return rows.map((person) => ({
    kind: 'person',
    id: person.person_id,
    title: person.name ?? person.email ?? `Person ${person.person_id}`,
    subtitle: person.name ? person.email : null,
  }));
}

async function findNamed(ctx: Context, words: string): Promise<SearchHit[]> {
  const [audiences, dashboards, playbooks, emails, sources] = await Promise.all([
    listAudiences(ctx),
    listDashboards(ctx),
    listPlaybooks(ctx),
    listEmails(ctx),
    listSources(ctx),
  ]);
  const pick = <T extends { id: number; name: string }>(
    kind: SearchHit['kind'],
    rows: readonly T[],
    subtitle: (row: T) => string | null,
  ): SearchHit[] =>
    rows
      .filter(({ name }) => name.toLowerCase().includes(words.toLowerCase()))
      .slice(0, OTHERS)
      .map((row) => ({ kind, id: row.id, title: row.name, subtitle: subtitle(row) }));
  return [
    ...pick('audience', audiences, (row) => row.sentence),
    ...pick('dashboard', dashboards, (row) => row.description || null),
    ...pick('playbook', playbooks, (row) => row.description || null),
    ...pick('email', emails, (row) => row.subject),
    ...pick('source', sources, (row) => row.account_id),
  ];
}
