import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SourcePatch } from '../../../api/contract/source-actions.ts';
import type { Source } from '../../../api/contract/sources.ts';
import { faultyField, sentenceOf } from '../../lib/http.ts';
import { listTimeZones } from '../../lib/time-zones.ts';
import { Card, Note, say } from '../../ui/index.ts';
import {
  Group,
  Button,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  TextInput,
  useForm,
} from '../../ui/kit.ts';
import { changeSource } from './deeds.ts';

interface Values {
  name: string;
  time_zone: string;
  include_test_clocks: boolean;
  /** In percent. */
  rate_share: number | string;
}

const valuesOf = ({ name, time_zone, settings }: Source): Values => ({
  name,
  time_zone,
  include_test_clocks: settings.include_test_clocks,
  rate_share: Math.round(settings.rate_share * 100),
});

/** What can be set about a source. A value the server refuses is explained at its field. */
export function SettingsForm({ source }: { source: Source }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm<Values>({
    initialValues: valuesOf(source),
    validate: {
      name: (value) => (value.trim() ? null : 'Give this source a name.'),
      rate_share: (value) =>
        Number(value) >= 5 && Number(value) <= 100 ? null : 'Choose between 5 % and 100 %.',
    },
  });
  const save = async (values: Values): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const saved = valuesOf(await changeSource(source.id, changesOf(values, source)));
      form.setInitialValues(saved);
      form.setValues(saved);
      form.resetDirty(saved);
      say('Saved.');
      await client.invalidateQueries({ queryKey: ['sources'] });
    } catch (error) {
      const field = faultyField(error);
      if (field && field in values) form.setFieldError(field, sentenceOf(error));
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title="This source">
      <form onSubmit={form.onSubmit((values) => void save(values))}>
        <Stack gap="md" maw={460}>
          <TextInput
            label="Name"
            description="How it is called on this page. The name in Stripe stays."
            {...form.getInputProps('name')}
          />
          <NativeSelect
            label="Time zone"
            description="Days of this account begin by it, on its charts and in its figures."
            data={listTimeZones(source.time_zone)}
            {...form.getInputProps('time_zone')}
          />
          <NumberInput
            label="Share of the rate limit"
            description="Stripe allows an account 100 requests a second with live data and 25 with test data. Of what this installation takes of that, this source uses so much. Less leaves more for your own programs and makes copying slower by as much."
            suffix=" %"
            step={5}
            clampBehavior="none"
            w={160}
            styles={{ description: { width: 'min(460px, 80vw)' } }}
            {...form.getInputProps('rate_share')}
          />
          {source.mode === 'test' && (
            <Switch
              label="Include customers of test clocks"
              description="A test clock lets time run ahead for its customers. Left out, figures and audiences hold only what lives in real time. Switched on, the account is copied again to fetch them."
              {...form.getInputProps('include_test_clocks', { type: 'checkbox' })}
            />
          )}
          {failure !== null && (
            <Note tone="bad" title="Not saved" live>
              {sentenceOf(failure)}
            </Note>
          )}
          <Group>
            <Button type="submit" loading={busy} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** Only what was changed is sent. */
function changesOf(values: Values, source: Source): SourcePatch {
  const before = valuesOf(source);
  return {
    ...(values.name === before.name ? {} : { name: values.name.trim() }),
    ...(values.time_zone === before.time_zone ? {} : { time_zone: values.time_zone }),
    ...(values.include_test_clocks === before.include_test_clocks
      ? {}
      : { include_test_clocks: values.include_test_clocks }),
    ...(values.rate_share === before.rate_share
      ? {}
      : { rate_share: Number(values.rate_share) / 100 }),
  };
}
