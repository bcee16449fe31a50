import { formatMoney } from '../lib/money.ts';

interface MoneyProps {
  minor: number | null | undefined;
  currency: string | null | undefined;
  signed?: boolean;
  /** A zero is a quiet dash, for lists. */
  quietZero?: boolean;
}

const DIM = { color: 'var(--mantine-color-dimmed)' };

/** An amount in minor units, in figures of equal width. */
export function Money({ minor, currency, signed, quietZero }: MoneyProps) {
  if (!minor && (quietZero || !currency)) return <span style={DIM}>–</span>;
  return <span className="tabular">{formatMoney(minor, currency, { signed })}</span>;
}
