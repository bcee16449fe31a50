import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Source } from '../../../api/contract/sources.ts';
import {
  IconDotsVertical,
  IconKey,
  IconPlayerPause,
  IconPlugX,
  IconRefresh,
} from '../../ui/icons.ts';
import { Confirm, say, sayFailure } from '../../ui/index.ts';
import { ActionIcon, Menu } from '../../ui/kit.ts';
import { actOnSource } from './api.ts';
import type { SourceAction } from './api.ts';

interface SourceActionsProps {
  source: Source;
  onKey: () => void;
}

/** What can be done about a source at any time; what a state asks for stands beside its sentence. */
export function SourceActions({ source, onKey }: SourceActionsProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<'sync' | 'disconnect' | null>(null);
  const act = async (action: SourceAction, done: string): Promise<void> => {
    await actOnSource(source.id, action);
    await client.invalidateQueries({ queryKey: ['sources'] });
    say(done);
  };
  if (source.state === 'disconnected') return null;
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon size="md" variant="default" aria-label="More actions">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {source.state !== 'paused' && (
            <Menu.Item
              leftSection={<IconPlayerPause size={15} />}
              onClick={() => {
                act('pause', 'Paused. Nothing is read until you resume.').catch(sayFailure);
              }}
            >
              Pause
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKey size={15} />} onClick={onKey}>
            Use another key
          </Menu.Item>
          <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => setAsking('sync')}>
            Copy everything again
          </Menu.Item>
          <Menu.Item leftSection={<IconPlugX size={15} />} onClick={() => setAsking('disconnect')}>
            Disconnect
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === 'sync' && (
        <Confirm
          title="Copy everything again?"
          action="Copy again"
          onClose={() => setAsking(null)}
          onConfirm={() => act('sync', 'The copy has begun.')}
        >
          The whole account is read once more, as after connecting. Nothing is lost or doubled and
          nobody gets a mail for it; use it when figures here and in Stripe differ.
        </Confirm>
      )}
      {asking === 'disconnect' && (
        <Confirm
          title={`Disconnect ${source.name}?`}
          action="Disconnect"
          danger
          onClose={() => setAsking(null)}
          onConfirm={() => act('disconnect', 'Disconnected.')}
        >
          Our webhook is taken out of Stripe. People, activities and figures that were copied stay
          here, but nothing new arrives until you connect the account again.
        </Confirm>
      )}
    </>
  );
}
