import { AuditPage, AuditQuery } from '../contract/audit.ts';
import { Settings, SettingsBody } from '../contract/settings.ts';
import { getSettings, listAudit } from '../../access/index.ts';
import type { Context } from '../../platform/index.ts';
import { applySettings } from '../../worker/index.ts';
import { audited } from '../audited.ts';
import type { Api } from '../wire.ts';

const tags = ['settings'];

/** Settings and the audit log. */
export function addSettings(api: Api, ctx: Context): void {
  api.get(
    '/settings',
    { schema: { summary: 'The settings of this installation', tags, response: { 200: Settings } } },
    async () => await getSettings(ctx),
  );
  api.put(
    '/settings',
    {
      schema: {
        summary: 'Change some settings',
        tags,
        body: SettingsBody,
        response: { 200: Settings },
      },
    },
    async (request) =>
      await audited(ctx, request, 'settings.changed', async (tx) => ({
        answer: await applySettings(tx, request.body),
        subject: 'settings',
        detail: request.body,
      })),
  );
  api.get(
    '/audit',
    {
      schema: {
        summary: 'Who did what, newest first',
        tags,
        querystring: AuditQuery,
        response: { 200: AuditPage },
      },
    },
    async (request) => await listAudit(ctx, request.query),
  );
}
