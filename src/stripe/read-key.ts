import type { Mode } from './definition.ts';

export type KeyKind = 'restricted' | 'secret';

export type KeyReading =
  | { ok: true; key: string; mode: Mode; kind: KeyKind; hint: string; advice: string | null }
  | { ok: false; code: KeyRefusalCode; sentence: string };

export type KeyRefusalCode =
  | 'key_empty'
  | 'key_publishable'
  | 'key_webhook_secret'
  | 'key_organization'
  | 'key_unknown';

const REFUSALS: readonly [RegExp, KeyRefusalCode, string][] = [
  [
    /^pk_/,
    'key_publishable',
    'This is a publishable key (pk_…). It can only start payments, not read the account. Create a restricted key (rk_…) and paste that.',
  ],
  [
    /^whsec_/,
    'key_webhook_secret',
    'This is the signing secret of a webhook (whsec_…), not an API key. Headwater makes its own webhook; paste a restricted key (rk_…).',
  ],
  [
    /^sk_org/,
    'key_organization',
    'This is an organization key (sk_org…). It spans several accounts; create a restricted key (rk_…) inside the one account you want to connect.',
  ],
];

const SHAPE = /^(rk|sk|rkcs)_(live|test)_[A-Za-z0-9_]{8,}$/;

/** Tells from the text of a key alone what it is, before Stripe is asked. */
export function readKey(text: string): KeyReading {
  const key = text.trim();
  if (key === '') {
    return {
      ok: false,
      code: 'key_empty',
      sentence: 'Paste a restricted key. It begins with rk_.',
    };
  }
  for (const [pattern, code, sentence] of REFUSALS) {
    if (pattern.test(key)) return { ok: false, code, sentence };
  }
  const [, prefix, mode] = SHAPE.exec(key) ?? [];
  if (!prefix) {
    return {
      ok: false,
      code: 'key_unknown',
      sentence:
        'This does not look like a Stripe key. A restricted key begins with rk_live_ or rk_test_; copy it whole, without spaces.',
    };
  }
  const kind: KeyKind = prefix === 'sk' ? 'secret' : 'restricted';
  return {
    ok: true,
    key,
    mode: mode as Mode,
    kind,
    hint: `${prefix}_${mode}_…${key.slice(-4)}`,
    advice:
      kind === 'secret'
        ? 'This is a secret key with power over the whole account. It works, but a restricted key is safer: Headwater only needs to read.'
        : null,
  };
}
