import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { AudienceRow } from '../../../api/contract/audiences.ts';
import { formatCount } from '../../lib/format.ts';
import { IconPlus, IconUsersGroup } from '../../ui/icons.ts';
import { Ago, DataTable, Empty, LinkButton, Loaded, Page, Status } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { audiencesQuery } from './api.ts';

const COLUMNS: DataColumn<AudienceRow>[] = [
  {
    id: 'name',
    header: 'Audience',
    cell: (row) => (
      <Link to="/audiences/$audienceId" params={{ audienceId: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { id: 'description', header: 'What it is for', minor: true, cell: (row) => row.description },
  {
    id: 'state',
    header: 'State',
    cell: (row) =>
      row.built_at ? <Status tone="good">Live</Status> : <Status tone="info">Building</Status>,
  },
  { id: 'size', header: 'People', align: 'right', cell: (row) => formatCount(row.size) },
  { id: 'edited', header: 'Edited', minor: true, cell: (row) => <Ago at={row.updated_at} /> },
];

export function AudiencesScreen() {
  const navigate = useNavigate();
  const query = useQuery(audiencesQuery);
  return (
    <Page
      title="Audiences"
      note="Groups of people by what they are and what they did. People come and go by themselves."
      actions={
        <LinkButton to="/audiences/new" leftSection={<IconPlus size={14} />}>
          New audience
        </LinkButton>
      }
    >
      <Loaded query={query}>
        {(audiences) =>
          audiences.length === 0 ? (
            <Empty
              icon={<IconUsersGroup size={20} aria-hidden />}
              title="No audiences yet"
              action={<LinkButton to="/audiences/new">New audience</LinkButton>}
            >
              Say who belongs together, such as everyone on a trial that ends this week.
            </Empty>
          ) : (
            <DataTable
              framed
              label="Audiences"
              columns={COLUMNS}
              rows={audiences}
              rowKey={(row) => String(row.id)}
              onOpen={(row) =>
                void navigate({ to: '/audiences/$audienceId', params: { audienceId: row.id } })
              }
            />
          )
        }
      </Loaded>
    </Page>
  );
}
