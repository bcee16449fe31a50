import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { sentenceOf } from '../lib/http.ts';
import { Note } from './status.tsx';

interface ConfirmProps {
  title: string;
  /** What will happen, with the number of people it happens to. */
  children: ReactNode;
  action: string;
  danger?: boolean;
  /** Has to be typed before the button works, for what destroys. */
  word?: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back, or that sends. Mount it to open it. */
export function Confirm({ title, children, action, danger, word, ...does }: ConfirmProps) {
  const { onConfirm, onClose } = does;
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>(null);
  const ready = word === undefined || typed.trim() === word.trim();
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void confirm();
        }}
      >
        {children}
        {word !== undefined && (
          <TextInput
            mt="md"
            label={
              <>
                To confirm, type <strong>{word}</strong>
              </>
            }
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        {error !== null && (
          <div style={{ marginTop: 12 }}>
            <Note tone="bad" live>
              {sentenceOf(error)}
            </Note>
          </div>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={danger ? 'red.8' : undefined}
            loading={busy}
            disabled={!ready}
            data-autofocus={word === undefined || undefined}
          >
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
