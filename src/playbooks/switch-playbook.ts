import { AppError, inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { PlaybookState } from './definition.ts';
import { findPlaybook, findVersions, updateState } from './queries/playbooks.ts';
import type { PlaybookRow } from './queries/playbooks.ts';
import { checkAgainstDatabase, noSuchPlaybook } from './save-playbook.ts';

/**
 * Switches a playbook on, off or to pause.
 *
 *            lets people in   moves those under way
 *   live          yes                yes
 *   paused        yes                no: everyone is held where they are
 *   off           no                 no: likewise
 *
 * Off holds rather than ends, because ending cannot be taken back; to end it for everyone there is
 * removePlaybook. Going on from off begins anew: only what happens from now on lets people in. A
 * pause leaves no such gap. Throws `not_found`, or `not_ready` when it cannot run as it is.
 */
export async function switchPlaybook(
  ctx: Context,
  id: number,
  state: PlaybookState,
): Promise<PlaybookRow> {
  return await inTransaction(ctx, async (tx) => {
    const playbook = await findPlaybook(tx, id, { lock: true });
    if (!playbook) throw noSuchPlaybook();
    if (playbook.state === state) return playbook;
    if (state !== 'off') await requireReady(tx, playbook);
    const begins = playbook.state === 'off' && state !== 'off';
    const since = begins ? startOfSecond(tx.clock.now()) : playbook.live_since;
    const switched = await updateState(tx, id, state, since);
    await notify(tx, { topic: 'runs' });
    return switched;
  });
}

async function requireReady(tx: Context, playbook: PlaybookRow): Promise<void> {
  const { id, version } = playbook;
  const definition = (await findVersions(tx, [{ playbook_id: id, version }])).get(
    `${id}/${version}`,
  );
  if (!definition || definition.steps.length === 0) {
    throw new AppError('not_ready', 'This playbook has no steps yet. Add one, then switch it on.');
  }
  const checked = await checkAgainstDatabase(tx, definition);
  if (checked.ok) return;
  const { sentence, step_id } = checked.problems[0]!;
  throw new AppError('not_ready', sentence, { detail: { step_id, problems: checked.problems } });
}

/** Stripe tells time in whole seconds: who starts within this one must not look as if it were before. */
function startOfSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}
