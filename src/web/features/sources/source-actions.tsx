import type { Source } from '../../../api/contract/sources.ts';
import {
  IconCircleCheck,
  IconDotsVertical,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugX,
  IconRefresh,
} from '../../ui/icons.ts';
import { sayFailure } from '../../ui/index.ts';
import { ActionIcon, Menu } from '../../ui/kit.ts';
import { useAct } from './act.tsx';
import { useAsk } from './ask.tsx';
import { isConnected } from './source-status.tsx';

/** What can be done about a source at any time; what a state asks for stands beside its sentence. */
export function SourceActions({ source }: { source: Source }) {
  const act = useAct(source.id);
  const ask = useAsk();
  if (!isConnected(source.state)) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size="md" variant="default" aria-label="More actions">
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {source.state === 'paused' ? (
          <Menu.Item
            leftSection={<IconPlayerPlay size={15} />}
            onClick={() => {
              act('resume').catch(sayFailure);
            }}
          >
            Resume
          </Menu.Item>
        ) : (
          <Menu.Item
            leftSection={<IconPlayerPause size={15} />}
            onClick={() => {
              act('pause').catch(sayFailure);
            }}
          >
            Pause
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCircleCheck size={15} />}
          onClick={() => {
            act('check').catch(sayFailure);
          }}
        >
          Compare with Stripe now
        </Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => ask('sync')}>
          Copy everything again
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={15} />} onClick={() => ask('key')}>
          Use another key
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlugX size={15} />} onClick={() => ask('disconnect')}>
          Disconnect
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
