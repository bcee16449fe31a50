import { AppError, inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { planRanges } from './backfill/lists.ts';
import { clientOf } from './client/source-client.ts';
import { StripeError } from './client/stripe-error.ts';
import { decideRestingState } from './describe-state.ts';
import { noteKeyTrouble } from './key-trouble.ts';
import { permissionSentence, probeKey } from './probe-key.ts';
import { cancelRuns, findRunning, startRun, wasSynced } from './queries/runs.ts';
import { readSource, updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { resumeGranted } from './resume-skipped.ts';
import { viewSource } from './source-view.ts';
import type { SourceView } from './source-view.ts';
import { attachWebhook } from './webhook/attach-webhook.ts';
import { removeEndpoint } from './webhook/endpoint.ts';

/** Stops reading and applying. Events that arrive meanwhile are kept. */
export async function pauseSource(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  refuseDisconnected(source);
  return await viewSource(ctx, await updateSource(ctx, id, { state: 'paused' }));
}

/**
 * Goes on after a pause, or tries again after trouble with the key: the key is probed, and what
 * happened in between is fetched. Answers the state that was reached, good or bad.
 */
export async function resumeSource(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  refuseDisconnected(source);
  return await viewSource(ctx, await checkKey(ctx, source));
}

/** Tries the kept key out and puts the source into the state that follows. */
export async function checkKey(ctx: Context, source: Source): Promise<Source> {
  const probe = await probeKey(ctx, ctx.vault.open(source.key_sealed));
  const checked_at = ctx.clock.now().toISOString();
  const { webhook } = source.state_detail;
  const kept = webhook ? { webhook } : {};
  if (!probe.ok) {
    if (probe.code === 'stripe_unreachable') throw new AppError(probe.code, probe.sentence);
    return await updateSource(ctx, source.id, {
      state: 'key_revoked',
      state_detail: { ...kept, message: probe.sentence, checked_at },
    });
  }
  if (probe.missing.length > 0) {
    return await updateSource(ctx, source.id, {
      state: 'permission_missing',
      state_detail: { ...kept, missing: probe.missing, checked_at },
      permissions: probe.permissions,
    });
  }
  // A crash in the middle of connecting leaves a source without a webhook.
  if (!webhook) return await attachWebhook(ctx, source, probe.client);
  await resumeGranted(ctx, source, probe.permissions);
  const synced = await wasSynced(ctx, source.id);
  return await updateSource(ctx, source.id, {
    state: decideRestingState({ synced, webhook: webhook.status }),
    state_detail: kept,
    permissions: probe.permissions,
    next_poll_at: null,
    idle_polls: 0,
  });
}

/** Makes the webhook endpoint (again), after an endpoint was freed or the address was changed. */
export async function retryWebhook(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  refuseDisconnected(source);
  try {
    return await viewSource(ctx, await attachWebhook(ctx, source, clientOf(ctx, source)));
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    await noteKeyTrouble(ctx, id, error);
    throw new AppError('webhook_failed', `The webhook could not be made: ${error.message}`);
  }
}

/** Uses another key for the same account. Throws with a sentence when the key will not do. */
export async function replaceKey(ctx: Context, id: number, key: string): Promise<SourceView> {
  const source = await readSource(ctx, id);
  refuseDisconnected(source);
  const probe = await probeKey(ctx, key);
  if (!probe.ok) throw new AppError(probe.code, probe.sentence, { detail: probe.detail });
  if (probe.missing.length > 0) {
    const detail = { missing: probe.missing };
    throw new AppError('permission_missing', permissionSentence(probe.missing), { detail });
  }
  const { account_id } = probe.account;
  if (
    probe.mode !== source.mode ||
    (source.account_id && account_id && account_id !== source.account_id)
  ) {
    throw new AppError(
      'other_account',
      'This key belongs to another account or mode. Connect that one as a data source of its own.',
    );
  }
  const changed = await updateSource(ctx, id, {
    key_sealed: ctx.vault.seal(probe.key),
    key_hint: probe.hint,
    permissions: probe.permissions,
  });
  return await viewSource(ctx, await checkKey(ctx, changed));
}

/** Removes our webhook endpoint and stops; the data stays. The account can be connected again later. */
export async function disconnectSource(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  const left = await removeEndpointsQuietly(ctx, source);
  const done = await inTransaction(ctx, async (tx) => {
    await cancelRuns(tx, id);
    return await updateSource(tx, id, {
      state: 'disconnected',
      state_detail: left === null ? {} : { message: left },
      webhook_endpoint_id: null,
      webhook_secret_sealed: null,
      webhook_previous_endpoint_id: null,
      webhook_previous_secret_sealed: null,
      webhook_previous_until: null,
    });
  });
  return await viewSource(ctx, done);
}

/**
 * With a key that no longer works the endpoint cannot be removed; disconnecting must work all the
 * same. Answers Stripe's words when it stays there.
 */
export async function removeEndpointsQuietly(ctx: Context, source: Source): Promise<string | null> {
  const { webhook_endpoint_id, webhook_previous_endpoint_id } = source;
  try {
    for (const endpoint of [webhook_endpoint_id, webhook_previous_endpoint_id]) {
      if (endpoint !== null) await removeEndpoint(clientOf(ctx, source), endpoint, { attempts: 2 });
    }
    return null;
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    ctx.log.warn({ err: error, source_id: source.id }, 'the webhook endpoint stays in Stripe');
    return error.message;
  }
}

/** Copies all lists again, beside what is followed live. */
export async function copyAgain(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  refuseDisconnected(source);
  if (!(await findRunning(ctx, id))) {
    await inTransaction(ctx, async (tx) => {
      await startRun(tx, id, planRanges(tx.clock.now()));
    });
  }
  const state = source.state === 'live' || source.state === 'degraded' ? 'syncing' : source.state;
  return await viewSource(ctx, await updateSource(ctx, id, { state }));
}

/** Throws `source_disconnected`. */
export function refuseDisconnected(source: Source): void {
  if (source.state === 'deleting') {
    throw new AppError(
      'source_deleting',
      'This data source is being deleted. Wait until it is gone.',
    );
  }
  if (source.state !== 'disconnected') return;
  throw new AppError(
    'source_disconnected',
    'This data source was disconnected. Connect the account again with a key.',
  );
}
