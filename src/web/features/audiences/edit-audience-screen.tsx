import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Audience } from '../../../api/contract/audiences.ts';
import type { Definition } from '../../../audiences/definition.ts';
import { formatCount } from '../../lib/format.ts';
import { sentenceOf } from '../../lib/http.ts';
import { Card, Loaded, Note, Page, personName, say } from '../../ui/index.ts';
import { Button, Stack, Text, TextInput } from '../../ui/kit.ts';
import { audienceQuery, previewQuery, saveAudience } from './api.ts';
import styles from './audiences.module.css';
import { isComplete, toDefinition, toTree } from './builder-tree.ts';
import { GroupEditor } from './group-editor.tsx';

const route = getRouteApi('/audiences/$audienceId/edit');
const FIRST: Definition = {
  all: [{ field: 'subscription_status', operator: 'is', value: 'trialing' }],
};

export function NewAudienceScreen() {
  return <Builder audience={null} />;
}

export function EditAudienceScreen() {
  const { audienceId } = route.useParams();
  const query = useQuery(audienceQuery(audienceId));
  return (
    <Loaded query={query}>{(audience) => <Builder key={audience.id} audience={audience} />}</Loaded>
  );
}

/** Groups left, the sentence, the live count and a few of the people right. */
function Builder({ audience }: { audience: Audience | null }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(audience?.name ?? '');
  const [description, setDescription] = useState(audience?.description ?? '');
  const [tree, setTree] = useState(() => toTree(audience?.definition ?? FIRST));
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const complete = isComplete(tree);
  const definition = useMemo(() => toDefinition(tree), [tree]);
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const body = { name: name.trim(), description: description.trim(), definition };
      const saved = await saveAudience(audience?.id ?? null, body);
      void client.invalidateQueries({ queryKey: ['audiences'] });
      say('Saved. People are being sorted in now.');
      await navigate({ to: '/audiences/$audienceId', params: { audienceId: saved.id } });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Page
      title={audience ? `Edit “${audience.name}”` : 'New audience'}
      back={{ to: '/audiences', label: 'Audiences' }}
      wide
      actions={
        <Button loading={busy} disabled={!complete || !name.trim()} onClick={() => void save()}>
          Save audience
        </Button>
      }
    >
      <div className={styles.builder}>
        <Stack gap="md">
          {failure !== null && (
            <Note tone="bad" title="Not saved" live>
              {sentenceOf(failure)}
            </Note>
          )}
          <Card title="About">
            <Stack gap="sm">
              <TextInput
                aria-label="Name"
                placeholder="Such as: trials ending this week"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                aria-label="What it is for"
                placeholder="What it is for, in one sentence"
                value={description}
                onChange={(event) => setDescription(event.currentTarget.value)}
              />
            </Stack>
          </Card>
          <GroupEditor group={tree} onChange={setTree} />
        </Stack>
        <div className={styles.builderSide}>
          <LiveCount definition={complete ? definition : null} />
        </div>
      </div>
    </Page>
  );
}

/** The estimate comes at once, the exact count a moment after the last change. */
function LiveCount({ definition }: { definition: Definition | null }) {
  const [soon] = useDebouncedValue(definition, 200);
  const [settled] = useDebouncedValue(definition, 800);
  const estimate = useQuery(previewQuery(soon, false));
  const exact = useQuery(previewQuery(settled, true));
  const counted = settled === definition && !exact.isPlaceholderData ? exact.data : undefined;
  const shown = counted ?? estimate.data;
  const error = estimate.error ?? exact.error;
  return (
    <>
      <Card title="In words">
        <Text size="sm">{shown?.sentence ?? '…'}</Text>
      </Card>
      <Card title="People right now">
        <div aria-live="polite" aria-busy={!counted}>
          {error ? (
            <Note tone="bad">{sentenceOf(error)}</Note>
          ) : (
            <div className={styles.count}>
              {counted
                ? formatCount(counted.count)
                : shown
                  ? `≈ ${formatCount(shown.estimate)}`
                  : '…'}
            </div>
          )}
          {definition === null && (
            <Text size="xs" c="dimmed">
              Fill in the empty condition to count.
            </Text>
          )}
        </div>
        <ul className={styles.sample}>
          {shown?.sample.slice(0, 5).map((person) => (
            <li key={person.person_id}>{personName(person)}</li>
          ))}
        </ul>
      </Card>
    </>
  );
}
