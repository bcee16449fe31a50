import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Source } from '../../../api/contract/sources.ts';
import { IconDatabase, IconPlus } from '../../ui/icons.ts';
import { Ago, DataTable, Empty, LinkButton, Loaded, Page } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { sourcesQuery } from './api.ts';
import { ModeMark, SourceStatus } from './source-status.tsx';

const COLUMNS: DataColumn<Source>[] = [
  {
    id: 'name',
    header: 'Source',
    cell: (row) => (
      <Link to="/sources/$sourceId" params={{ sourceId: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (row) => <SourceStatus state={row.state} /> },
  { id: 'mode', header: 'Mode', minor: true, cell: (row) => <ModeMark mode={row.mode} /> },
  { id: 'account', header: 'Account', minor: true, cell: (row) => row.account_id ?? '–' },
  { id: 'event', header: 'Last event', cell: (row) => <Ago at={row.last_event_at} /> },
];

export function SourcesScreen() {
  const navigate = useNavigate();
  const query = useQuery(sourcesQuery);
  return (
    <Page
      title="Data sources"
      note="Stripe accounts that are copied here and kept live. Headwater never changes anything in them but its own webhook."
      actions={
        <LinkButton to="/sources/new" leftSection={<IconPlus size={14} />}>
          New data source
        </LinkButton>
      }
    >
      <Loaded query={query}>
        {(sources) =>
          sources.length === 0 ? (
            <Empty
              icon={<IconDatabase size={20} aria-hidden />}
              title="No source yet"
              action={<LinkButton to="/sources/new">Connect Stripe</LinkButton>}
            >
              Paste a restricted key and watch your customers, subscriptions and payments arrive.
              The last 90 days come first, so that you can start within minutes.
            </Empty>
          ) : (
            <DataTable
              framed
              label="Data sources"
              columns={COLUMNS}
              rows={sources}
              rowKey={(row) => String(row.id)}
              onOpen={(row) =>
                void navigate({ to: '/sources/$sourceId', params: { sourceId: row.id } })
              }
            />
          )
        }
      </Loaded>
    </Page>
  );
}
