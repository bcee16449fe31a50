import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Source } from '../../../api/contract/sources.ts';
import { formatCount } from '../../lib/format.ts';
import { Ago, Bar, Column, Dim, Figure, Figures, LinkCard } from '../../ui/index.ts';
import { sourceQuery } from './api.ts';
import { ModeMark, SourceStatus } from './source-status.tsx';
import { SyncMeter } from './sync-summary.tsx';

/** One account in the list: what it is in, how much of it is here, and how far a copy is. */
export function SourceCard({ source }: { source: Source }) {
  const { data: detail } = useQuery(sourceQuery(source.id));
  const progress = detail?.progress;
  const copying = progress?.state === 'running' || progress?.state === 'waiting';
  return (
    <LinkCard
      title={
        <Link to="/sources/$sourceId" params={{ sourceId: source.id }}>
          {source.name}
        </Link>
      }
      note={source.account_id ?? source.key_hint}
      actions={<ModeMark mode={source.mode} />}
    >
      <Column>
        <div>
          <Bar>
            <SourceStatus state={source.state} />
          </Bar>
          <p style={{ margin: '8px 0 0' }}>
            <Dim small>{source.next_step ?? source.sentence}</Dim>
          </p>
        </div>
        {copying && <SyncMeter progress={progress} />}
        <Figures small>
          <Figure label="Records" value={detail ? formatCount(detail.overview.records) : '…'} />
          <Figure label="People" value={detail ? formatCount(detail.overview.people) : '…'} />
          <Figure label="Last event" value={<Ago at={source.last_event_at} />} />
        </Figures>
      </Column>
    </LinkCard>
  );
}
