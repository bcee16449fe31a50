import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Run } from '../../../api/contract/playbooks.ts';
import { formatInstant, humanise } from '../../lib/format.ts';
import { IconUsers } from '../../ui/icons.ts';
import {
  Ago,
  Card,
  DataTable,
  Empty,
  Facts,
  LinkButton,
  Loaded,
  PersonCell,
  Status,
} from '../../ui/index.ts';
import type { DataColumn, Tone } from '../../ui/index.ts';
import { Button, Drawer, Group, Stack } from '../../ui/kit.ts';
import { runQuery, runsQuery } from './api.ts';
import type { JourneyNode } from './journey.ts';
import styles from './playbooks.module.css';

const route = getRouteApi('/playbooks/$playbookId');

const TONES: Record<string, Tone> = {
  finished: 'good',
  exited: 'quiet',
  failed: 'bad',
};

/** Who is or was on the way, newest first. */
export function Runs({ nodes }: { nodes: readonly JourneyNode[] }) {
  const { playbookId } = route.useParams();
  const { run } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(runsQuery(playbookId));
  const titles = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const columns = useMemo<DataColumn<Run>[]>(
    () => [
      {
        id: 'person',
        header: 'Person',
        cell: (row) => (
          <PersonCell
            person={{ person_id: row.person_id, name: row.person_name, email: row.person_email }}
          />
        ),
      },
      {
        id: 'state',
        header: 'State',
        cell: (row) => <Status tone={TONES[row.state] ?? 'info'}>{humanise(row.state)}</Status>,
      },
      {
        id: 'node',
        header: 'At',
        minor: true,
        cell: (row) => titles.get(row.node ?? '')?.title ?? '–',
      },
      {
        id: 'due',
        header: 'Goes on',
        minor: true,
        cell: (row) => (row.due_at && !row.finished_at ? <Ago at={row.due_at} /> : '–'),
      },
      { id: 'entered', header: 'Entered', cell: (row) => <Ago at={row.entered_at} /> },
    ],
    [titles],
  );
  const open = (id: string | undefined): void =>
    void navigate({ search: (old) => ({ ...old, run: id }) });
  return (
    <Card title="Runs" note="One row for every person’s way" flush>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) {
            return (
              <Empty icon={<IconUsers size={20} aria-hidden />} title="Nobody entered yet">
                People enter only for what happens while the playbook is live.
              </Empty>
            );
          }
          return (
            <DataTable
              label="Runs"
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              onOpen={(row) => open(row.id)}
              foot={
                query.hasNextPage && (
                  <Group justify="center">
                    <Button
                      variant="default"
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      Show older
                    </Button>
                  </Group>
                )
              }
            />
          );
        }}
      </Loaded>
      <Drawer opened={run !== undefined} onClose={() => open(undefined)} title="One run">
        {run !== undefined && <OneRun id={run} />}
      </Drawer>
    </Card>
  );
}

function OneRun({ id }: { id: string }) {
  const query = useQuery(runQuery(id));
  return (
    <Loaded query={query}>
      {(run) => (
        <Stack gap="md" align="flex-start">
          <Facts
            facts={[
              [
                'Person',
                <PersonCell
                  key="p"
                  person={{
                    person_id: run.person_id,
                    name: run.person_name,
                    email: run.person_email,
                  }}
                />,
              ],
              ['State', humanise(run.state)],
              ['At', run.now_at],
              ['Goes on', !run.finished_at && run.due_at ? formatInstant(run.due_at) : null],
              ['Entered', formatInstant(run.entered_at)],
              ['Over', run.finished_at && formatInstant(run.finished_at)],
              ['Because', run.ended_because],
              ['Version', run.version],
            ]}
          />
          <ol className={styles.steps}>
            {run.steps.map((step) => (
              <li key={step.seq}>
                {step.sentence}
                <div className={styles.dim}>{formatInstant(step.at)}</div>
              </li>
            ))}
          </ol>
          {run.mails.map((mail) => (
            <LinkButton
              key={mail.id}
              to="/messages"
              search={{ tab: 'outbox', mail: mail.id }}
              variant="default"
            >
              Mail: {mail.subject}
            </LinkButton>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}
