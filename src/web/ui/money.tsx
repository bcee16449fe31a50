import { formatMoney } from '../lib/money.ts';

interface MoneyProps {
  minor: number | null | undefined;
  currency: string | null | undefined;
  signed?: boolean;
}

/** An amount in minor units, in figures of equal width. */
export function Money({ minor, currency, signed }: MoneyProps) {
  return <span className="tabular">{formatMoney(minor, currency, { signed })}</span>;
}
