import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { selectAudience, selectAudiences } from './queries/audiences.ts';
import type { AudienceRow } from './queries/audiences.ts';
import { countMembers, selectMembers, selectPersonAudiences } from './queries/members.ts';
import type { MemberRow, PersonAudience } from './queries/members.ts';
import { describeDefinition } from './sentence.ts';

export interface Audience extends AudienceRow {
  /** The definition in plain English. */
  sentence: string;
  /** How many people are in it now. */
  size: number;
}

/** Every live audience by name. */
export async function listAudiences(ctx: Context): Promise<Audience[]> {
  const rows = await selectAudiences(ctx);
  return rows.map((row) => ({ ...row, sentence: describeDefinition(row.definition) }));
}

/** One live audience; throws `audience_not_found`. */
export async function getAudience(ctx: Context, id: number): Promise<Audience> {
  const row = await selectAudience(ctx, id);
  if (row?.state !== 'live')
    throw new AppError(
      'audience_not_found',
      'There is no such audience. It may have been removed.',
    );
  return {
    ...row,
    sentence: describeDefinition(row.definition),
    size: await countMembers(ctx, id),
  };
}

export interface MemberPage {
  rows: MemberRow[];
  next_cursor: string | null;
}

/** A page of the people in an audience, who entered last first. `cursor` is the `next_cursor` of the page before. */
export async function listMembers(
  ctx: Context,
  audienceId: number,
  page: { limit?: number; cursor?: string | null } = {},
): Promise<MemberPage> {
  const limit = Math.min(Math.max(page.limit ?? 50, 1), 500);
  const after = page.cursor ? readCursor(page.cursor) : null;
  const rows = await selectMembers(ctx, audienceId, { limit: limit + 1, after });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), next_cursor: last ? writeCursor(last) : null };
}

/** The audiences a person is in now, then those the person was in, with since when and until when. */
export async function listPersonAudiences(
  ctx: Context,
  personId: number,
): Promise<PersonAudience[]> {
  return await selectPersonAudiences(ctx, personId);
}

function writeCursor(row: MemberRow): string {
  return `${row.entered_at.getTime()}.${row.person_id}`;
}

function readCursor(cursor: string): { entered_at: Date; person_id: number } {
  const match = /^(\d{1,15})\.(\d{1,10})$/.exec(cursor);
  if (!match) throw new AppError('invalid_cursor', 'This page of members cannot be found again.');
  return { entered_at: new Date(Number(match[1])), person_id: Number(match[2]) };
}
