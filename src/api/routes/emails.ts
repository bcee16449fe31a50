import { Email, EmailBody, EmailList, EmailPreview, PreviewEmailBody } from '../contract/emails.ts';
import { Done, IdParams } from '../contract/notation.ts';
import {
  getEmail,
  listEmails,
  previewEmail,
  removeEmail,
  saveEmail,
} from '../../messages/index.ts';
import type { SaveEmailOutcome } from '../../messages/index.ts';
import { AppError } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { audited } from '../audited.ts';
import type { Api } from '../wire.ts';

const tags = ['emails'];

export function addEmails(api: Api, ctx: Context): void {
  api.get(
    '/emails',
    { schema: { summary: 'All e-mails', tags, response: { 200: EmailList } } },
    async () => ({ emails: await listEmails(ctx) }),
  );
  api.post(
    '/emails',
    { schema: { summary: 'Write an e-mail', tags, body: EmailBody, response: { 200: Email } } },
    async (request) =>
      await audited(ctx, request, 'email.saved', async (tx) => {
        const email = saved(await saveEmail(tx, request.body));
        return { answer: email, subject: `email/${email.id}` };
      }),
  );
  api.post(
    '/emails/preview',
    {
      schema: {
        summary: 'An e-mail as one person would get it',
        tags,
        body: PreviewEmailBody,
        response: { 200: EmailPreview },
      },
    },
    async ({ body: { email_id, draft, person_id, activity } }) => {
      const email = draft ?? email_id;
      if (email === undefined) throw new AppError('bad_request', 'Give an email_id or a draft.');
      return await previewEmail(ctx, email, person_id, activity ? { activity } : {});
    },
  );
  addOneEmail(api, ctx);
}

function addOneEmail(api: Api, ctx: Context): void {
  api.get(
    '/emails/:id',
    { schema: { summary: 'One e-mail', tags, params: IdParams, response: { 200: Email } } },
    async (request) => await getEmail(ctx, request.params.id),
  );
  api.put(
    '/emails/:id',
    {
      schema: {
        summary: 'Change an e-mail',
        tags,
        params: IdParams,
        body: EmailBody,
        response: { 200: Email },
      },
    },
    async (request) =>
      await audited(ctx, request, 'email.saved', async (tx) => ({
        answer: saved(await saveEmail(tx, { ...request.body, id: request.params.id })),
        subject: `email/${request.params.id}`,
      })),
  );
  api.delete(
    '/emails/:id',
    { schema: { summary: 'Remove an e-mail', tags, params: IdParams, response: { 200: Done } } },
    async (request) =>
      await audited(ctx, request, 'email.removed', async (tx) => {
        await removeEmail(tx, request.params.id);
        return { answer: { done: true as const }, subject: `email/${request.params.id}` };
      }),
  );
}

function saved(outcome: SaveEmailOutcome) {
  if (outcome.ok) return outcome.email;
  const sentence = outcome.problems[0]?.sentence ?? 'The e-mail cannot be saved as it is.';
  throw new AppError('invalid_email', sentence, { detail: { problems: outcome.problems } });
}
