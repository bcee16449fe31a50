import { Button, Group, Modal } from '@mantine/core';
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
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back, or that sends. Mount it to open it. */
export function Confirm({ title, children, action, danger, onConfirm, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
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
      {children}
      {error !== null && (
        <Note tone="bad" live>
          {sentenceOf(error)}
        </Note>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color={danger ? 'red.8' : undefined}
          loading={busy}
          onClick={() => void confirm()}
          data-autofocus
        >
          {action}
        </Button>
      </Group>
    </Modal>
  );
}
