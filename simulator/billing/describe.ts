import type { PriceRow } from '../resources/price.ts';
import type { State } from '../state.ts';

/** Stripe's zero- and three-decimal currencies, as far as texts need them. */
const ZERO_DECIMAL = new Set([
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'mga',
  'pyg',
  'rwf',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
]);
const SIGNS: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function formatDay(seconds: number): string {
  const day = new Date(seconds * 1000);
  const month = MONTHS[day.getUTCMonth()] ?? '';
  return `${String(day.getUTCDate()).padStart(2, '0')} ${month} ${day.getUTCFullYear()}`;
}

function formatAmount(decimal: string, currency: string): string {
  const sign = SIGNS[currency] ?? `${currency.toUpperCase()} `;
  const value = Number(decimal);
  return ZERO_DECIMAL.has(currency) ? `${sign}${value}` : `${sign}${(value / 100).toFixed(2)}`;
}

function formatInterval(price: PriceRow): string {
  if (price.interval === null) return '';
  return price.interval_count === 1
    ? ` / ${price.interval}`
    : ` every ${price.interval_count} ${price.interval}s`;
}

export const productName = (state: State, price: PriceRow): string =>
  state.products.get(price.product).name;

/** The text of an ordinary line, such as `3 × Team (at $12.00 / month)`. */
export function describeLine(
  state: State,
  price: PriceRow,
  quantity: number,
  unit: string | null,
  tier: number | null,
): string {
  const each = unit === null ? '' : `at ${formatAmount(unit, price.currency)}`;
  const which = tier === null ? each : `Tier ${tier} ${each}`;
  return `${quantity} × ${productName(state, price)} (${which}${formatInterval(price)})`;
}

export function describeProration(
  state: State,
  price: PriceRow,
  quantity: number,
  at: number,
  credit: boolean,
): string {
  const many = quantity === 1 ? '' : `${quantity} × `;
  const what = credit ? 'Unused' : 'Remaining';
  return `${what} time on ${many}${productName(state, price)} after ${formatDay(at)}`;
}
