import { findObjects, isSameJson } from '../objects/index.ts';
import type { Resource, Sighting } from '../objects/index.ts';
import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { fetchPage } from './backfill/fetch-page.ts';
import { LISTS } from './backfill/lists.ts';
import type { StripeClient } from './client/client.ts';
import { clientOf } from './client/source-client.ts';
import { ingest } from './ingest.ts';
import { insertCheck } from './queries/checks.ts';
import type { SourceCheck } from './queries/checks.ts';
import { readSource, updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';

/** Compares the newest page of every list with what is kept, repairs what differs, and keeps the finding. */
export async function checkSource(ctx: Context, id: number): Promise<SourceCheck> {
  const source = await readSource(ctx, id);
  const client = clientOf(ctx, source);
  const before = client.counts.requests;
  const found = { compared: 0, missing: 0, different: 0, repaired: 0 };
  for (const { resource } of LISTS) {
    if (resource === 'events') continue;
    const page = await comparePage(ctx, client, source, resource);
    found.compared += page.compared;
    found.missing += page.missing;
    found.different += page.different;
    found.repaired += page.repaired;
  }
  const off = found.missing + found.different;
  const sentence =
    off === 0
      ? `${found.compared} objects compared with Stripe: no difference.`
      : `${found.compared} objects compared with Stripe: ${found.missing} were missing here and ${found.different} differed; all are repaired.`;
  const at = ctx.clock.now();
  await updateSource(ctx, id, { checked_at: at });
  const reads = client.counts.requests - before;
  return await insertCheck(ctx, id, { at, reads, extra: 0, sentence, ...found });
}

async function comparePage(
  ctx: Context,
  client: StripeClient,
  source: Source,
  resource: Resource & Parameters<typeof fetchPage>[1]['resource'],
) {
  const request = { resource, from: null, until: null, cursor: null };
  const { objects } = await fetchPage(client, request, {});
  const ids = objects.map((sighting) => String(sighting.object.id));
  const kept = await findObjects(ctx, source.id, resource, ids);
  const known = new Map(kept.map((object) => [String(object.id), object]));
  const missing = objects.filter(({ object }) => !known.has(String(object.id)));
  const different = objects.filter(({ object }) => {
    const mine = known.get(String(object.id));
    return mine !== undefined && !isSameJson(mine, object);
  });
  const wrong: Sighting[] = [...missing, ...different];
  const { changes } = await inTransaction(
    ctx,
    async (tx) =>
      await ingest(tx, source.id, [
        { resource, objects: wrong, version: { at: new Date(0), kind: 'fetch' } },
      ]),
  );
  return {
    compared: objects.length,
    missing: missing.length,
    different: different.length,
    repaired: changes,
  };
}
