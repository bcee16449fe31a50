import { Group, NativeSelect, SegmentedControl, TextInput } from '../../ui/kit.ts';
import type { Range } from './api.ts';
import { PRESETS, presetOf, presetRange } from './range.ts';
import type { AskedRange } from './range.ts';

interface RangePickerProps {
  range: Range;
  onChange: (asked: AskedRange) => void;
}

/** Which days, and how finely. Everything stands in the address. */
export function RangePicker({ range, onChange }: RangePickerProps) {
  return (
    <Group gap="xs">
      <NativeSelect
        aria-label="Range"
        data={[
          ...PRESETS.map(({ value, label }) => ({ value, label })),
          { value: 'own', label: 'Own range' },
        ]}
        value={presetOf(range)}
        onChange={(event) => {
          const preset = PRESETS.find(({ value }) => value === event.currentTarget.value);
          if (preset) onChange({ ...presetRange(preset.days), interval: undefined });
        }}
      />
      <TextInput
        aria-label="From"
        type="date"
        value={range.from}
        max={range.to}
        onChange={(event) => {
          const from = event.currentTarget.value;
          if (from) onChange({ from, to: range.to, interval: undefined });
        }}
      />
      <TextInput
        aria-label="To"
        type="date"
        value={range.to}
        min={range.from}
        onChange={(event) => {
          const to = event.currentTarget.value;
          if (to) onChange({ from: range.from, to, interval: undefined });
        }}
      />
      <SegmentedControl
        aria-label="By day or month"
        value={range.interval}
        onChange={(value) => onChange({ interval: value === 'day' ? 'day' : 'month' })}
        data={[
          { value: 'day', label: 'Day' },
          { value: 'month', label: 'Month' },
        ]}
      />
    </Group>
  );
}
