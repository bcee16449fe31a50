import { ACTIVITY_TYPES } from '../../../activities/definition.ts';
import { IconX } from '../../ui/icons.ts';
import { Bar, Dim } from '../../ui/index.ts';
import { ActionIcon, NativeSelect, TextInput } from '../../ui/kit.ts';
import type { ActivityFilter } from './lists.ts';

/** Kinds as people think of them; each is one or more types of activity. */
const KINDS = [
  ['Payments', ['charge', 'payment_failed', 'payment_recovered', 'card_expiring']],
  ['Invoices', /^invoice/],
  ['Trials', /trial/],
  ['Subscriptions', /^subscription|^reactivated/],
  ['Refunds and disputes', /refund|dispute/],
] as const;

const isOf = (kind: (typeof KINDS)[number][1], type: string): boolean =>
  kind instanceof RegExp ? kind.test(type) : (kind as readonly string[]).includes(type);

const CHOICES = [
  { value: '', label: 'All activities' },
  {
    group: 'Kinds',
    items: KINDS.map(([label, kind]) => ({
      label,
      value: ACTIVITY_TYPES.filter(({ name }) => isOf(kind, name))
        .map(({ name }) => name)
        .join(','),
    })),
  },
  {
    group: 'One by one',
    items: ACTIVITY_TYPES.filter(({ name }) => !name.startsWith('email_')).map(
      ({ name, label }) => ({ value: name, label }),
    ),
  },
];

interface ActivityFiltersProps {
  filter: ActivityFilter;
  onChange: (filter: ActivityFilter) => void;
}

/** Which kind, and which days. What is chosen stands in the address. */
export function ActivityFilters({ filter, onChange }: ActivityFiltersProps) {
  const set = (part: ActivityFilter): void => onChange({ ...filter, ...part });
  const filtered = filter.types ?? filter.from ?? filter.to;
  return (
    <Bar>
      <NativeSelect
        aria-label="Kind of activity"
        data={CHOICES}
        value={filter.types ?? ''}
        onChange={(event) => set({ types: event.currentTarget.value || undefined })}
      />
      <TextInput
        aria-label="From day"
        leftSection={<Dim small>From</Dim>}
        leftSectionWidth={46}
        type="date"
        value={filter.from ?? ''}
        max={filter.to}
        onChange={(event) => set({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        aria-label="To day"
        leftSection={<Dim small>To</Dim>}
        leftSectionWidth={32}
        type="date"
        value={filter.to ?? ''}
        min={filter.from}
        onChange={(event) => set({ to: event.currentTarget.value || undefined })}
      />
      {filtered && (
        <ActionIcon aria-label="Clear the filters" onClick={() => onChange({})}>
          <IconX size={15} />
        </ActionIcon>
      )}
    </Bar>
  );
}
