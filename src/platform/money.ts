/**
 * Currency exponents as Stripe bills them: how many decimals its integer amounts carry. They are
 * not always those of `Intl` (ISK, HUF, UGX), hence a table. Source: Stripe's currency notes.
 * UGX is listed there as zero-decimal, yet amounts must be given with two decimals, so it is 2.
 */
const ZERO_DECIMAL = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
);
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/** Decimals of a currency's minor unit: 0, 2 or 3. The code may be in either case. */
export function currencyExponent(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase();
  if (ZERO_DECIMAL.has(code)) return 0;
  return THREE_DECIMAL.has(code) ? 3 : 2;
}

/** `1234, 'eur'` → `€12.34`. Rounds half away from zero when the amount has a fraction. */
export function formatMoney(amountMinor: number, currency: string, locale = 'en-US'): string {
  const exponent = currencyExponent(currency);
  const rounded = Math.sign(amountMinor) * Math.round(Math.abs(amountMinor));
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(rounded / 10 ** exponent);
}
