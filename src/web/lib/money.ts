// Decimals of Stripe's integer amounts, which are not always those of Intl (ISK, HUF, UGX).
const ZERO_DECIMAL = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
);
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/** Decimals of a currency's minor unit. */
export function exponentOf(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase();
  if (ZERO_DECIMAL.has(code)) return 0;
  return THREE_DECIMAL.has(code) ? 3 : 2;
}

interface MoneyStyle {
  /** Whole units above 1,000, for axes and large figures. */
  short?: boolean;
  /** Show + in front of gains. */
  signed?: boolean;
}

/** `123456, 'eur'` → `€1,234.56`. Without a currency the bare amount is shown in two decimals. */
export function formatMoney(
  amountMinor: number | null | undefined,
  currency: string | null | undefined,
  style: MoneyStyle = {},
): string {
  if (amountMinor === null || amountMinor === undefined) return '–';
  const exponent = exponentOf(currency ?? 'usd');
  const value = amountMinor / 10 ** exponent;
  const digits = style.short && Math.abs(value) >= 1000 ? 0 : exponent;
  return new Intl.NumberFormat('en-US', {
    ...(currency ? { style: 'currency', currency: currency.toUpperCase() } : {}),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: style.signed ? 'exceptZero' : 'auto',
  }).format(value);
}

/** For axes: `€1.2K`. */
export function formatMoneyCompact(amountMinor: number, currency: string | null): string {
  const value = amountMinor / 10 ** exponentOf(currency ?? 'usd');
  return new Intl.NumberFormat('en-US', {
    ...(currency ? { style: 'currency', currency: currency.toUpperCase() } : {}),
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value);
}

/** `12.34, 'eur'` → 1234: what a reader types becomes whole minor units. */
export function toMinor(value: number, currency: string): number {
  return Math.round(value * 10 ** exponentOf(currency));
}

/** `1234, 'eur'` → 12.34, for a field in which it is typed. */
export function fromMinor(amountMinor: number, currency: string): number {
  return amountMinor / 10 ** exponentOf(currency);
}
