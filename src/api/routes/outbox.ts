import { Mail, MailParams, OutboxPage, OutboxQuery } from '../contract/outbox.ts';
import { countOutbox, getOutboxMail, listOutbox } from '../../messages/index.ts';
import type { Context } from '../../platform/index.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { Api } from '../wire.ts';

const tags = ['outbox'];

/** Every mail we mean to send, sent, kept or failed. */
export function addOutbox(api: Api, ctx: Context): void {
  api.get(
    '/outbox',
    {
      schema: {
        summary: 'Mails, newest first',
        tags,
        querystring: OutboxQuery,
        response: { 200: OutboxPage },
      },
    },
    async ({ query: { state, cursor, ...query } }) => {
      const after = readCursor(cursor);
      const { rows, next } = await listOutbox(ctx, {
        ...query,
        ...(after ? { before: { created_at: after.at, id: after.id } } : {}),
        ...(state ? { states: [state] } : {}),
      });
      const next_cursor = writeCursor(next && { at: next.created_at, id: next.id });
      return { rows, next_cursor, counts: await countOutbox(ctx) };
    },
  );
  api.get(
    '/outbox/:id',
    {
      schema: {
        summary: 'One mail with its body',
        tags,
        params: MailParams,
        response: { 200: Mail },
      },
    },
    async (request) => await getOutboxMail(ctx, request.params.id),
  );
}
