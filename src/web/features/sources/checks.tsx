import type { Source, SourceCheck } from '../../../api/contract/sources.ts';
import { formatCount, formatInstant } from '../../lib/format.ts';
import { IconShieldCheck } from '../../ui/icons.ts';
import { Card, DataTable, Empty, Status } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Act } from './act.tsx';
import { gradeCheck } from './grade-check.ts';
import { isConnected } from './source-status.tsx';

const COLUMNS: DataColumn<SourceCheck>[] = [
  { id: 'at', header: 'When', width: '150px', cell: (row) => formatInstant(row.at) },
  {
    id: 'result',
    header: 'Result',
    width: '100px',
    cell: (row) => <Status tone={gradeCheck(row).tone}>{gradeCheck(row).word}</Status>,
  },
  { id: 'sentence', header: 'Found', minor: true, cell: (row) => row.sentence },
  count('compared', 'Compared', true),
  count('missing', 'Missing'),
  count('extra', 'Extra'),
  count('different', 'Different'),
  count('repaired', 'Repaired', true),
  count('reads', 'Requests', true),
];

function count(
  id: 'compared' | 'missing' | 'extra' | 'different' | 'repaired' | 'reads',
  header: string,
  minor = false,
): DataColumn<SourceCheck> {
  return { id, header, align: 'right', minor, cell: (row) => formatCount(row[id]) };
}

/** The comparisons with Stripe, newest first. */
export function Checks({ source, checks }: { source: Source; checks: readonly SourceCheck[] }) {
  const follows = isConnected(source.state) && source.state !== 'paused';
  return (
    <Card
      title="Compared with Stripe"
      note="Every night numbers and a sample are read again; what differs is repaired"
      flush
      actions={
        follows && (
          <Act sourceId={source.id} action="check" quiet>
            Check now
          </Act>
        )
      }
    >
      {checks.length === 0 ? (
        <Empty icon={<IconShieldCheck size={20} aria-hidden />} title="Not compared yet">
          The first comparison runs in the night after the history was copied.
        </Empty>
      ) : (
        <DataTable
          label="Comparisons with Stripe"
          columns={COLUMNS}
          rows={checks}
          rowKey={(row) => String(row.id)}
        />
      )}
    </Card>
  );
}
