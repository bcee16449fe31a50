import type { Random } from '../random.ts';
import { ApiError } from './errors.ts';

/** What a key for a read-only data platform needs: read on everything, write on webhooks. */
export const READ_SLUGS = [
  'customer',
  'subscription',
  'invoice',
  'credit_note',
  'charge',
  'refund',
  'dispute',
  'payment_intent',
  'setup_intent',
  'payment_method',
  'balance_transaction_source',
  'payout',
  'product',
  'plan',
  'coupon',
  'promotion_code',
  'checkout_session',
  'tax_rate',
  'quote',
  'event',
  'webhook',
  'connected_account',
  'accounts_kyc_basic',
] as const;

export const READ_ONLY_GRANTS: string[] = [
  ...READ_SLUGS.map((slug) => `rak_${slug}_read`),
  'rak_webhook_write',
];

export interface KeyOptions {
  /** Slugs such as `rak_invoice_read`; `all` is read and write on everything. Default `all`. */
  grants?: string[] | 'all';
  kind?: 'restricted' | 'secret' | 'publishable';
  mode?: 'test' | 'live';
  /** The key itself, when it shall be a certain one. */
  key?: string;
}

interface KeyRow {
  grants: Set<string> | 'all';
  kind: 'restricted' | 'secret' | 'publishable';
  mode: 'test' | 'live';
  state: 'valid' | 'revoked' | 'expired';
}

/** A key with all there is to it, as plain data. */
export type SavedKey = Omit<KeyRow, 'grants'> & { key: string; grants: string[] | 'all' };

const PREFIXES = { restricted: 'rk', secret: 'sk', publishable: 'pk' };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split('');

const slugOf = (grant: string): string => (grant.startsWith('rak_') ? grant : `rak_${grant}`);

/** Stripe never echoes a whole key. */
export const maskKey = (key: string): string => {
  const prefix = /^[a-z]+_(test|live)_/.exec(key)?.[0] ?? '';
  return `${prefix}${'*'.repeat(Math.max(0, key.length - prefix.length - 4))}${key.slice(-4)}`;
};

/** The account's API keys and what each may do. */
export class KeyRing {
  readonly #keys = new Map<string, KeyRow>();
  readonly #random: Random;
  readonly #mode: 'test' | 'live';
  readonly #account: string;

  constructor(random: Random, mode: 'test' | 'live', account: string) {
    this.#random = random;
    this.#mode = mode;
    this.#account = account;
  }

  create(options: KeyOptions = {}): string {
    const { kind = 'restricted', mode = this.#mode, grants = 'all' } = options;
    const tail = Array.from({ length: 32 }, () => this.#random.pick(ALPHABET)).join('');
    const key = options.key ?? `${PREFIXES[kind]}_${mode}_51Sim${tail}`;
    this.#keys.set(key, {
      kind,
      mode,
      grants: grants === 'all' || kind === 'secret' ? 'all' : new Set(grants.map(slugOf)),
      state: 'valid',
    });
    return key;
  }

  grant(key: string, grant: string): void {
    const { grants } = this.#get(key);
    if (grants !== 'all') grants.add(slugOf(grant));
  }

  /** Takes one permission away; from a key with all of them too. */
  withdraw(key: string, grant: string): void {
    const row = this.#get(key);
    if (row.grants === 'all') row.grants = new Set(READ_ONLY_GRANTS);
    row.grants.delete(slugOf(grant));
    // Write implies read, so a read permission goes only together with the write one.
    if (grant.endsWith('_read')) row.grants.delete(slugOf(grant.replace(/_read$/, '_write')));
  }

  revoke(key: string): void {
    this.#get(key).state = 'revoked';
  }

  expire(key: string): void {
    this.#get(key).state = 'expired';
  }

  restore(saved: readonly SavedKey[]): void {
    for (const { key, grants, ...row } of saved) {
      this.#keys.set(key, { ...row, grants: grants === 'all' ? 'all' : new Set(grants) });
    }
  }

  list(): SavedKey[] {
    return [...this.#keys].map(([key, row]) => ({
      key,
      ...row,
      grants: row.grants === 'all' ? 'all' : [...row.grants],
    }));
  }

  #get(key: string): KeyRow {
    const row = this.#keys.get(key);
    if (row === undefined) throw new Error(`The simulator knows no key ${maskKey(key)}`);
    return row;
  }

  /** The key's row, or the 401 a request with it gets. */
  authenticate(key: string | null): KeyRow {
    if (key === null || key === '') {
      throw new ApiError(401, {
        message:
          "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      });
    }
    const row = this.#keys.get(key);
    if (row?.kind === 'publishable' || key.startsWith('pk_')) {
      throw new ApiError(401, {
        code: 'secret_key_required',
        message:
          'This API call cannot be made with a publishable API key. Please use a secret API key.',
      });
    }
    if (row?.state === 'expired') {
      throw new ApiError(401, {
        code: 'api_key_expired',
        message: `Expired API Key provided: ${maskKey(key)}`,
      });
    }
    if (row === undefined || row.state === 'revoked') {
      throw new ApiError(401, { message: `Invalid API Key provided: ${maskKey(key)}` });
    }
    return row;
  }

  /** True when the key may do this; write implies read. */
  allows(row: KeyRow, slug: string, access: 'read' | 'write'): boolean {
    if (row.grants === 'all') return true;
    const write = row.grants.has(`rak_${slug}_write`);
    return access === 'write' ? write : write || row.grants.has(`rak_${slug}_read`);
  }

  /** Throws the 403 that names the first of the permissions, any of which would do. */
  demand(key: string, row: KeyRow, slugs: readonly string[], access: 'read' | 'write'): void {
    if (slugs.some((slug) => this.allows(row, slug, access))) return;
    throw new ApiError(403, {
      code: 'more_permissions_required',
      message: `The provided key '${maskKey(key)}' does not have the required permissions for this endpoint on account '${this.#account}'. Having the 'rak_${slugs[0] ?? ''}_${access}' permission would allow this request to continue.`,
    });
  }
}

export type { KeyRow };
