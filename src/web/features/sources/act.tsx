import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { say, sayFailure } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { actOnSource } from './deeds.ts';
import type { SourceAction } from './deeds.ts';

/**
 * Does something to a source, reads everything about sources again and says what came of it: the
 * answer's own sentence unless there is a better word. Throws what the server refuses.
 */
export function useAct(sourceId: number): (action: SourceAction, done?: string) => Promise<void> {
  const client = useQueryClient();
  return async (action, done) => {
    const { sentence } = await actOnSource(sourceId, action);
    await client.invalidateQueries({ queryKey: ['sources'] });
    say(done ?? sentence);
  };
}

interface ActProps {
  sourceId: number;
  action: SourceAction;
  /** Said when it is done, where the answer's own sentence does not tell it. */
  done?: string;
  quiet?: boolean;
  icon?: ReactNode;
  children: ReactNode;
}

/** A button that does one thing to a source, and says so or why not. */
export function Act({ sourceId, action, done, quiet, icon, children }: ActProps) {
  const act = useAct(sourceId);
  const [busy, setBusy] = useState(false);
  const press = async (): Promise<void> => {
    setBusy(true);
    try {
      await act(action, done);
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant={quiet ? 'default' : 'filled'}
      leftSection={icon}
      loading={busy}
      onClick={() => void press()}
    >
      {children}
    </Button>
  );
}
