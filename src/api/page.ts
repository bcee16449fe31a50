import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ErrorBody } from './contract/errors.ts';
import type { Api } from './wire.ts';

/**
 * The built page. Files under /assets carry a hash in their name and may be kept for good; every
 * address that is not ours otherwise gets index.html, since the page has its own routes.
 */
export async function addPage(app: Api, webRoot: string): Promise<void> {
  const built = existsSync(path.join(webRoot, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: webRoot,
      index: false,
      schemaHide: true,
      cacheControl: false,
      setHeaders(reply, file) {
        const hashed = file.startsWith(path.join(webRoot, 'assets') + path.sep);
        void reply.header(
          'cache-control',
          hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply.sendFile('index.html'),
    );
  }
  app.setNotFoundHandler(async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://page');
    const forPage = request.method === 'GET' && !/^\/(api|webhooks|assets)(\/|$)/.test(pathname);
    if (forPage && built) return await reply.sendFile('index.html');
    const body: ErrorBody =
      forPage && !built
        ? { code: 'page_not_built', message: 'The page has not been built. Run: npm run build' }
        : { code: 'not_found', message: 'There is nothing at this address.' };
    return await reply.code(404).send(body);
  });
}
