import { keyFormUrl } from '../../../stripe/definition.ts';
import type { Source, SourcePermission } from '../../../api/contract/sources.ts';
import { formatCount, formatCounted } from '../../lib/format.ts';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconKey,
  IconShieldCheck,
} from '../../ui/icons.ts';
import { Bar, Card, Column, DataTable, Dim, Mark, Note, Step, Steps } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Anchor, Button } from '../../ui/kit.ts';
import { Act } from './act.tsx';
import { useAsk } from './ask.tsx';
import { isConnected } from './source-status.tsx';
import { useSource } from './here.tsx';
import { namePermission } from './words.ts';

const COLUMNS: DataColumn<SourcePermission>[] = [
  {
    id: 'label',
    header: 'Permission',
    width: '28%',
    cell: (row) => (
      <>
        {row.label} <Dim small>{row.access}</Dim>
      </>
    ),
  },
  { id: 'why', header: 'What for', minor: true, cell: (row) => <Dim>{row.why}</Dim> },
  {
    id: 'records',
    header: 'Records',
    align: 'right',
    minor: true,
    cell: (row) => (row.records > 0 ? formatCount(row.records) : '–'),
  },
  { id: 'granted', header: 'This key', width: '130px', cell: (row) => <Verdict row={row} /> },
];

/** What the key may do, what it may not, and how to change that in Stripe. */
export function PermissionsTab() {
  const { source, permissions } = useSource();
  const ask = useAsk();
  const needed = permissions.filter((permission) => permission.needed);
  const optional = permissions.filter((permission) => !permission.needed);
  const absent = permissions.filter(({ granted }) => granted === false);
  const connected = isConnected(source.state);
  return (
    <Column>
      <Summary permissions={permissions} />
      {absent.length > 0 && connected && <HowToAdd source={source} absent={absent} />}
      <Card
        title="Needed"
        note="Without one of these nothing is read"
        flush
        actions={
          connected && (
            <Bar>
              <Act
                sourceId={source.id}
                action="permissions/check"
                done="The key was checked."
                icon={<IconShieldCheck size={14} aria-hidden />}
                quiet
              >
                Check again
              </Act>
              <Button
                variant="default"
                leftSection={<IconKey size={14} aria-hidden />}
                onClick={() => ask('key')}
              >
                Change the key
              </Button>
            </Bar>
          )
        }
      >
        <DataTable
          label="Needed permissions"
          columns={COLUMNS}
          rows={needed}
          rowKey={(row) => row.slug}
        />
      </Card>
      {optional.length > 0 && (
        <Card
          title="Optional"
          note="What is not granted is skipped, and starts by itself once it is"
          flush
        >
          <DataTable
            label="Optional permissions"
            columns={COLUMNS}
            rows={optional}
            rowKey={(row) => row.slug}
          />
        </Card>
      )}
    </Column>
  );
}

function Summary({ permissions }: { permissions: readonly SourcePermission[] }) {
  const missing = permissions.filter(({ granted, needed }) => needed && granted === false);
  const skipped = permissions.filter(({ granted, needed }) => !needed && granted === false);
  if (missing.length > 0) {
    const are = missing.length === 1 ? 'is' : 'are';
    return (
      <Note tone="bad" title={`${missing.map(namePermission).join(', ')} ${are} missing`}>
        Nothing new arrives until the key may do this again. What was copied stays.
      </Note>
    );
  }
  if (skipped.length > 0) {
    return (
      <Note
        tone="info"
        title={`Everything needed is granted; ${formatCounted(skipped.length, 'list is', 'lists are')} skipped`}
      >
        Headwater works without them. Grant what you want to see here as well.
      </Note>
    );
  }
  return (
    <Note tone="good" title="Everything is granted">
      The key reads what Headwater uses and writes nothing but its own webhook endpoint.
    </Note>
  );
}

/** In the words of Stripe's own form. */
function HowToAdd({ source, absent }: { source: Source; absent: readonly SourcePermission[] }) {
  const keys = keyFormUrl(source.mode).split('/create')[0];
  return (
    <Card title="How to add a permission" note={`The key in use is ${source.key_hint}`}>
      <Steps>
        <Step title="Open the key in Stripe">
          <p>
            Go to{' '}
            <Anchor href={keys} target="_blank" rel="noreferrer" inherit>
              Developers → API keys
            </Anchor>
            , press the three dots beside the key and choose Edit key.
          </p>
        </Step>
        <Step title="Set what is missing and save">
          <p>
            <strong>{absent.map(namePermission).join(', ')}</strong>
          </p>
        </Step>
        <Step title="Check again here">
          <p>
            It also checks by itself from time to time. A key that cannot be edited, such as an
            expired one, is replaced by Change the key.
          </p>
        </Step>
      </Steps>
    </Card>
  );
}

function Verdict({ row }: { row: SourcePermission }) {
  if (row.granted) {
    return (
      <Mark tone="good" icon={<IconCircleCheck size={15} aria-hidden />}>
        Granted
      </Mark>
    );
  }
  if (row.granted === null) {
    return (
      <Mark tone="quiet" icon={<IconCircleDashed size={15} aria-hidden />}>
        Not tried yet
      </Mark>
    );
  }
  return row.needed ? (
    <Mark tone="bad" icon={<IconCircleX size={15} aria-hidden />}>
      Missing
    </Mark>
  ) : (
    <Mark tone="quiet" icon={<IconCircleX size={15} aria-hidden />}>
      Skipped
    </Mark>
  );
}
