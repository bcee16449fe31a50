import type { Context } from '../../platform/index.ts';
import { findSource, updateSource } from '../queries/sources.ts';

/** A delivery arrived: a webhook that was thought silent is not. */
export async function wakeWebhook(tx: Context, source_id: number): Promise<void> {
  const source = await findSource(tx, source_id);
  if (source?.state !== 'degraded' || source.state_detail.webhook?.status !== 'silent') return;
  await updateSource(tx, source_id, {
    state: 'live',
    state_detail: { webhook: { status: 'ok' } },
  });
}
