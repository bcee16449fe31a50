import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { PlaybookRow } from '../../../api/contract/playbooks.ts';
import { formatCount } from '../../lib/format.ts';
import { IconRoute } from '../../ui/icons.ts';
import { DataTable, Empty, LinkButton, Loaded, Page, Status } from '../../ui/index.ts';
import type { DataColumn, Tone } from '../../ui/index.ts';
import { playbooksQuery } from './api.ts';
import { SwitchPlaybook } from './switch-playbook.tsx';

const STATES: Record<PlaybookRow['state'], { tone: Tone; word: string }> = {
  live: { tone: 'good', word: 'Live' },
  paused: { tone: 'warn', word: 'Paused' },
  off: { tone: 'quiet', word: 'Off' },
};

export function PlaybookStatus({ state }: { state: PlaybookRow['state'] }) {
  return <Status tone={STATES[state].tone}>{STATES[state].word}</Status>;
}

const COLUMNS: DataColumn<PlaybookRow>[] = [
  {
    id: 'name',
    header: 'Playbook',
    cell: (row) => (
      <Link to="/playbooks/$playbookId" params={{ playbookId: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { id: 'description', header: 'What it does', minor: true, cell: (row) => row.description },
  { id: 'state', header: 'State', cell: (row) => <PlaybookStatus state={row.state} /> },
  {
    id: 'entered',
    header: 'Entered',
    align: 'right',
    minor: true,
    cell: (row) => formatCount(row.entered),
  },
  {
    id: 'active',
    header: 'On the way',
    align: 'right',
    cell: (row) => formatCount(row.under_way),
  },
  {
    id: 'finished',
    header: 'Finished',
    align: 'right',
    minor: true,
    cell: (row) => formatCount(row.finished),
  },
  { id: 'switch', header: 'On', cell: (row) => <SwitchPlaybook playbook={row} /> },
];

export function PlaybooksScreen() {
  const navigate = useNavigate();
  const query = useQuery(playbooksQuery);
  return (
    <Page
      title="Playbooks"
      note="Journeys that people enter by what they do, and the mails they get along the way."
    >
      <Loaded query={query}>
        {(playbooks) =>
          playbooks.length === 0 ? (
            <Empty
              icon={<IconRoute size={20} aria-hidden />}
              title="No playbooks yet"
              action={
                <LinkButton to="/settings" search={{ tab: 'templates' }}>
                  Browse templates
                </LinkButton>
              }
            >
              A welcome for new customers is a good first one.
            </Empty>
          ) : (
            <DataTable
              framed
              label="Playbooks"
              columns={COLUMNS}
              rows={playbooks}
              rowKey={(row) => String(row.id)}
              onOpen={(row) =>
                void navigate({ to: '/playbooks/$playbookId', params: { playbookId: row.id } })
              }
            />
          )
        }
      </Loaded>
    </Page>
  );
}
