import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { PersonRow } from '../../../api/contract/people.ts';
import { formatCount, formatCounted } from '../../lib/format.ts';
import { request } from '../../lib/http.ts';
import { IconUsers, IconX } from '../../ui/icons.ts';
import {
  DataTable,
  Empty,
  LinkButton,
  Loaded,
  Page,
  PEOPLE_COLUMNS,
  SearchBox,
} from '../../ui/index.ts';
import { Button, Group, NativeSelect } from '../../ui/kit.ts';
import { peopleQuery } from './api.ts';

const route = getRouteApi('/people');
const COLUMNS = [
  PEOPLE_COLUMNS.person,
  PEOPLE_COLUMNS.status,
  PEOPLE_COLUMNS.plan,
  PEOPLE_COLUMNS.mrr,
  PEOPLE_COLUMNS.paid,
  PEOPLE_COLUMNS.country,
  PEOPLE_COLUMNS.since,
];
const STATUSES = [
  { value: '', label: 'Any status' },
  { value: 'trialing', label: 'Trialing' },
  { value: 'active', label: 'Active' },
  { value: 'past_due', label: 'Past due' },
  { value: 'unpaid', label: 'Unpaid' },
  { value: 'paused', label: 'Paused' },
  { value: 'canceled', label: 'Cancelled' },
  { value: 'incomplete', label: 'Incomplete' },
  { value: 'none', label: 'No subscription' },
];
const keyOf = (row: PersonRow): string => String(row.person_id);

export function PeopleScreen() {
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const sorting = { by: asked.sort ?? 'created', descending: asked.order !== 'up' };
  const query = useInfiniteQuery(
    peopleQuery({
      search: asked.search,
      sort: sorting.by,
      descending: sorting.descending,
      status: asked.status,
      audience_id: asked.audience,
    }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? 0;
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const search = useCallback(
    (text: string) =>
      void navigate({ search: (old) => ({ ...old, search: text || undefined }), replace: true }),
    [navigate],
  );
  const sort = useCallback(
    (by: string) =>
      void navigate({
        search: (old) => {
          const same = (old.sort ?? 'created') === by;
          const first = by === 'name' ? 'up' : undefined;
          const turned = old.order === 'up' ? undefined : 'up';
          return { ...old, sort: by, order: same ? turned : first };
        },
        replace: true,
      }),
    [navigate],
  );
  const filtered = Boolean(asked.search ?? asked.status ?? asked.audience);

  return (
    <Page
      title="People"
      note={query.data && formatCounted(total, 'person', 'people')}
      wide
      actions={
        <Group gap="xs">
          <SearchBox
            label="Search by name, e-mail or id"
            value={asked.search ?? ''}
            onChange={search}
          />
          <NativeSelect
            aria-label="Subscription status"
            data={STATUSES}
            value={asked.status ?? ''}
            onChange={(event) => {
              const status = event.currentTarget.value || undefined;
              void navigate({ search: (old) => ({ ...old, status }), replace: true });
            }}
          />
          {asked.audience !== undefined && <AudiencePill id={asked.audience} />}
        </Group>
      }
    >
      <Loaded query={query}>
        {() =>
          rows.length > 0 ? (
            <DataTable
              framed
              label="People"
              columns={COLUMNS}
              rows={rows}
              rowKey={keyOf}
              height="calc(100dvh - 190px)"
              sorting={sorting}
              onSort={sort}
              onEnd={more}
              onOpen={(row) =>
                void navigate({ to: '/people/$personId', params: { personId: row.person_id } })
              }
              foot={`${formatCount(rows.length)} of ${formatCount(total)} loaded`}
            />
          ) : filtered ? (
            <Empty
              icon={<IconUsers size={20} aria-hidden />}
              title="Nobody matches"
              action={
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  Clear search and filters
                </Button>
              }
            >
              Search looks at names, e-mail addresses and Stripe ids.
            </Empty>
          ) : (
            <Empty
              icon={<IconUsers size={20} aria-hidden />}
              title="No people yet"
              action={<LinkButton to="/sources">Go to Data sources</LinkButton>}
            >
              Everyone who is a customer in your Stripe account appears here once it is connected.
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

/** The audience the list is narrowed to, with the way out. */
function AudiencePill({ id }: { id: number }) {
  const navigate = route.useNavigate();
  const { data } = useQuery({
    queryKey: ['audiences', id],
    queryFn: () => request<{ name: string }>(`/audiences/${id}`),
  });
  return (
    <Button
      variant="light"
      rightSection={<IconX size={13} aria-label="Remove this filter" />}
      onClick={() => void navigate({ search: (old) => ({ ...old, audience: undefined }) })}
    >
      In “{data?.name ?? '…'}”
    </Button>
  );
}
