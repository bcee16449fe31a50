import swagger from '@fastify/swagger';
import type { Api } from './wire.ts';

/** Collects the contracts of all routes registered after this into one document. */
export async function addOpenApi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Headwater',
        version: '1',
        description:
          'Everything the page does. Sign in with POST /api/session; send its csrf_token as x-csrf-token with everything that changes something.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'headwater_session' },
        },
      },
      security: [{ session: [] }],
    },
    // A public route says so in the document too.
    transform: ({ schema, url, route }) => ({
      url,
      schema: route.config?.public ? { ...schema, security: [] } : schema,
    }),
  });
}
