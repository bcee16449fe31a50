import { StripeError } from '../client/stripe-error.ts';
import { PERMISSIONS } from '../definition.ts';
import type { Permission } from '../definition.ts';
import { listOf } from './lists.ts';
import type { ListResource } from './lists.ts';

/** Kept in place of a permission when Stripe, or what stands in for it, has no such list. */
export const NOT_OFFERED = 'not_offered';

/**
 * Why a resource is left out of a run after a failed request: the slug of the permission that is
 * missing, or `not_offered`. Null when it must not be left out.
 */
export function decideSkip(
  resource: ListResource,
  error: unknown,
  state: { begun: boolean },
): string | null {
  return decideSkipOf(listOf(resource).slug, error, state);
}

/** The same for what one permission opens. */
export function decideSkipOf(
  slug: string,
  error: unknown,
  state: { begun: boolean },
): string | null {
  if (!(error instanceof StripeError)) return null;
  if (error.kind === 'permission') return isNeeded(slug) ? null : slug;
  return error.kind === 'missing' && !state.begun ? NOT_OFFERED : null;
}

/** Whether a source stands still without this permission. One we do not know is none of ours to need. */
export function isNeeded(slug: string): boolean {
  return findPermission(slug)?.needed ?? false;
}

export function findPermission(slug: string): Permission | null {
  return PERMISSIONS.find((one) => one.slug === slug) ?? null;
}
