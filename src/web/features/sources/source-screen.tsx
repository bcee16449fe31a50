import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { SourceDetail } from '../../../api/contract/sources.ts';
import { formatCount, humanise } from '../../lib/format.ts';
import { IconBolt } from '../../ui/icons.ts';
import { Ago, Card, Empty, Figure, Figures, Loaded, Page, Timeline } from '../../ui/index.ts';
import { Button, Group } from '../../ui/kit.ts';
import { sourceActivitiesQuery, sourceQuery } from './api.ts';
import { KeyWindow } from './key-window.tsx';
import { SourceActions } from './source-actions.tsx';
import { SourceChart } from './source-chart.tsx';
import { ModeMark, SourceStatus } from './source-status.tsx';
import styles from './sources.module.css';
import { StateNote } from './state-note.tsx';
import { SyncCard } from './sync-card.tsx';
import { WebhookCard } from './webhook-card.tsx';

const route = getRouteApi('/sources/$sourceId');

export function SourceScreen() {
  const { sourceId } = route.useParams();
  const query = useQuery(sourceQuery(sourceId));
  return <Loaded query={query}>{(detail) => <Shown detail={detail} />}</Loaded>;
}

function Shown({ detail }: { detail: SourceDetail }) {
  const { source, progress, health } = detail;
  const [keyOpen, setKeyOpen] = useState(false);
  const objects = Object.values(detail.objects).reduce((sum, n) => sum + n, 0);
  return (
    <Page
      title={source.name}
      back={{ to: '/sources', label: 'Data sources' }}
      mark={
        <>
          <SourceStatus state={source.state} />
          <ModeMark mode={source.mode} />
        </>
      }
      actions={<SourceActions source={source} onKey={() => setKeyOpen(true)} />}
    >
      <div className={styles.column}>
        <StateNote source={source} onKey={() => setKeyOpen(true)} />
        <Figures>
          <Figure label="People" value={formatCount(health.people)} />
          <Figure
            label="Activities"
            value={formatCount(health.activities_14_days)}
            hint="in the last 14 days"
          />
          <Figure label="Stripe objects" value={formatCount(objects)} />
          <Figure label="Last event" value={<Ago at={health.last_event_at} />} />
        </Figures>
        <div className={styles.grid}>
          <div className={styles.column}>
            {progress.state !== 'none' && <SyncCard progress={progress} />}
            <SourceChart days={detail.chart} />
            <Feed sourceId={source.id} />
          </div>
          <div className={styles.column}>
            <WebhookCard detail={detail} />
            <Objects objects={detail.objects} />
          </div>
        </div>
      </div>
      {keyOpen && <KeyWindow source={source} onClose={() => setKeyOpen(false)} />}
    </Page>
  );
}

function Objects({ objects }: { objects: SourceDetail['objects'] }) {
  return (
    <Card title="Stripe objects" note="Kept as rows, for SQL as well" flush>
      <table className={styles.sync}>
        <tbody>
          {Object.entries(objects).map(([resource, count]) => (
            <tr key={resource}>
              <th scope="row">{humanise(resource)}</th>
              <td>{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Feed({ sourceId }: { sourceId: number }) {
  const query = useInfiniteQuery(sourceActivitiesQuery(sourceId));
  return (
    <Card title="Recent activities" flush>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) {
            return (
              <Empty icon={<IconBolt size={20} aria-hidden />} title="Nothing happened yet">
                Trials, subscriptions and payments appear here as they happen.
              </Empty>
            );
          }
          return (
            <>
              <Timeline activities={rows} withPerson />
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
