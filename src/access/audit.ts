import type { Context } from '../platform/index.ts';
import { insertAudit, listAuditRows } from './queries.ts';
import type { AuditRow } from './queries.ts';

export type AuditEntry = AuditRow;

/**
 * Notes who did what. `action` is `<subject>.<what happened>`, such as `source.connected`; `detail`
 * must hold no secret. Call it in the transaction of the deed.
 */
export async function recordAudit(
  ctx: Context,
  entry: {
    user_id: string | null;
    action: string;
    subject?: string | null;
    detail?: Record<string, unknown>;
  },
): Promise<void> {
  await insertAudit(ctx, { ...entry, subject: entry.subject ?? null, detail: entry.detail ?? {} });
}

/** Newest first; pass `next_before` as `before` for the page after. */
export async function listAudit(
  ctx: Context,
  page: { before?: number; limit?: number } = {},
): Promise<{ rows: AuditEntry[]; next_before: number | null }> {
  const limit = page.limit ?? 50;
  const rows = await listAuditRows(ctx, page.before ?? null, limit + 1);
  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  return { rows: shown, next_before: more ? (shown.at(-1)?.id ?? null) : null };
}
