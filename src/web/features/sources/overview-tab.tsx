import { useInfiniteQuery } from '@tanstack/react-query';
import type { SourceDetail } from '../../../api/contract/sources.ts';
import { formatCount, formatMilliseconds } from '../../lib/format.ts';
import { IconBolt } from '../../ui/icons.ts';
import {
  Ago,
  Card,
  Column,
  Columns,
  Empty,
  Figure,
  Figures,
  LinkButton,
  Loaded,
  Timeline,
} from '../../ui/index.ts';
import { LastCheck } from './last-check.tsx';
import { sourceActivitiesQuery } from './lists.ts';
import { ObjectCounts } from './object-counts.tsx';
import { SourceChart } from './source-chart.tsx';
import { SourceFacts } from './source-facts.tsx';
import { isConnected } from './source-status.tsx';
import { StateNote } from './state-note.tsx';
import { SyncSummary } from './sync-summary.tsx';
import { useSource } from './here.tsx';

/** How the source is, what it brought, and what came in last. */
export function OverviewTab() {
  const detail = useSource();
  const { source, progress } = detail;
  const copying = progress.state === 'running' || progress.state === 'waiting';
  return (
    <Column>
      {/* What somebody has to do comes before what waits for it. */}
      {progress.state === 'waiting' && <StateNote detail={detail} />}
      {copying && <SyncSummary sourceId={source.id} progress={progress} />}
      {progress.state !== 'waiting' && <StateNote detail={detail} />}
      <Numbers detail={detail} />
      <Columns>
        <Column>
          <SourceChart days={detail.chart} />
          <Newest sourceId={source.id} />
        </Column>
        <Column>
          <SourceFacts source={source} />
          <LastCheck detail={detail} />
          <ObjectCounts objects={detail.objects} />
        </Column>
      </Columns>
    </Column>
  );
}

function Numbers({ detail }: { detail: SourceDetail }) {
  const { overview, source } = detail;
  return (
    <Figures>
      <Figure
        label="Records"
        value={formatCount(overview.records)}
        hint="Stripe objects kept here"
      />
      <Figure
        label="People added"
        value={formatCount(overview.people)}
        hint={`${formatCount(overview.people_30d)} in the last 30 days`}
      />
      <Figure
        label="Activities"
        value={formatCount(overview.activities)}
        hint={`${formatCount(overview.activities_30d)} in the last 30 days`}
      />
      <Figure
        label="Last event"
        value={<Ago at={source.last_event_at} />}
        hint={describeFollowing(source)}
      />
    </Figures>
  );
}

function describeFollowing({ webhook, state }: SourceDetail['source']): string {
  if (!isConnected(state) || state === 'paused') return 'not followed now';
  if (webhook.following === 'polling') return 'Stripe is asked for events';
  if (webhook.lag_p95_ms === null || !webhook.last_webhook_at) return 'by webhook';
  return `by webhook, within ${formatMilliseconds(webhook.lag_p95_ms)}`;
}

function Newest({ sourceId }: { sourceId: number }) {
  const query = useInfiniteQuery(sourceActivitiesQuery(sourceId, {}, 8));
  return (
    <Card
      title="Recent activities"
      flush
      actions={
        <LinkButton
          to="/sources/$sourceId/activity"
          params={{ sourceId }}
          variant="subtle"
          size="compact-xs"
        >
          All activities
        </LinkButton>
      }
    >
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages[0]?.rows ?? [];
          if (rows.length > 0) return <Timeline activities={rows} withPerson />;
          return (
            <Empty icon={<IconBolt size={20} aria-hidden />} title="Nothing happened yet">
              Trials, subscriptions and payments appear here as they happen.
            </Empty>
          );
        }}
      </Loaded>
    </Card>
  );
}
