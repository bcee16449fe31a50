import { Link } from '@tanstack/react-router';
import type { PersonRow } from '../../api/contract/people.ts';
import { formatDay } from '../lib/format.ts';
import type { DataColumn } from './data-table.tsx';
import { Money } from './money.tsx';
import styles from './people-columns.module.css';
import { SubscriptionStatus } from './subscription-status.tsx';

/** How a person is called: the name, else the address, else the number. */
export function personName(person: {
  person_id: number;
  name?: string | null;
  email?: string | null;
}): string {
  return person.name || person.email || `Person ${person.person_id}`;
}

/** Name above address, leading to the profile. */
export function PersonCell({
  person,
}: {
  person: { person_id: number; name: string | null; email: string | null };
}) {
  return (
    <span className={styles.person}>
      <Link to="/people/$personId" params={{ personId: person.person_id }} className={styles.name}>
        {personName(person)}
      </Link>
      {person.name && person.email && <span className={styles.email}>{person.email}</span>}
    </span>
  );
}

/** Columns of every list of people; a screen takes those it needs. */
export const PEOPLE_COLUMNS = {
  person: {
    id: 'person',
    header: 'Person',
    width: '34%',
    sort: 'name',
    cell: (row) => <PersonCell person={row} />,
  },
  status: {
    id: 'status',
    header: 'Status',
    width: '138px',
    sort: 'status',
    cell: (row) => <SubscriptionStatus status={row.subscription_status} />,
  },
  plan: { id: 'plan', header: 'Plan', width: '14%', minor: true, cell: (row) => row.plan ?? '–' },
  mrr: {
    id: 'mrr',
    header: 'MRR',
    width: '110px',
    align: 'right',
    sort: 'mrr',
    cell: (row) => <Money minor={row.mrr_minor} currency={row.currency} quietZero />,
  },
  paid: {
    id: 'paid',
    header: 'Lifetime paid',
    width: '130px',
    align: 'right',
    sort: 'lifetime',
    minor: true,
    cell: (row) => <Money minor={row.lifetime_paid_minor} currency={row.currency} quietZero />,
  },
  country: {
    id: 'country',
    header: 'Country',
    width: '80px',
    minor: true,
    cell: (row) => row.country ?? '–',
  },
  since: {
    id: 'since',
    header: 'Customer since',
    width: '140px',
    sort: 'created',
    minor: true,
    cell: (row) => formatDay(row.created_at),
  },
} satisfies Record<string, DataColumn<PersonRow>>;
