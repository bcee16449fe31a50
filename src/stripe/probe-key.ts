import type { Context } from '../platform/index.ts';
import { createClient } from './client/client.ts';
import type { StripeClient } from './client/client.ts';
import { createLimiter, limitsOf } from './client/limiter.ts';
import { StripeError } from './client/stripe-error.ts';
import { PERMISSIONS } from './definition.ts';
import type { Mode, Permission } from './definition.ts';
import { listMissing } from './describe-state.ts';
import { readKey } from './read-key.ts';

export interface ProbedAccount {
  account_id: string | null;
  name: string | null;
  default_currency: string | null;
  time_zone: string | null;
}

/** What the connect screen is told while a key is tried out. */
export type ProbeStep =
  | { step: 'account'; account_id: string; name: string; mode: Mode; advice: string | null }
  | {
      step: 'permission';
      resource: string;
      label: string;
      access: string;
      slug: string;
      why: string;
      granted: boolean;
      needed: boolean;
    }
  | { step: 'refused'; code: string; sentence: string; detail: Record<string, unknown> }
  | { step: 'done'; ok: boolean };

export type Probe =
  | {
      ok: true;
      key: string;
      mode: Mode;
      hint: string;
      client: StripeClient;
      account: ProbedAccount;
      /** By slug. */
      permissions: Record<string, boolean>;
      missing: { slug: string; label: string; access: string }[];
    }
  | { ok: false; code: string; sentence: string; detail: Record<string, unknown> };

const AT_ONCE = 5;

/**
 * Tries a key out, permission by permission, with reads of one object each; nothing is saved and
 * nothing is written in Stripe. An answer that says neither yes nor no (429, 5xx, no network) is
 * asked for again and never counts as granted. `ok` with something `missing` means: a good key
 * that lacks permissions.
 */
export async function probeKey(
  ctx: Context,
  text: string,
  onStep: (step: ProbeStep) => void = () => undefined,
): Promise<Probe> {
  const refuse = (code: string, sentence: string, detail: Record<string, unknown> = {}): Probe => {
    onStep({ step: 'refused', code, sentence, detail });
    onStep({ step: 'done', ok: false });
    return { ok: false, code, sentence, detail };
  };
  const reading = readKey(text);
  if (!reading.ok) return refuse(reading.code, reading.sentence);
  const { key, mode, hint, advice } = reading;
  const limiter = createLimiter(limitsOf(mode, ctx.config.stripe_share));
  const client = createClient(ctx, { key, limiter });
  try {
    const account = await probeAccount(client);
    onStep({
      step: 'account',
      account_id: account.account_id ?? '',
      name: account.name ?? 'Stripe account',
      mode,
      advice,
    });
    const permissions = await probePermissions(client, account, onStep);
    const missing = PERMISSIONS.filter(({ needed, slug }) => needed && !permissions[slug]).map(
      ({ slug, label, access }) => ({ slug, label, access }),
    );
    onStep({ step: 'done', ok: missing.length === 0 });
    return { ok: true, key, mode, hint, client, account, permissions, missing };
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return refuse(...refusalOf(error));
  }
}

/** The sentence for a key that Stripe itself refuses, or for a Stripe that does not answer. */
function refusalOf(error: StripeError): [string, string, Record<string, unknown>] {
  const detail = { message: error.message, request_id: error.request_id };
  if (error.kind !== 'key') {
    const sentence = `The key could not be checked: ${error.message} Nothing was saved; try again in a moment.`;
    return ['stripe_unreachable', sentence, detail];
  }
  if (error.code === 'api_key_expired') {
    return ['key_expired', 'This key has expired. Create a new restricted key in Stripe.', detail];
  }
  if (/IP address/i.test(error.message)) {
    const sentence =
      'This key may not be used from this machine’s address. Add the address to the key’s IP restrictions in Stripe, or remove the restriction.';
    return ['key_ip_restricted', sentence, detail];
  }
  const sentence =
    'Stripe does not know this key. It was revoked, or not copied whole. Copy it again or create a new one.';
  return ['key_revoked', sentence, detail];
}

export function permissionSentence(
  missing: { slug: string; label: string; access: string }[],
): string {
  return `The key lacks ${listMissing({ missing })}. Open the key in Stripe under Developers → API keys, add it, and check again; the key itself stays the same.`;
}

/** Name, currency and time zone; all unknown when the key may not read the account. */
async function probeAccount(client: StripeClient): Promise<ProbedAccount> {
  try {
    const { body } = await client.get('/v1/account');
    const settings = body.settings as
      | { dashboard?: { display_name?: string | null; timezone?: string | null } }
      | undefined;
    const profile = body.business_profile as { name?: string | null } | undefined;
    return {
      account_id: textOf(body.id),
      name: textOf(settings?.dashboard?.display_name) ?? textOf(profile?.name),
      default_currency: textOf(body.default_currency),
      time_zone: textOf(settings?.dashboard?.timezone),
    };
  } catch (error) {
    if (!(error instanceof StripeError) || error.kind !== 'permission') throw error;
    // The refusal itself tells which account the key belongs to.
    return {
      account_id: error.account_id,
      name: null,
      default_currency: null,
      time_zone: null,
    };
  }
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

async function probePermissions(
  client: StripeClient,
  account: ProbedAccount,
  onStep: (step: ProbeStep) => void,
): Promise<Record<string, boolean>> {
  const granted: Record<string, boolean> = {};
  const open = [...PERMISSIONS];
  const probeNext = async (): Promise<void> => {
    for (let next = open.shift(); next; next = open.shift()) {
      const yes = await probePermission(client, account, next);
      granted[next.slug] = yes;
      const { slug, resource, label, access, needed, why } = next;
      onStep({ step: 'permission', slug, resource, label, access, needed, why, granted: yes });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, probeNext));
  return granted;
}

async function probePermission(
  client: StripeClient,
  account: ProbedAccount,
  permission: Permission,
): Promise<boolean> {
  // The account was read already; asking for it by `limit` is not possible.
  if (permission.resource === 'account')
    return account.name !== null || account.default_currency !== null;
  const refusal = await tryPermission(client, permission);
  if (refusal) account.account_id ??= refusal.account_id;
  return refusal === null;
}

/**
 * Stripe's refusal, or null when the key has the permission. Stripe looks at permissions before
 * anything else, so an optional list that is not there, or wants to be asked otherwise, is allowed.
 */
export async function tryPermission(
  client: StripeClient,
  permission: Permission,
): Promise<StripeError | null> {
  try {
    await client.get(permission.path, { limit: 1 });
    return null;
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    if (error.kind === 'permission') return error;
    if (!permission.needed && (error.kind === 'missing' || error.kind === 'invalid')) return null;
    throw error;
  }
}
