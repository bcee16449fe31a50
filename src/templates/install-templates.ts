import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { findPlaced, listNeeds, placePiece, takePieceAway } from './place-piece.ts';
import { lockTemplates, saveInstalled, saveRemoved, selectInstallations } from './queries.ts';
import { STARTER_SET, getTemplate } from './starter-set.ts';
import type { Template } from './template.ts';

/**
 * Installs what has never been here, all in one transaction; answers the keys. What a user changed
 * stays changed and what a user removed stays removed, so it may be called at every start.
 */
export async function installTemplates(ctx: Context): Promise<string[]> {
  return await inTransaction(ctx, async (tx) => {
    await lockTemplates(tx);
    const known = await selectInstallations(tx);
    const placed = await findPlaced(tx);
    const fresh = STARTER_SET.filter((template) => !known.has(template.key));
    for (const template of fresh) await place(tx, template, placed);
    return fresh.map((template) => template.key);
  });
}

/** Adds one piece, as it was written, with what it needs; does nothing when it is there. Answers its id. */
export async function addTemplate(ctx: Context, key: string): Promise<number> {
  const template = getTemplate(key);
  return await inTransaction(ctx, async (tx) => {
    await lockTemplates(tx);
    return await place(tx, template, await findPlaced(tx));
  });
}

/** Removes one piece for good: `installTemplates` will not bring it back, only `addTemplate` does. */
export async function removeTemplate(ctx: Context, key: string): Promise<void> {
  const { kind } = getTemplate(key);
  await inTransaction(ctx, async (tx) => {
    await lockTemplates(tx);
    const id = (await findPlaced(tx)).get(key);
    if (id !== undefined) await takePieceAway(tx, kind, id);
    await saveRemoved(tx, key);
  });
}

async function place(tx: Context, template: Template, placed: Map<string, number>) {
  const present = placed.get(template.key);
  if (present !== undefined) return present;
  for (const need of listNeeds(template)) await place(tx, getTemplate(need), placed);
  const id = await placePiece(tx, template, placed);
  placed.set(template.key, id);
  await saveInstalled(tx, template.key);
  return id;
}
