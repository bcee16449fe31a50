import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { PeopleBehind } from '../../../api/contract/dashboards.ts';
import { formatCount, formatCounted } from '../../lib/format.ts';
import { DataTable, Empty, Loaded, Money, PEOPLE_COLUMNS } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Stack, Text } from '../../ui/kit.ts';
import { peopleBehindQuery } from './api.ts';
import type { Range } from './api.ts';

interface PeopleDrawerProps {
  dashboardId: number;
  tileId: string;
  point: string | undefined;
  range: Range;
  currency: string | null;
}

type Row = PeopleBehind['rows'][number];

/** The people a figure is made of: as many as it said. */
export function PeopleDrawer({ dashboardId, tileId, point, range, currency }: PeopleDrawerProps) {
  const navigate = useNavigate();
  const query = useQuery(peopleBehindQuery(dashboardId, tileId, range, point));
  const columns: DataColumn<Row>[] = [
    { ...PEOPLE_COLUMNS.person, sort: undefined, width: '52%' },
    { ...PEOPLE_COLUMNS.status, minor: true },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      width: '120px',
      cell: (row) => (
        <Money minor={row.amount_minor ?? row.mrr_minor} currency={currency ?? row.currency} />
      ),
    },
  ];
  return (
    <Loaded query={query}>
      {({ rows, total }) => (
        <Stack gap="xs">
          <Text size="sm" c="dimmed" data-people-total={total}>
            {formatCounted(total, 'person', 'people')}
            {rows.length < total && `, the first ${formatCount(rows.length)} shown`}
          </Text>
          {rows.length === 0 ? (
            <Empty title="Nobody is behind this point" />
          ) : (
            <DataTable
              framed
              label="People behind the figure"
              columns={columns}
              rows={rows}
              rowKey={(row) => String(row.person_id)}
              height="calc(100dvh - 150px)"
              onOpen={(row) =>
                void navigate({ to: '/people/$personId', params: { personId: row.person_id } })
              }
            />
          )}
        </Stack>
      )}
    </Loaded>
  );
}
