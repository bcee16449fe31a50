import { ACTIVITY_TYPES } from '../../../activities/definition.ts';
import {
  ACTIVITY_OPERATORS,
  FIELDS,
  findField,
  OPERATORS,
  OPERATORS_BY_TYPE,
} from '../../../audiences/definition.ts';
import type { ActivityCondition, FieldCondition } from '../../../audiences/definition.ts';
import { humanise } from '../../lib/format.ts';
import { Checkbox, NativeSelect, NumberInput, TextInput } from '../../ui/kit.ts';
import styles from './audiences.module.css';
import { activityCondition, fieldCondition } from './builder-tree.ts';
import { Amount, Days, WindowEditor } from './value-inputs.tsx';

interface EditorProps<C> {
  condition: C;
  onChange: (condition: C) => void;
}

const FIELD_CHOICES = FIELDS.map(({ name, label }) => ({ value: name, label }));

export function FieldEditor({ condition, onChange }: EditorProps<FieldCondition>) {
  const field = findField(condition.field);
  const operators = OPERATORS_BY_TYPE[field?.type ?? 'text'];
  return (
    <>
      <NativeSelect
        aria-label="Field"
        data={FIELD_CHOICES}
        value={condition.field}
        onChange={(event) =>
          onChange(
            fieldCondition(
              event.currentTarget.value as FieldCondition['field'],
              condition.operator,
              condition,
            ),
          )
        }
      />
      <NativeSelect
        aria-label="Comparison"
        data={operators.map((name) => ({ value: name, label: OPERATORS[name].label }))}
        value={condition.operator}
        onChange={(event) =>
          onChange(
            fieldCondition(
              condition.field,
              event.currentTarget.value as FieldCondition['operator'],
              condition,
            ),
          )
        }
      />
      <FieldValue condition={condition} onChange={onChange} />
    </>
  );
}

function FieldValue({ condition, onChange }: EditorProps<FieldCondition>) {
  const field = findField(condition.field);
  const change = (part: object): void => onChange({ ...condition, ...part } as FieldCondition);
  if ('days' in condition) {
    return <Days days={condition.days} onChange={(days) => change({ days })} />;
  }
  if ('values' in condition) {
    const { values } = condition;
    if (!field?.options) {
      return (
        <TextInput
          aria-label="Values, separated by commas"
          placeholder="One, another"
          value={values.join(', ')}
          onChange={(event) => change({ values: event.currentTarget.value.split(/,\s*/) })}
        />
      );
    }
    const toggle = (option: string, on: boolean): void => {
      const next = on ? [...values, option] : values.filter((value) => value !== option);
      if (next.length > 0) change({ values: next });
    };
    return (
      <fieldset className={styles.choices} aria-label="Values">
        {field.options.map((option) => (
          <Checkbox
            key={option}
            size="xs"
            label={humanise(option)}
            checked={values.includes(option)}
            onChange={(event) => toggle(option, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
    );
  }
  if (!('value' in condition)) return null;
  const { value, currency = 'usd' } = condition;
  switch (field?.type ?? 'text') {
    case 'choice':
      return (
        <NativeSelect
          aria-label="Value"
          data={(field?.options ?? []).map((option) => ({
            value: option,
            label: humanise(option),
          }))}
          value={String(value)}
          onChange={(event) => change({ value: event.currentTarget.value })}
        />
      );
    case 'time':
      return (
        <TextInput
          aria-label="Day"
          type="date"
          value={String(value).slice(0, 10)}
          onChange={(event) => {
            const day = event.currentTarget.value;
            if (day) change({ value: `${day}T00:00:00.000Z` });
          }}
        />
      );
    case 'money':
      return (
        <Amount
          minor={Number(value)}
          currency={currency}
          onChange={(minor, code) => change({ value: minor, currency: code })}
        />
      );
    case 'number':
      return (
        <NumberInput
          aria-label="Value"
          w={90}
          min={0}
          allowDecimal={false}
          value={Number(value)}
          onChange={(next) => change({ value: Number(next) || 0 })}
        />
      );
    case 'text':
      return (
        <TextInput
          aria-label="Value"
          value={String(value)}
          onChange={(event) => change({ value: event.currentTarget.value })}
        />
      );
  }
}

const ACTIVITY_CHOICES = ACTIVITY_TYPES.map(({ name, label }) => ({ value: name, label }));

export function ActivityEditor({ condition, onChange }: EditorProps<ActivityCondition>) {
  const withAmount = ACTIVITY_TYPES.find(({ name }) => name === condition.activity)?.has_amount;
  const operators = Object.entries(ACTIVITY_OPERATORS).filter(
    ([name]) => withAmount || !name.startsWith('sum'),
  );
  const change = (part: object): void => onChange({ ...condition, ...part } as ActivityCondition);
  return (
    <>
      <NativeSelect
        aria-label="How often"
        data={operators.map(([value, label]) => ({ value, label }))}
        value={condition.operator}
        onChange={(event) =>
          onChange(
            activityCondition(
              condition.activity,
              event.currentTarget.value as ActivityCondition['operator'],
              condition,
            ),
          )
        }
      />
      {'times' in condition && (
        <NumberInput
          aria-label="Times"
          w={100}
          min={0}
          allowDecimal={false}
          suffix=" times"
          value={condition.times}
          onChange={(next) => change({ times: Number(next) || 0 })}
        />
      )}
      <NativeSelect
        aria-label="Activity"
        data={ACTIVITY_CHOICES}
        value={condition.activity}
        onChange={(event) =>
          change({ activity: event.currentTarget.value as ActivityCondition['activity'] })
        }
      />
      {'amount_minor' in condition && (
        <Amount
          minor={condition.amount_minor}
          currency={condition.currency}
          onChange={(amount_minor, currency) => change({ amount_minor, currency })}
        />
      )}
      <WindowEditor within={condition.within} onChange={(within) => change({ within })} />
    </>
  );
}
