import type { Window } from '../../../audiences/definition.ts';
import { fromMinor, toMinor } from '../../lib/money.ts';
import { NativeSelect, NumberInput } from '../../ui/kit.ts';

/** At any time, or within so many days up to now. */
export function WindowEditor({
  within,
  onChange,
}: {
  within: Window | undefined;
  onChange: (within: Window | undefined) => void;
}) {
  return (
    <>
      <NativeSelect
        aria-label="When"
        data={[
          { value: 'ever', label: 'at any time' },
          { value: 'last', label: 'in the last' },
        ]}
        value={within ? 'last' : 'ever'}
        onChange={(event) =>
          onChange(event.currentTarget.value === 'last' ? { last_days: 30 } : undefined)
        }
      />
      {within && 'last_days' in within && (
        <Days days={within.last_days} onChange={(last_days) => onChange({ last_days })} />
      )}
    </>
  );
}

export function Days({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  return (
    <NumberInput
      aria-label="Days"
      w={100}
      min={1}
      max={36_500}
      allowDecimal={false}
      suffix={days === 1 ? ' day' : ' days'}
      value={days}
      onChange={(next) => onChange(Math.max(1, Number(next) || 1))}
    />
  );
}

const CURRENCIES = Intl.supportedValuesOf('currency').map((code) => ({
  value: code.toLowerCase(),
  label: code,
}));

interface AmountProps {
  minor: number;
  currency: string;
  onChange: (minor: number, currency: string) => void;
}

/** An amount as it is typed, with its currency; kept in minor units. */
export function Amount({ minor, currency, onChange }: AmountProps) {
  return (
    <>
      <NumberInput
        aria-label="Amount"
        w={110}
        min={0}
        value={fromMinor(minor, currency)}
        onChange={(next) => onChange(toMinor(Number(next) || 0, currency), currency)}
      />
      <NativeSelect
        aria-label="Currency"
        data={CURRENCIES}
        value={currency}
        onChange={(event) => {
          const code = event.currentTarget.value;
          onChange(toMinor(fromMinor(minor, currency), code), code);
        }}
      />
    </>
  );
}
