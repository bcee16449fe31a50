import type { Context } from '../platform/index.ts';
import type { StripeError } from './client/stripe-error.ts';
import { PERMISSIONS, RESTING_STATES } from './definition.ts';
import { findSource, updateSource } from './queries/sources.ts';

/**
 * Puts a source into the state its key is in, when an answer of Stripe shows that the key was
 * revoked or lost a permission. Answers whether it did; other failures are not the key's.
 */
export async function noteKeyTrouble(
  ctx: Context,
  source_id: number,
  error: StripeError,
): Promise<boolean> {
  if (error.kind !== 'key' && error.kind !== 'permission') return false;
  if (error.kind === 'permission' && isDispensable(error)) return false;
  const source = await findSource(ctx, source_id);
  if (!source || RESTING_STATES.has(source.state)) return true;
  const checked_at = ctx.clock.now().toISOString();
  if (error.kind === 'key') {
    await updateSource(ctx, source_id, {
      state: 'key_revoked',
      state_detail: { ...source.state_detail, message: error.message, checked_at },
    });
    return true;
  }
  const known = PERMISSIONS.filter(({ slug }) => error.slugs.includes(slug));
  const missing =
    known.length > 0
      ? known.map(({ slug, label, access }) => ({ slug, label, access }))
      : error.slugs.map((slug) => ({ slug, label: slug, access: 'Read' }));
  await updateSource(ctx, source_id, {
    state: 'permission_missing',
    state_detail: { ...source.state_detail, missing, checked_at },
  });
  return true;
}

/** It names permissions, and none that a source stands still without. */
const isDispensable = ({ slugs }: StripeError): boolean =>
  slugs.length > 0 &&
  slugs.every((slug) => PERMISSIONS.some((one) => one.slug === slug && !one.needed));
