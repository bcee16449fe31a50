import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { markPeople } from '../people/index.ts';
import { getStanding, upsertConsent } from './queries/consents.ts';
import { findPersonFacts, getWorkspace } from './queries/people.ts';

/** The link of one person, valid for good: an old mail must still let its reader leave. */
export function unsubscribeUrl(ctx: Context, person_id: number): string {
  return `${ctx.config.public_url}/unsubscribe/${unsubscribeToken(ctx, person_id)}`;
}

export function unsubscribeToken(ctx: Context, person_id: number): string {
  return `${person_id}.${ctx.vault.sign(signedText(person_id))}`;
}

function signedText(person_id: number): string {
  return `unsubscribe/${person_id}`;
}

export type UnsubscribeView =
  | {
      ok: true;
      workspace_name: string;
      /** Hides most of the address: the page is open to whoever holds the link. */
      address: string | null;
      state: 'subscribed' | 'unsubscribed';
      sentence: string;
    }
  | { ok: false; code: 'bad_link'; sentence: string };

const BAD_LINK = {
  ok: false,
  code: 'bad_link',
  sentence: 'This link is not complete. Open it from the mail again, or copy it whole.',
} as const;

/** What the page behind the link says. Changes nothing, so that a program that follows links unsubscribes nobody. */
export async function describeUnsubscribe(ctx: Context, token: string): Promise<UnsubscribeView> {
  const person_id = readToken(ctx, token);
  const person =
    person_id === null ? null : (await findPersonFacts(ctx, [person_id])).get(person_id);
  if (!person) return BAD_LINK;
  const { consent } = await getStanding(ctx, person.person_id, person.email ?? '');
  const { name } = await getWorkspace(ctx);
  const out = consent === 'unsubscribed';
  return {
    ok: true,
    workspace_name: name,
    address: person.email === null ? null : maskAddress(person.email),
    state: out ? 'unsubscribed' : 'subscribed',
    sentence: out
      ? `You are unsubscribed: ${name} sends you no more news.`
      : `${name} sends you news. Unsubscribe and it stops at once.`,
  };
}

/** Takes the person off marketing mail, also mail that waits already. `how` is kept: 'link', 'one_click'. */
export async function unsubscribe(
  ctx: Context,
  token: string,
  how: 'link' | 'one_click' = 'link',
): Promise<UnsubscribeView> {
  return await saveChoice(ctx, token, 'unsubscribed', how);
}

/** The way back, from the same page. */
export async function resubscribe(ctx: Context, token: string): Promise<UnsubscribeView> {
  return await saveChoice(ctx, token, 'subscribed', 'link');
}

async function saveChoice(
  ctx: Context,
  token: string,
  state: 'subscribed' | 'unsubscribed',
  how: string,
): Promise<UnsubscribeView> {
  const person_id = readToken(ctx, token);
  if (person_id === null) return BAD_LINK;
  return await inTransaction(ctx, async (tx) => {
    const person = (await findPersonFacts(tx, [person_id])).get(person_id);
    if (!person) return BAD_LINK;
    await upsertConsent(tx, { person_id: person.person_id, state, how, at: tx.clock.now() });
    await markPeople(tx, [person.person_id]);
    await notify(tx, { topic: 'people' });
    return await describeUnsubscribe(tx, token);
  });
}

function readToken(ctx: Context, token: string): number | null {
  const match = /^(\d{1,10})\.([\w-]+)$/.exec(token);
  if (!match) return null;
  const person_id = Number(match[1]);
  if (person_id > 2_147_483_647) return null;
  return ctx.vault.verify(signedText(person_id), match[2]!) ? person_id : null;
}

function maskAddress(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  return `${local.slice(0, 1)}…@${domain}`;
}
