import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry } from '../../../api/contract/audit.ts';
import { formatInstant, humanise } from '../../lib/format.ts';
import { IconHistory } from '../../ui/icons.ts';
import { Card, DataTable, Empty, Loaded } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Button, Group } from '../../ui/kit.ts';
import { auditQuery } from './api.ts';

const COLUMNS: DataColumn<AuditEntry>[] = [
  { id: 'at', header: 'When', cell: (row) => formatInstant(row.at) },
  { id: 'who', header: 'Who', cell: (row) => row.user_name ?? 'Headwater' },
  { id: 'what', header: 'What', cell: (row) => humanise(row.action.replaceAll('.', ' ')) },
  { id: 'subject', header: 'Subject', minor: true, cell: (row) => row.subject ?? '' },
];

/** Who changed what, newest first. */
export function AuditLog() {
  const query = useInfiniteQuery(auditQuery);
  return (
    <Card title="Audit log" note="What was changed on this page or by the command line" flush>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) {
            return (
              <Empty icon={<IconHistory size={20} aria-hidden />} title="Nothing yet">
                Connecting a source, switching a playbook on and the like are written down here.
              </Empty>
            );
          }
          return (
            <>
              <DataTable
                label="Audit log"
                columns={COLUMNS}
                rows={rows}
                rowKey={(row) => String(row.id)}
              />
              {query.hasNextPage && (
                <Group justify="center" p="md">
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    Show older
                  </Button>
                </Group>
              )}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
