import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { checkKey, refuseDisconnected } from './change-source.ts';
import { probeKey } from './probe-key.ts';
import { readSource, updateSource } from './queries/sources.ts';
import { viewSource } from './source-view.ts';
import type { SourceView } from './source-view.ts';

/** Tries every permission of the kept key again. A paused source stays paused. Throws `stripe_unreachable`. */
export async function checkPermissions(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  refuseDisconnected(source);
  if (source.state !== 'paused') return await viewSource(ctx, await checkKey(ctx, source));
  const probe = await probeKey(ctx, ctx.vault.open(source.key_sealed));
  if (!probe.ok) throw new AppError(probe.code, probe.sentence);
  return await viewSource(ctx, await updateSource(ctx, id, { permissions: probe.permissions }));
}
