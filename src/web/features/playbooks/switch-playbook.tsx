import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PlaybookRow, PlaybookState } from '../../../api/contract/playbooks.ts';
import { formatCounted } from '../../lib/format.ts';
import { Confirm, say } from '../../ui/index.ts';
import { Switch } from '../../ui/kit.ts';
import { switchPlaybook } from './api.ts';

interface SwitchPlaybookProps {
  playbook: PlaybookRow;
  /** Who enters, as the end of a sentence; shown before it is switched on. */
  entry?: string;
  /** Says Live or Off beside the switch. */
  labelled?: boolean;
}

/** On or off, after a word about what will happen then. */
export function SwitchPlaybook({ playbook, entry, labelled }: SwitchPlaybookProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<PlaybookState | null>(null);
  const live = playbook.state === 'live';
  const held = playbook.under_way;
  const change = async (state: PlaybookState): Promise<void> => {
    await switchPlaybook(playbook.id, state);
    await client.invalidateQueries({ queryKey: ['playbooks'] });
    say(state === 'live' ? 'The playbook is live.' : 'The playbook is off.');
  };
  return (
    <>
      <Switch
        aria-label={`${playbook.name} is ${live ? 'live' : playbook.state}`}
        label={labelled ? (live ? 'Live' : 'Switch on') : undefined}
        labelPosition="left"
        checked={live}
        onChange={() => setAsking(live ? 'off' : 'live')}
      />
      {asking === 'live' && (
        <Confirm
          title={`Switch “${playbook.name}” on?`}
          action="Switch on"
          onClose={() => setAsking(null)}
          onConfirm={() => change('live')}
        >
          <p>
            {entry
              ? `From now on everyone for whom ${entry} enters.`
              : 'From now on people enter as soon as what it waits for happens to them.'}{' '}
            Nobody enters for what happened before, so nobody gets a mail at once.
          </p>
          {held > 0 && (
            <p>{formatCounted(held, 'person is', 'people are')} on the way and will go on.</p>
          )}
        </Confirm>
      )}
      {asking === 'off' && (
        <Confirm
          title={`Switch “${playbook.name}” off?`}
          action="Switch off"
          onClose={() => setAsking(null)}
          onConfirm={() => change('off')}
        >
          <p>
            Nobody enters any more.{' '}
            {held > 0
              ? `${formatCounted(held, 'person', 'people')} on the way ${held === 1 ? 'is' : 'are'} held where they are and get no mail until it is on again.`
              : 'Nobody is on the way right now.'}
          </p>
        </Confirm>
      )}
    </>
  );
}
