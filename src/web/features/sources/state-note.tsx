import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Source } from '../../../api/contract/sources.ts';
import { LinkButton, Note, say, sayFailure } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { actOnSource } from './api.ts';
import type { SourceAction } from './api.ts';
import { toneOfState } from './source-status.tsx';

interface StateNoteProps {
  source: Source;
  /** Opens the field for another key. */
  onKey: () => void;
}

/** What the source is in, as a sentence, and the next step with its button. */
export function StateNote({ source, onKey }: StateNoteProps) {
  return (
    <div aria-live="polite">
      <Note tone={toneOfState(source.state)} title={source.sentence}>
        {source.next_step}
        <div style={{ display: 'flex', gap: 8, marginTop: source.next_step ? 8 : 0 }}>
          <NextStep source={source} onKey={onKey} />
        </div>
      </Note>
    </div>
  );
}

function NextStep({ source, onKey }: StateNoteProps) {
  switch (source.state) {
    case 'permission_missing':
      return (
        <>
          <Act source={source} action="resume" label="Check again" done="The key was checked." />
          <Button variant="default" onClick={onKey}>
            Use another key
          </Button>
        </>
      );
    case 'key_revoked':
      return <Button onClick={onKey}>Paste a new key</Button>;
    case 'degraded':
      return (
        <Act source={source} action="webhook" label="Try the webhook again" done="Asked Stripe." />
      );
    case 'paused':
      return <Act source={source} action="resume" label="Resume" done="The gap is being filled." />;
    case 'disconnected':
      return <LinkButton to="/sources/new">Connect again</LinkButton>;
    case 'connecting':
    case 'syncing':
    case 'live':
    case 'deleting':
    // Its button stands beside the list of the endpoints that are in the way.
    case 'webhook_full':
      return null;
  }
}

interface ActProps {
  source: Source;
  action: SourceAction;
  label: string;
  done: string;
}

function Act({ source, action, label, done }: ActProps) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      await actOnSource(source.id, action);
      await client.invalidateQueries({ queryKey: ['sources'] });
      say(done);
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} onClick={() => void act()}>
      {label}
    </Button>
  );
}
