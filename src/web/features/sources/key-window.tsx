import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Source } from '../../../api/contract/sources.ts';
import { sentenceOf } from '../../lib/http.ts';
import { Note, say } from '../../ui/index.ts';
import { Button, Group, Modal, PasswordInput, Stack } from '../../ui/kit.ts';
import { replaceKey } from './deeds.ts';

/** Takes another key for the same account; it is checked before the old one is let go. */
export function KeyWindow({ source, onClose }: { source: Source; onClose: () => void }) {
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await replaceKey(source.id, key.trim());
      await client.invalidateQueries({ queryKey: ['sources'] });
      say('The new key is in use.');
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Another key for ${source.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="Restricted API key"
            description={`Now in use: ${source.key_hint}`}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          {failure !== null && (
            <Note tone="bad" live>
              {sentenceOf(failure)}
            </Note>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!key.trim()}>
              Use this key
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
