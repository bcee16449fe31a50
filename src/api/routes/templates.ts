import { TemplateList, TemplateParams } from '../contract/templates.ts';
import type { Context } from '../../platform/index.ts';
import { addTemplate, listTemplates, removeTemplate } from '../../templates/index.ts';
import { audited } from '../audited.ts';
import type { Api } from '../wire.ts';

const tags = ['templates'];
const answer = { 200: TemplateList };

/** The starter set. A key has a slash in it, which stands as %2F in the address. */
export function addTemplates(api: Api, ctx: Context): void {
  api.get(
    '/templates',
    { schema: { summary: 'The starter set and what is installed', tags, response: answer } },
    async () => ({ templates: await listTemplates(ctx) }),
  );
  const actions = [
    ['add', 'Add a piece of the starter set', 'template.added', addTemplate],
    ['remove', 'Remove a piece for good', 'template.removed', removeTemplate],
  ] as const;
  for (const [name, summary, action, act] of actions) {
    api.post(
      `/templates/:key/${name}`,
      { schema: { summary, tags, params: TemplateParams, response: answer } },
      async (request) =>
        await audited(ctx, request, action, async (tx) => {
          const { key } = request.params;
          await act(tx, key);
          return {
            answer: { templates: await listTemplates(tx) },
            subject: `template/${key}`,
          };
        }),
    );
  }
}
