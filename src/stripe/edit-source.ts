import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { copyAgain } from './change-source.ts';
import { RESTING_STATES } from './definition.ts';
import { readSource, updateSource } from './queries/sources.ts';
import { viewSource } from './source-view.ts';
import type { SourceView } from './source-view.ts';

export interface SourceEdit {
  name?: string;
  /** IANA name. */
  time_zone?: string;
  include_test_clocks?: boolean;
  /** 0.05 to 1, of this installation's part of Stripe's rate limit. */
  rate_share?: number;
}

/** Changes what its owner may choose about a source; what is left out stays. Throws `bad_time_zone`, `bad_name`. */
export async function editSource(ctx: Context, id: number, edit: SourceEdit): Promise<SourceView> {
  const source = await readSource(ctx, id);
  if (edit.time_zone !== undefined && !isTimeZone(edit.time_zone)) {
    throw new AppError(
      'bad_time_zone',
      `There is no time zone ${edit.time_zone}. Give one as in Europe/Vienna.`,
    );
  }
  const name = edit.name?.trim();
  if (name === '') throw new AppError('bad_name', 'A data source needs a name. Type one.');
  if (Object.keys(edit).length === 0) return await viewSource(ctx, source);
  const changed = await updateSource(ctx, id, { ...edit, ...(name === undefined ? {} : { name }) });
  const wantsClocks = changed.include_test_clocks && !source.include_test_clocks;
  // What hangs on a test clock stands in no list that was read before.
  if (wantsClocks && !RESTING_STATES.has(changed.state)) return await copyAgain(ctx, id);
  return await viewSource(ctx, changed);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // The only failure there is: an unknown zone.
    return false;
  }
}
