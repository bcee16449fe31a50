import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { keyFormUrl, PERMISSIONS } from '../../../stripe/definition.ts';
import { RequestError, sentenceOf } from '../../lib/http.ts';
import { Bar, Card, Columns, Note, Page } from '../../ui/index.ts';
import { Anchor, Button, Group, PasswordInput, Stack, Text, TextInput } from '../../ui/kit.ts';
import { connectSource } from './deeds.ts';
import { KeyGuide } from './key-guide.tsx';
import { PermissionTable } from './permission-table.tsx';
import { ModeMark } from './source-status.tsx';
import { useProbe } from './use-probe.ts';
import type { Probe } from './use-probe.ts';
import { namePermission } from './words.ts';

/** Guide left, key right: checked permission by permission before anything is saved. */
export function ConnectScreen() {
  const [key, setKey] = useState('');
  const { probe, check, reset } = useProbe();
  const change = (text: string): void => {
    setKey(text);
    if (probe.state !== 'idle') reset();
  };
  return (
    <Page
      title="Connect Stripe"
      back={{ to: '/sources', label: 'Data sources' }}
      note="Headwater reads. The one thing it writes is its own webhook endpoint."
    >
      <Columns even>
        <KeyGuide />
        <Card title="Your key">
          <Stack gap="md">
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (key.trim()) void check(key.trim());
              }}
            >
              <Group align="end" gap="xs" wrap="nowrap">
                <PasswordInput
                  style={{ flex: 1 }}
                  label="Restricted API key"
                  placeholder="rk_live_… or rk_test_…"
                  autoComplete="off"
                  spellCheck={false}
                  value={key}
                  onChange={(event) => change(event.currentTarget.value)}
                />
                <Button
                  type="submit"
                  variant={probe.ok ? 'default' : 'filled'}
                  loading={probe.state === 'checking'}
                  disabled={!key.trim()}
                >
                  Check the key
                </Button>
              </Group>
            </form>
            <div aria-live="polite">
              <Outcome probe={probe} apiKey={key.trim()} />
            </div>
            <PermissionTable probe={probe} />
          </Stack>
        </Card>
      </Columns>
    </Page>
  );
}

/** What the check found, and the next thing to do. */
function Outcome({ probe, apiKey }: { probe: Probe; apiKey: string }) {
  if (probe.error) {
    return (
      <Note tone="bad" title="The key could not be checked">
        {sentenceOf(probe.error)}
      </Note>
    );
  }
  return (
    <Stack gap="sm">
      {probe.account && (
        <Bar>
          <Text fw={600} size="lg">
            {probe.account.name || probe.account.account_id}
          </Text>
          <ModeMark mode={probe.account.mode} />
        </Bar>
      )}
      {probe.refusal && (
        <Note tone="bad" title="This key cannot be used">
          {probe.refusal.sentence}
          <Missing probe={probe} />
        </Note>
      )}
      {probe.state === 'checking' && (
        <Text size="sm" c="dimmed">
          {probe.granted.size} of {PERMISSIONS.length} permissions checked
        </Text>
      )}
      {probe.state === 'done' && !probe.ok && !probe.refusal && (
        <Note tone="bad" title="Something is missing">
          <Missing probe={probe} />
        </Note>
      )}
      {probe.ok && <ConnectForm probe={probe} apiKey={apiKey} />}
    </Stack>
  );
}

/** What to add, in the words of Stripe's own form. */
function Missing({ probe }: { probe: Probe }) {
  const missing = PERMISSIONS.filter(
    ({ needed, resource }) => needed && probe.granted.get(resource) === false,
  );
  if (missing.length === 0) return null;
  const names = missing.map(namePermission).join(', ');
  return (
    <p style={{ margin: '6px 0 0' }}>
      Open the key in Stripe (
      <Anchor
        href={keyFormUrl(probe.account?.mode ?? 'live').split('/create')[0]}
        target="_blank"
        rel="noreferrer"
        inherit
      >
        Developers → API keys
      </Anchor>
      , the three dots beside it, Edit key), set <strong>{names}</strong>, save, and check again.
    </p>
  );
}

/** What the key may not read and Headwater can do without. */
function Skipped({ probe }: { probe: Probe }) {
  const skipped = PERMISSIONS.filter(
    ({ needed, resource }) => !needed && probe.granted.get(resource) === false,
  );
  if (skipped.length === 0) return null;
  return (
    <p style={{ margin: '6px 0 0' }}>
      Will be skipped: <strong>{skipped.map(namePermission).join(', ')}</strong>. You can connect
      without; each starts by itself once you grant it in Stripe.
    </p>
  );
}

function ConnectForm({ probe, apiKey }: { probe: Probe; apiKey: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(probe.account?.name ?? '');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const connect = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const source = await connectSource(apiKey, name.trim() || undefined);
      void client.invalidateQueries({ queryKey: ['sources'] });
      void client.invalidateQueries({ queryKey: ['templates'] });
      await navigate({ to: '/sources/$sourceId', params: { sourceId: source.id } });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <>
      <Note tone="good" title="Everything needed is there">
        Connecting starts the first sync: the last 90 days first, then the whole history.
        <Skipped probe={probe} />
      </Note>
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label="Name on this page"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button loading={busy} onClick={() => void connect()}>
          Connect
        </Button>
      </Group>
      {failure !== null && (
        <Note
          tone="bad"
          title={
            failure instanceof RequestError && failure.code === 'already_connected'
              ? 'Already connected'
              : 'Not connected'
          }
          live
        >
          {sentenceOf(failure)}
        </Note>
      )}
    </>
  );
}
