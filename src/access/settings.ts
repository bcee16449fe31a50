import { AppError, inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { DEFAULT_SETTINGS } from './definition.ts';
import type { Settings } from './definition.ts';
import { listSettingRows, saveSettingRow } from './queries.ts';

const KEYS = Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[];

/** What was set, over the defaults. */
export async function getSettings(ctx: Context): Promise<Settings> {
  const rows = await listSettingRows(ctx, KEYS);
  const stored = Object.fromEntries(rows.map((row) => [row.key, row.value])) as Partial<Settings>;
  return { ...DEFAULT_SETTINGS, ...stored };
}

/** Changes what is given and answers all of it. Throws `bad_time_zone`, `bad_currency` or `bad_name`. */
export async function saveSettings(ctx: Context, change: Partial<Settings>): Promise<Settings> {
  checkSettings(change);
  return await inTransaction(ctx, async (tx) => {
    for (const key of KEYS) {
      if (change[key] !== undefined) await saveSettingRow(tx, key, change[key]);
    }
    return await getSettings(tx);
  });
}

function checkSettings(change: Partial<Settings>): void {
  if (change.workspace_name !== undefined && !change.workspace_name.trim()) {
    throw new AppError('bad_name', 'Give the workspace a name.');
  }
  if (change.time_zone !== undefined && !isTimeZone(change.time_zone)) {
    throw new AppError(
      'bad_time_zone',
      'That is not a time zone we know. Choose one such as Europe/Berlin.',
    );
  }
  const currency = change.reporting_currency;
  if (currency && !/^[a-z]{3}$/.test(currency)) {
    throw new AppError('bad_currency', 'That is not a currency code. Use three letters, as eur.');
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // Intl has no other way to ask than to throw.
    return false;
  }
}
