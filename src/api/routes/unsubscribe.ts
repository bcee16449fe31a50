import { describeUnsubscribe, resubscribe, unsubscribe } from '../../messages/index.ts';
import type { UnsubscribeView } from '../../messages/index.ts';
import type { Context } from '../../platform/index.ts';
import type { Api } from '../wire.ts';

interface Link {
  Params: { token: string };
  Body: Buffer | undefined;
}

/**
 * /unsubscribe/:token, for readers without an account: GET shows a button and changes nothing, POST
 * does it. A mail program posts `List-Unsubscribe=One-Click` by itself (RFC 8058), so there is no
 * CSRF token; the signed link is the permission.
 */
export async function addUnsubscribe(app: Api, ctx: Context): Promise<void> {
  await app.register(async (pages: Api) => {
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: 4_096 },
      (_request, body, done) => done(null, body),
    );
    const hide = { schema: { hide: true } };
    pages.get<Link>('/unsubscribe/:token', hide, async (request, reply) => {
      const view = await describeUnsubscribe(ctx, request.params.token);
      return await reply
        .code(view.ok ? 200 : 404)
        .type('text/html')
        .send(render(view));
    });
    pages.post<Link>('/unsubscribe/:token', hide, async (request, reply) => {
      const body = request.body?.toString('utf8') ?? '';
      const { token } = request.params;
      const view = body.includes('choice=subscribe')
        ? await resubscribe(ctx, token)
        : await unsubscribe(ctx, token, /List-Unsubscribe/i.test(body) ? 'one_click' : 'link');
      return await reply
        .code(view.ok ? 200 : 404)
        .type('text/html')
        .send(render(view));
    });
  });
}

function render(view: UnsubscribeView): string {
  const title = view.ok ? view.workspace_name : 'Link not complete';
  const back = view.ok && view.state === 'unsubscribed';
  const button = back
    ? '<button name="choice" value="subscribe" class="quiet">Subscribe again</button>'
    : '<button name="choice" value="unsubscribe">Unsubscribe</button>';
  const address = view.ok && view.address ? `<p class="quiet">${escape(view.address)}</p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 1rem }
main { max-width: 26rem; text-align: center }
button { font: inherit; padding: .6rem 1.4rem; border-radius: .5rem; border: 1px solid currentColor; cursor: pointer }
.quiet { opacity: .75; background: none }
</style>
</head>
<body><main>
<h1>${escape(title)}</h1>
<p role="status">${escape(view.sentence)}</p>
${address}${view.ok ? `<form method="post">${button}</form>` : ''}
</main></body>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
