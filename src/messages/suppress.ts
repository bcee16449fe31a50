import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { deleteSuppression, insertSuppression } from './queries/consents.ts';
import type { SuppressionReason } from './queries/consents.ts';
import { isAddress } from './decide-delivery.ts';

/** Stops all mail to an address, in any class, until it is lifted. Throws `bad_address`. */
export async function suppressAddress(
  ctx: Context,
  address: string,
  reason: SuppressionReason,
): Promise<void> {
  const trimmed = address.trim();
  if (!isAddress(trimmed)) {
    throw new AppError(
      'bad_address',
      'This is not an e-mail address. Write one, such as ada@example.com.',
    );
  }
  await insertSuppression(ctx, { address: trimmed, reason, at: ctx.clock.now() });
}

/** Lets mail go to the address again. Throws `not_found` when nothing stopped it. */
export async function liftSuppression(ctx: Context, address: string): Promise<void> {
  if (await deleteSuppression(ctx, address.trim())) return;
  throw new AppError('not_found', 'Mail to this address is not stopped.');
}
