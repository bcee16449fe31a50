import { inTransaction, newId } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { planRanges } from './backfill/lists.ts';
import { clockAhead } from './client/clock-skew.ts';
import { StripeError } from './client/stripe-error.ts';
import { EVENTS_REACH_MS, PERMISSIONS } from './definition.ts';
import { permissionSentence, probeKey } from './probe-key.ts';
import type { Probe } from './probe-key.ts';
import { startRun } from './queries/runs.ts';
import { deleteSource, findSourceOf, insertSource, updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { viewSource } from './source-view.ts';
import type { SourceView } from './source-view.ts';
import { attachWebhook } from './webhook/attach-webhook.ts';

export type Connected =
  | { ok: true; source: SourceView }
  | { ok: false; code: string; sentence: string; detail: Record<string, unknown> };

type GoodProbe = Extract<Probe, { ok: true }>;

/**
 * Connects an account: tries the key out, keeps it sealed, makes the webhook endpoint, and plans the
 * first sync, which the worker then does. Nothing is saved when the key is refused or lacks a
 * permission. All webhook endpoints being taken is no refusal: the account is followed by polling.
 */
export async function connectSource(
  ctx: Context,
  input: { key: string; name?: string },
): Promise<Connected> {
  const probe = await probeKey(ctx, input.key);
  if (!probe.ok) return probe;
  if (probe.missing.length > 0) return lacks(probe.missing);
  const known = await findSame(ctx, probe);
  if (known && known.state !== 'disconnected') {
    return {
      ok: false,
      code: 'already_connected',
      sentence: `This Stripe account is connected already, as “${known.name}”. To use another key for it, open it under Data sources.`,
      detail: { source_id: known.id },
    };
  }
  const source = known ? await reopen(ctx, known, probe) : await create(ctx, probe, input.name);
  return await finish(ctx, source, probe, known === null);
}

const lacks = (missing: GoodProbe['missing']): Connected => ({
  ok: false,
  code: 'permission_missing',
  sentence: permissionSentence(missing),
  detail: { missing },
});

async function findSame(ctx: Context, probe: GoodProbe): Promise<Source | null> {
  const { account_id } = probe.account;
  return account_id === null ? null : await findSourceOf(ctx, { account_id, mode: probe.mode });
}

async function create(ctx: Context, probe: GoodProbe, name: string | undefined): Promise<Source> {
  const { account } = probe;
  return await insertSource(ctx, {
    name: name?.trim() || account.name || account.account_id || 'Stripe',
    account_id: account.account_id,
    mode: probe.mode,
    time_zone: account.time_zone ?? 'UTC',
    default_currency: account.default_currency,
    key_sealed: ctx.vault.seal(probe.key),
    key_hint: probe.hint,
    permissions: probe.permissions,
    webhook_path: newId('wh'),
    events_polled_until: new Date(ctx.clock.now().getTime() - Math.max(0, clockAhead(ctx))),
  });
}

/** An account that was disconnected goes on where it stopped: its data and cut-off stay. */
async function reopen(ctx: Context, known: Source, probe: GoodProbe): Promise<Source> {
  const now = ctx.clock.now();
  const gap = now.getTime() - (known.events_polled_until?.getTime() ?? 0);
  return await updateSource(ctx, known.id, {
    state: 'connecting',
    state_detail: {},
    key_sealed: ctx.vault.seal(probe.key),
    key_hint: probe.hint,
    permissions: probe.permissions,
    next_poll_at: null,
    idle_polls: 0,
    removed_at: null,
    // Further back than events reach, the lists that are about to be read fill the gap.
    ...(gap > EVENTS_REACH_MS ? { events_polled_until: now } : {}),
  });
}

async function finish(
  ctx: Context,
  source: Source,
  probe: GoodProbe,
  isNew: boolean,
): Promise<Connected> {
  try {
    // The run is planned first: whatever happens from here on, the worker can finish it.
    await inTransaction(ctx, async (tx) => {
      await startRun(tx, source.id, planRanges(tx.clock.now()));
    });
    return {
      ok: true,
      source: await viewSource(ctx, await attachWebhook(ctx, source, probe.client)),
    };
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    if (isNew) await deleteSource(ctx, source.id);
    else await updateSource(ctx, source.id, { state: 'disconnected' });
    if (error.kind === 'permission') {
      // Reading webhooks was allowed, or we would not be here: it is writing that is missing.
      const missing = PERMISSIONS.filter(({ access }) => access === 'Write');
      return lacks(missing.map(({ slug, label, access }) => ({ slug, label, access })));
    }
    return {
      ok: false,
      code: 'stripe_unreachable',
      sentence: `The webhook could not be made: ${error.message} Nothing was saved; try again in a moment.`,
      detail: { message: error.message, request_id: error.request_id },
    };
  }
}
