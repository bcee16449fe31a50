import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Source } from '../../../api/contract/sources.ts';
import { IconDotsVertical, IconPlayerPause, IconPlayerPlay, IconPlugX } from '../../ui/icons.ts';
import { Confirm, say, sayFailure } from '../../ui/index.ts';
import { ActionIcon, Button, Menu } from '../../ui/kit.ts';
import { actOnSource } from './api.ts';
import type { SourceAction } from './api.ts';

/** Pause, resume, disconnect. */
export function SourceActions({ source }: { source: Source }) {
  const client = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const act = async (action: SourceAction, done: string): Promise<void> => {
    await actOnSource(source.id, action);
    await client.invalidateQueries({ queryKey: ['sources'] });
    say(done);
  };
  const tryTo = (action: SourceAction, done: string): void => {
    act(action, done).catch(sayFailure);
  };
  if (source.state === 'disconnected') return null;
  const resume = () => tryTo('resume', 'Resumed. The gap is being filled.');
  return (
    <>
      {source.state === 'paused' && (
        <Button leftSection={<IconPlayerPlay size={14} />} onClick={resume}>
          Resume
        </Button>
      )}
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon size="md" variant="default" aria-label="More actions">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {source.state !== 'paused' && (
            <Menu.Item
              leftSection={<IconPlayerPause size={15} />}
              onClick={() => tryTo('pause', 'Paused. Nothing is read until you resume.')}
            >
              Pause
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPlugX size={15} />} onClick={() => setLeaving(true)}>
            Disconnect
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {leaving && (
        <Confirm
          title={`Disconnect ${source.name}?`}
          action="Disconnect"
          danger
          onClose={() => setLeaving(false)}
          onConfirm={() => act('disconnect', 'Disconnected.')}
        >
          Our webhook is taken out of Stripe and the key is forgotten. People, activities and
          figures that were copied stay here, but nothing new arrives.
        </Confirm>
      )}
    </>
  );
}
