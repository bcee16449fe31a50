import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SourceEvent } from '../../../api/contract/source-actions.ts';
import type { Source } from '../../../api/contract/sources.ts';
import { formatCount } from '../../lib/format.ts';
import { IconCircleCheck } from '../../ui/icons.ts';
import { Ago, Bar, Card, CopyId, DataTable, Dim, Empty, Loaded, More } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { SegmentedControl } from '../../ui/kit.ts';
import { Act } from './act.tsx';
import { failedEventsQuery } from './lists.ts';

const route = getRouteApi('/sources/$sourceId/webhook');

const COLUMNS: DataColumn<SourceEvent>[] = [
  {
    id: 'type',
    header: 'Event and its object',
    cell: (row) => (
      <>
        <code>{row.type}</code>
        <br />
        {row.object_id ? <CopyId id={row.object_id} /> : <Dim small>no object</Dim>}
      </>
    ),
  },
  { id: 'id', header: 'Event id', minor: true, cell: (row) => <CopyId id={row.id} /> },
  {
    id: 'attempts',
    header: 'Tries',
    align: 'right',
    cell: (row) => formatCount(row.attempts),
  },
  { id: 'received', header: 'Arrived', minor: true, cell: (row) => <Ago at={row.received_at} /> },
];

/** Events that could not be applied: those still being tried, and those given up. */
export function FailedEvents({ source }: { source: Source }) {
  const { events = 'failing' } = route.useSearch();
  const navigate = route.useNavigate();
  const { events_failing: failing, events_set_aside: aside } = source.webhook;
  return (
    <Card
      title="Events that could not be applied"
      note="Each is kept and tried again, ever more slowly; after the last try it is set aside until you retry it"
      flush
      actions={
        <Bar>
          <SegmentedControl
            aria-label="Which events"
            value={events}
            onChange={(value) =>
              void navigate({
                search: { events: value === 'set_aside' ? value : undefined },
                replace: true,
              })
            }
            data={[
              { value: 'failing', label: `Failing ${formatCount(failing)}` },
              { value: 'set_aside', label: `Set aside ${formatCount(aside)}` },
            ]}
          />
          {failing + aside > 0 && (
            <Act sourceId={source.id} action="retry" done="Trying them again." quiet>
              Retry all
            </Act>
          )}
        </Bar>
      }
    >
      <EventList sourceId={source.id} state={events} />
    </Card>
  );
}

function EventList({ sourceId, state }: { sourceId: number; state: SourceEvent['state'] }) {
  const query = useInfiniteQuery(failedEventsQuery(sourceId, state));
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.rows);
        if (rows.length === 0) {
          return (
            <Empty
              icon={<IconCircleCheck size={20} aria-hidden />}
              title={state === 'failing' ? 'No event is failing' : 'No event is set aside'}
            >
              {state === 'failing'
                ? 'An event that cannot be applied shows here with the reason.'
                : 'An event that failed at every try waits here for you.'}
            </Empty>
          );
        }
        return (
          <>
            <DataTable
              label={state === 'failing' ? 'Failing events' : 'Events set aside'}
              columns={COLUMNS}
              rows={rows}
              rowKey={(row) => row.id}
              below={(row) => (row.error ? <Dim small>{row.error}</Dim> : null)}
            />
            <More query={query} />
          </>
        );
      }}
    </Loaded>
  );
}
