import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { LONGEST_WAIT_MINUTES } from '../../../playbooks/definition.ts';
import type { Step } from '../../../playbooks/definition.ts';
import { LinkButton } from '../../ui/index.ts';
import { Group, NativeSelect, NumberInput, Stack, Text } from '../../ui/kit.ts';
import { emailNamesQuery } from './api.ts';

interface StepFormProps {
  step: Step;
  onChange: (step: Step) => void;
}

/** What can be set about one step. */
export function StepForm({ step, onChange }: StepFormProps) {
  switch (step.kind) {
    case 'wait':
      return (
        <WaitForm minutes={step.minutes} onChange={(minutes) => onChange({ ...step, minutes })} />
      );
    case 'email':
      return (
        <EmailForm id={step.email_id} onChange={(email_id) => onChange({ ...step, email_id })} />
      );
    case 'branch':
      return <Text size="sm">People are asked this at the moment they get here.</Text>;
    case 'end':
      return <Text size="sm">Whoever gets here has finished.</Text>;
  }
}

const UNITS = [
  { value: '1440', label: 'days' },
  { value: '60', label: 'hours' },
  { value: '1', label: 'minutes' },
];

function WaitForm({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const fitting = UNITS.find(({ value }) => minutes % Number(value) === 0)?.value ?? '1';
  const [unit, setUnit] = useState(fitting);
  const size = Number(unit);
  const set = (amount: number, by: number): void =>
    onChange(Math.min(LONGEST_WAIT_MINUTES, Math.max(1, Math.round(amount * by))));
  return (
    <Group align="end" gap="xs">
      <NumberInput
        label="Wait"
        w={110}
        min={1}
        value={minutes / size}
        onChange={(next) => set(Number(next) || 1, size)}
      />
      <NativeSelect
        aria-label="Unit"
        data={UNITS}
        value={unit}
        onChange={(event) => {
          setUnit(event.currentTarget.value);
          set(minutes / size, Number(event.currentTarget.value));
        }}
      />
    </Group>
  );
}

function EmailForm({ id, onChange }: { id: number; onChange: (id: number) => void }) {
  const { data: emails = [] } = useQuery(emailNamesQuery);
  return (
    <Stack gap="sm">
      <NativeSelect
        label="E-mail"
        data={emails.map((email) => ({ value: String(email.id), label: email.name }))}
        value={String(id)}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      />
      <Group>
        <LinkButton to="/messages/emails/$emailId" params={{ emailId: id }} variant="default">
          Edit the text and preview it
        </LinkButton>
      </Group>
    </Stack>
  );
}
