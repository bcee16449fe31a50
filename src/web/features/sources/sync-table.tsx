import { Link } from '@tanstack/react-router';
import type { ResourceProgress, SyncProgress } from '../../../api/contract/sources.ts';
import { formatCount, formatCounted, formatDuration } from '../../lib/format.ts';
import { Ago, Bar, CopyId, DataTable, Dim, Meter, Note, Status } from '../../ui/index.ts';
import type { DataColumn, Tone } from '../../ui/index.ts';
import { Act } from './act.tsx';
import { namePermission, nameResource } from './words.ts';

interface SyncTableProps {
  sourceId: number;
  label: string;
  resources: readonly ResourceProgress[];
  progress: SyncProgress;
}

const COLUMNS: DataColumn<ResourceProgress>[] = [
  { id: 'resource', header: 'List', width: '22%', cell: (row) => nameResource(row.resource) },
  { id: 'done', header: 'Done of expected', width: '36%', cell: (row) => <Done row={row} /> },
  {
    id: 'rate',
    header: 'Per second',
    align: 'right',
    minor: true,
    cell: (row) => (row.state === 'running' ? formatCount(row.rate_per_s) : '–'),
  },
  {
    id: 'left',
    header: 'Left',
    align: 'right',
    minor: true,
    cell: (row) =>
      row.state === 'running' && row.left_s !== null ? formatDuration(row.left_s) : '–',
  },
  { id: 'state', header: 'State', width: '110px', cell: (row) => <State row={row} /> },
];

/** Done and expected, speed and time left of every list, with what went wrong beneath. */
export function SyncTable({ sourceId, label, resources, progress }: SyncTableProps) {
  const active = progress.state === 'running' || progress.state === 'waiting';
  return (
    <DataTable
      label={label}
      columns={COLUMNS}
      rows={resources}
      rowKey={(row) => row.resource}
      below={(row) =>
        row.error || row.state === 'skipped' ? (
          <Trouble sourceId={sourceId} row={row} active={active} />
        ) : null
      }
    />
  );
}

function Done({ row }: { row: ResourceProgress }) {
  if (row.state === 'skipped') return <Dim>–</Dim>;
  const whole = row.state === 'done' ? row.done : row.expected;
  const unit = row.counts === 'customers' ? ' customers' : '';
  const share = whole === null ? null : whole === 0 ? 100 : (100 * row.done) / whole;
  // What is left cannot be less than nothing, and a list that runs is not done.
  const percent = share === null || row.state === 'done' ? share : Math.min(99, share);
  return (
    <Meter
      label={nameResource(row.resource)}
      percent={row.state === 'waiting' ? 0 : percent}
      busy={row.state === 'running'}
      tone={row.error ? 'bad' : row.state === 'done' ? 'good' : 'accent'}
      size="xs"
      left={
        <>
          {formatCount(row.done)}
          {row.state !== 'done' && whole !== null && <Dim> of {formatCount(whole)}</Dim>}
          <Dim>{unit}</Dim>
        </>
      }
      right={percent !== null && row.state === 'running' ? `${Math.floor(percent)}%` : ''}
    />
  );
}

const STATES: Record<ResourceProgress['state'], { tone: Tone; word: string }> = {
  waiting: { tone: 'quiet', word: 'Waiting' },
  running: { tone: 'info', word: 'Running' },
  done: { tone: 'good', word: 'Done' },
  skipped: { tone: 'warn', word: 'Skipped' },
};

function State({ row }: { row: ResourceProgress }) {
  const { tone, word } =
    row.error && row.state !== 'done'
      ? { tone: 'bad' as const, word: 'Retrying' }
      : STATES[row.state];
  return <Status tone={tone}>{word}</Status>;
}

interface TroubleProps {
  sourceId: number;
  row: ResourceProgress;
  active: boolean;
}

/** Why a list is behind, with what Stripe's support would ask for, and the way on. */
function Trouble({ sourceId, row, active }: TroubleProps) {
  const { error, missing } = row;
  if (row.state === 'skipped' && !missing) {
    return <Dim small>Stripe does not offer this to the account, so there is nothing to copy.</Dim>;
  }
  if (row.state === 'skipped' && missing) {
    return (
      <Dim small>
        The key may not read this. Set <strong>{namePermission(missing)}</strong> in Stripe and it
        starts by itself.{' '}
        <Link to="/sources/$sourceId/permissions" params={{ sourceId }}>
          How to add it
        </Link>
      </Dim>
    );
  }
  if (!error) return null;
  return (
    <Note
      tone="bad"
      actions={
        <Bar>
          {active && (
            <Act sourceId={sourceId} action="retry" done="Trying again." quiet>
              Retry now
            </Act>
          )}
          {error.request_id && (
            <CopyId id={error.request_id} label={`Request ${error.request_id}`} />
          )}
        </Bar>
      }
    >
      {error.message}{' '}
      <Dim>
        {error.attempts ? `Tried ${formatCounted(error.attempts, 'time', 'times')}. ` : ''}
        {error.at && (
          <>
            Last tried <Ago at={error.at} />.{' '}
          </>
        )}
        {active && 'It is tried again by itself.'}
      </Dim>
    </Note>
  );
}
