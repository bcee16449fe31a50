import { DEFAULT_SETTINGS, getSettings, saveSettings } from '../access/index.ts';
import type { Settings } from '../access/index.ts';
import { markEverybody } from '../people/index.ts';
import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { SourceView } from '../stripe/index.ts';
import { installTemplates } from '../templates/index.ts';

/** Saves settings with what follows from them: in another time zone every day of the ledger begins anew. */
export async function applySettings(ctx: Context, change: Partial<Settings>): Promise<Settings> {
  return await inTransaction(ctx, async (tx) => {
    const before = await getSettings(tx);
    const after = await saveSettings(tx, change);
    if (after.time_zone !== before.time_zone) {
      await markEverybody(tx);
      await notify(tx, { topic: 'marks' });
    }
    return after;
  });
}

/**
 * What an installation gets with its first account: the starter templates, and the account's name
 * and time zone wherever nobody has chosen otherwise.
 */
export async function furnishFrom(ctx: Context, source: SourceView): Promise<void> {
  const settings = await getSettings(ctx);
  const isUntouched = (key: keyof Settings): boolean => settings[key] === DEFAULT_SETTINGS[key];
  await applySettings(ctx, {
    ...(isUntouched('workspace_name') && source.name.trim() ? { workspace_name: source.name } : {}),
    ...(isUntouched('time_zone') ? { time_zone: source.time_zone } : {}),
  });
  await installTemplates(ctx);
}
