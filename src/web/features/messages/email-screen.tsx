import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Email, EmailProblem } from '../../../api/contract/emails.ts';
import { VARIABLES } from '../../../messages/definition.ts';
import { takeToClipboard } from '../../lib/clipboard.ts';
import { RequestError, sentenceOf } from '../../lib/http.ts';
import { Card, Loaded, Note, Page, say } from '../../ui/index.ts';
import { Button, NativeSelect, Stack, Text, Textarea, TextInput } from '../../ui/kit.ts';
import { emailQuery, saveEmail } from './api.ts';
import { EmailPreviewCard } from './email-preview.tsx';
import styles from './messages.module.css';
import { Problems } from './problems.tsx';

const route = getRouteApi('/messages/emails/$emailId');

const CLASSES = [
  { value: 'marketing', label: 'Marketing: with an unsubscribe link, only to who agreed' },
  { value: 'transactional', label: 'Transactional: about the person’s own account' },
  { value: 'internal', label: 'Internal: to your own team' },
];

/** Editor left, the mail as a real person gets it right. */
export function EmailScreen() {
  const { emailId } = route.useParams();
  const query = useQuery(emailQuery(emailId));
  return <Loaded query={query}>{(email) => <Editor key={email.id} email={email} />}</Loaded>;
}

function Editor({ email }: { email: Email }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(email);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<Email>): void => setDraft({ ...draft, ...part });
  const dirty = (['name', 'class', 'subject', 'source'] as const).some(
    (name) => draft[name] !== email[name],
  );
  const { name, class: kind, subject, source } = draft;
  const body = useMemo(
    () => ({ name, class: kind, subject, source }),
    [name, kind, subject, source],
  );
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const saved = await saveEmail(email.id, body);
      client.setQueryData(emailQuery(email.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: ['emails'] });
      say('Saved. Mails that leave from now on use this text.');
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page
      title={email.name}
      back={{ to: '/messages', label: 'Messages' }}
      wide
      actions={
        <Button loading={busy} disabled={!dirty} onClick={() => void save()}>
          Save
        </Button>
      }
    >
      {failure !== null && (
        <Stack mb="md">
          <NotSaved failure={failure} />
        </Stack>
      )}
      <div className={styles.editor}>
        <Card title="Text">
          <Stack gap="sm">
            <TextInput
              label="Name"
              description="For yourself; nobody who gets the mail sees it."
              value={draft.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <NativeSelect
              label="Class"
              data={CLASSES}
              value={draft.class}
              onChange={(event) => set({ class: event.currentTarget.value as Email['class'] })}
            />
            <TextInput
              label="Subject"
              value={draft.subject}
              onChange={(event) => set({ subject: event.currentTarget.value })}
            />
            <Textarea
              className={styles.source}
              label="Source"
              description="MJML with Liquid."
              rows={20}
              spellCheck={false}
              value={draft.source}
              onChange={(event) => set({ source: event.currentTarget.value })}
            />
            <Variables />
          </Stack>
        </Card>
        <EmailPreviewCard draft={body} />
      </div>
    </Page>
  );
}

function NotSaved({ failure }: { failure: unknown }) {
  const detail = failure instanceof RequestError ? failure.detail : null;
  const problems = (detail as { problems?: EmailProblem[] } | null)?.problems;
  if (problems && problems.length > 0) return <Problems problems={problems} />;
  return (
    <Note tone="bad" title="Not saved" live>
      {sentenceOf(failure)}
    </Note>
  );
}

/** Everything a tag may name; a click takes it to the clipboard. */
function Variables() {
  const take = async (path: string): Promise<void> => {
    await takeToClipboard(`{{ ${path} }}`);
    say(`{{ ${path} }} is on the clipboard.`);
  };
  return (
    <div>
      <Text size="xs" c="dimmed" mb={6}>
        Names you can use
      </Text>
      <div className={styles.variables}>
        {VARIABLES.map(({ path, label, example }) => (
          <button
            key={path}
            type="button"
            className={styles.variable}
            title={`${label}, such as ${example}`}
            onClick={() => void take(path)}
          >
            {path}
          </button>
        ))}
      </div>
    </div>
  );
}
