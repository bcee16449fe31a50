/** An exact fraction. `d` is always positive; fractions are not reduced, a rate takes only few steps. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** Amounts are stored with six decimals of a minor unit: one minor unit is a million micro. */
export const MICRO = 1_000_000n;

export const ZERO: Rational = { n: 0n, d: 1n };
export const ONE: Rational = { n: 1n, d: 1n };

export function whole(value: bigint | number): Rational {
  return { n: BigInt(value), d: 1n };
}

export function ratio(n: bigint, d: bigint): Rational {
  if (d === 0n) throw new Error('A fraction cannot have a denominator of zero');
  return d < 0n ? { n: -n, d: -d } : { n, d };
}

/** Reads a decimal such as '12.5' or a JSON number, without going through floating point. */
export function readDecimal(value: string | number): Rational {
  const text = typeof value === 'number' ? plain(value) : value;
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match) throw new Error(`Not a decimal number: ${text}`);
  const [, sign, digits = '', fraction = ''] = match;
  const n = BigInt(`${digits}${fraction}` || '0');
  return { n: sign ? -n : n, d: 10n ** BigInt(fraction.length) };
}

function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12) : text;
}

export function add(a: Rational, b: Rational): Rational {
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, { n: -b.n, d: b.d });
}

export function multiply(a: Rational, b: Rational): Rational {
  return { n: a.n * b.n, d: a.d * b.d };
}

export function divide(a: Rational, b: Rational): Rational {
  return ratio(a.n * b.d, a.d * b.n);
}

export function compare(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

export function absolute(a: Rational): Rational {
  return a.n < 0n ? { n: -a.n, d: a.d } : a;
}

export function atLeastZero(a: Rational): Rational {
  return a.n < 0n ? ZERO : a;
}

/** Half away from zero. */
function roundedQuotient(n: bigint, d: bigint): bigint {
  const half = n < 0n ? -d : d;
  return (n * 2n + half) / (d * 2n);
}

/** The amount in micro minor units, as the ledger stores it. */
export function toMicro(a: Rational): bigint {
  return roundedQuotient(a.n * MICRO, a.d);
}

/** 1500000n → '1.500000', the form of a numeric(24, 6). */
export function microToDecimal(micro: bigint): string {
  const size = micro < 0n ? -micro : micro;
  const fraction = String(size % MICRO).padStart(6, '0');
  return `${micro < 0n ? '-' : ''}${size / MICRO}.${fraction}`;
}

export function microFromDecimal(decimal: string): bigint {
  return toMicro(readDecimal(decimal));
}

/** For display only: whole minor units, half away from zero. */
export function microToMinor(micro: bigint): number {
  return Number(roundedQuotient(micro, MICRO));
}

/** A quantity as text: exact up to six decimals, without trailing zeros. */
export function toText(a: Rational): string {
  return microToDecimal(toMicro(a)).replace(/\.?0+$/, '');
}
