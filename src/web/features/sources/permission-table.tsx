import { PERMISSIONS } from '../../../stripe/definition.ts';
import type { Permission } from '../../../stripe/definition.ts';
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '../../ui/icons.ts';
import { DataTable, Dim, Mark } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Loader } from '../../ui/kit.ts';
import type { Probe } from './use-probe.ts';

const NEEDED = PERMISSIONS.filter(({ needed }) => needed);
const OPTIONAL = PERMISSIONS.filter(({ needed }) => !needed);

/** Every permission in the words of Stripe's key form, filled in as the answers arrive. */
export function PermissionTable({ probe }: { probe: Probe }) {
  return (
    <>
      <Part title="Needed" permissions={NEEDED} probe={probe} />
      <Part title="Optional, skipped when missing" permissions={OPTIONAL} probe={probe} />
    </>
  );
}

interface PartProps {
  title: string;
  permissions: readonly Permission[];
  probe: Probe;
}

function Part({ title, permissions, probe }: PartProps) {
  const columns: DataColumn<Permission>[] = [
    {
      id: 'label',
      header: title,
      width: '40%',
      cell: (row) => (
        <>
          {row.label} <Dim small>{row.access}</Dim>
        </>
      ),
    },
    { id: 'why', header: 'What for', minor: true, cell: (row) => <Dim>{row.why}</Dim> },
    {
      id: 'granted',
      header: 'This key',
      width: '120px',
      cell: (row) => (
        <Verdict
          granted={probe.granted.get(row.resource)}
          needed={row.needed}
          busy={probe.state === 'checking'}
        />
      ),
    },
  ];
  return (
    <DataTable label={title} columns={columns} rows={permissions} rowKey={(row) => row.slug} />
  );
}

interface VerdictProps {
  granted: boolean | undefined;
  needed: boolean;
  busy: boolean;
}

function Verdict({ granted, needed, busy }: VerdictProps) {
  if (granted) {
    return (
      <Mark tone="good" icon={<IconCircleCheck size={15} aria-hidden />}>
        Granted
      </Mark>
    );
  }
  if (granted === false) {
    return (
      <Mark tone={needed ? 'bad' : 'quiet'} icon={<IconCircleX size={15} aria-hidden />}>
        {needed ? 'Missing' : 'Skipped'}
      </Mark>
    );
  }
  return busy ? (
    <Mark tone="quiet" icon={<Loader size={13} aria-hidden />}>
      Checking
    </Mark>
  ) : (
    <Mark tone="quiet" icon={<IconCircleDashed size={15} aria-hidden />}>
      Not checked
    </Mark>
  );
}
