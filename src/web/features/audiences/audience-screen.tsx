import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Audience, Member } from '../../../api/contract/audiences.ts';
import { formatCount } from '../../lib/format.ts';
import { IconUsers } from '../../ui/icons.ts';
import {
  Ago,
  Confirm,
  DataTable,
  Empty,
  Figure,
  Figures,
  LinkButton,
  Loaded,
  Money,
  Note,
  Page,
  PersonCell,
  Status,
  SubscriptionStatus,
} from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Button, Drawer, Stack } from '../../ui/kit.ts';
import { audienceQuery, membersQuery, removeAudience } from './api.ts';
import { WhyPanel } from './why-panel.tsx';

const route = getRouteApi('/audiences/$audienceId');

export function AudienceScreen() {
  const { audienceId } = route.useParams();
  const query = useQuery(audienceQuery(audienceId));
  return <Loaded query={query}>{(audience) => <Shown audience={audience} />}</Loaded>;
}

function Shown({ audience }: { audience: Audience }) {
  const client = useQueryClient();
  const navigate = route.useNavigate();
  const { why } = route.useSearch();
  const [removing, setRemoving] = useState(false);
  return (
    <Page
      title={audience.name}
      back={{ to: '/audiences', label: 'Audiences' }}
      mark={
        audience.built_at ? (
          <Status tone="good">Live</Status>
        ) : (
          <Status tone="info">Building</Status>
        )
      }
      note={audience.description}
      actions={
        <>
          <Button variant="subtle" color="gray" onClick={() => setRemoving(true)}>
            Remove
          </Button>
          <LinkButton
            to="/audiences/$audienceId/edit"
            params={{ audienceId: audience.id }}
            variant="default"
          >
            Edit
          </LinkButton>
        </>
      }
    >
      <Stack gap="md">
        <Note tone="accent" title="Who is in it">
          {audience.sentence}
        </Note>
        <Figures>
          <Figure label="People now" value={formatCount(audience.size)} />
          <Figure label="Last edited" value={<Ago at={audience.updated_at} />} />
        </Figures>
        <Members audience={audience} />
      </Stack>
      <Drawer
        opened={why !== undefined}
        onClose={() => void navigate({ search: {} })}
        title={`Why, or why not, in “${audience.name}”`}
      >
        {why !== undefined && <WhyPanel audienceId={audience.id} personId={why} />}
      </Drawer>
      {removing && (
        <Confirm
          title={`Remove “${audience.name}”?`}
          action="Remove"
          danger
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await removeAudience(audience.id);
            void client.invalidateQueries({ queryKey: ['audiences'] });
            await navigate({ to: '/audiences' });
          }}
        >
          {formatCount(audience.size)} people stay as they are; only the group goes away, and with
          it who was in it when.
        </Confirm>
      )}
    </Page>
  );
}

const keyOf = (row: Member): string => String(row.person_id);

function Members({ audience }: { audience: Audience }) {
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(membersQuery(audience.id));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const columns = useMemo<DataColumn<Member>[]>(
    () => [
      {
        id: 'person',
        header: 'Person',
        width: '34%',
        cell: (row) => <PersonCell person={row} />,
      },
      {
        id: 'status',
        header: 'Status',
        width: '138px',
        minor: true,
        cell: (row) => <SubscriptionStatus status={row.subscription_status ?? 'none'} />,
      },
      { id: 'plan', header: 'Plan', minor: true, cell: (row) => row.plan ?? '–' },
      {
        id: 'mrr',
        header: 'MRR',
        width: '110px',
        align: 'right',
        cell: (row) => <Money minor={row.mrr_minor} currency={row.currency} quietZero />,
      },
      {
        id: 'entered',
        header: 'In since',
        width: '130px',
        minor: true,
        cell: (row) => <Ago at={row.entered_at} />,
      },
      {
        id: 'why',
        header: 'Reason',
        width: '84px',
        cell: (row) => (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => void navigate({ search: { why: row.person_id } })}
          >
            Why?
          </Button>
        ),
      },
    ],
    [navigate],
  );
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.rows);
        if (rows.length === 0) {
          return (
            <Empty icon={<IconUsers size={20} aria-hidden />} title="Nobody is in it now">
              People appear here as soon as they match.
            </Empty>
          );
        }
        return (
          <DataTable
            framed
            label={`People in ${audience.name}`}
            columns={columns}
            rows={rows}
            rowKey={keyOf}
            height="calc(100dvh - 330px)"
            onEnd={more}
            onOpen={(row) =>
              void navigate({ to: '/people/$personId', params: { personId: row.person_id } })
            }
            foot={`${formatCount(rows.length)} of ${formatCount(audience.size)} loaded`}
          />
        );
      }}
    </Loaded>
  );
}
