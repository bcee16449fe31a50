import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings } from '../../../api/contract/settings.ts';
import { listTimeZones } from '../../lib/time-zones.ts';
import { Card, Loaded, say, sayFailure } from '../../ui/index.ts';
import { Button, Group, NativeSelect, Stack, TextInput, useForm } from '../../ui/kit.ts';
import { saveSettings, settingsQuery } from './api.ts';

/** Name, time zone and reporting currency of this installation. */
export function WorkspaceForm() {
  const query = useQuery(settingsQuery);
  return (
    <Card title="Workspace" note="Holds for everyone who signs in here">
      <Loaded query={query}>{(settings) => <Fields settings={settings} />}</Loaded>
    </Card>
  );
}

const CURRENCIES = Intl.supportedValuesOf('currency').map((code) => code.toLowerCase());

function Fields({ settings }: { settings: Settings }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: {
      workspace_name: settings.workspace_name,
      time_zone: settings.time_zone,
      reporting_currency: settings.reporting_currency ?? '',
    },
    validate: { workspace_name: (value) => (value.trim() ? null : 'Give the workspace a name.') },
  });
  const save = async (values: typeof form.values): Promise<void> => {
    setBusy(true);
    try {
      await saveSettings({
        workspace_name: values.workspace_name.trim(),
        time_zone: values.time_zone,
        reporting_currency: values.reporting_currency || null,
      });
      form.resetDirty(values);
      say('Saved.');
      for (const queryKey of [['settings'], ['session'], ['dashboards'], ['audit']]) {
        void client.invalidateQueries({ queryKey });
      }
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))}>
      <Stack gap="md" maw={420}>
        <TextInput label="Name" {...form.getInputProps('workspace_name')} />
        <NativeSelect
          label="Time zone"
          description="Days on dashboards and in the MRR ledger begin by it."
          data={listTimeZones(settings.time_zone)}
          {...form.getInputProps('time_zone')}
        />
        <NativeSelect
          label="Reporting currency"
          description="Figures are shown in it where nothing else is chosen."
          data={[
            { value: '', label: 'Like the Stripe account' },
            ...CURRENCIES.map((code) => ({ value: code, label: code.toUpperCase() })),
          ]}
          {...form.getInputProps('reporting_currency')}
        />
        <Group>
          <Button type="submit" loading={busy} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
