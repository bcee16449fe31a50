import { Mail, MailParams, OutboxPage, OutboxQuery } from '../contract/outbox.ts';
import { countOutbox, getOutboxMail, listOutbox } from '../../messages/index.ts';
import type { Context } from '../../platform/index.ts';
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
    async ({ query: { state, before_at, before_id, ...query } }) => {
      const before =
        before_at && before_id ? { created_at: new Date(before_at), id: before_id } : undefined;
      const page = await listOutbox(ctx, { ...query, before, states: state ? [state] : undefined });
      return { ...page, counts: await countOutbox(ctx) };
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
