import type { SyncProgress } from '../../../api/contract/sources.ts';
import { formatCount, formatCounted, formatDuration } from '../../lib/format.ts';
import { Card, LinkButton, Meter, Prose } from '../../ui/index.ts';
import { VisuallyHidden } from '../../ui/kit.ts';
import { progressShare } from './progress.ts';

interface SyncSummaryProps {
  sourceId: number;
  progress: SyncProgress;
}

/** A sync that goes on, in short: how far, how long, and what is usable already. */
export function SyncSummary({ sourceId, progress }: SyncSummaryProps) {
  return (
    <Card
      title={progress.state === 'waiting' ? 'The copy waits' : 'Copying the history'}
      note={phaseSentence(progress)}
      actions={
        <LinkButton
          to="/sources/$sourceId/sync"
          params={{ sourceId }}
          variant="subtle"
          size="compact-xs"
        >
          Every list
        </LinkButton>
      }
    >
      <SyncMeter progress={progress} />
      <Prose>
        <p style={{ marginTop: 8 }}>{progress.usable}</p>
      </Prose>
    </Card>
  );
}

/** The whole of a sync as one bar. It stands in the database, so it survives a reload and a restart. */
export function SyncMeter({ progress }: { progress: SyncProgress }) {
  const share = progressShare(progress);
  const moving = progress.state === 'running';
  const tens = share.percent === null ? null : share.percent - (share.percent % 10);
  return (
    <>
      <Meter
        label="Sync"
        percent={share.percent}
        busy={moving}
        tone={moving ? 'accent' : 'warn'}
        size="md"
        left={
          <strong>
            {share.percent === null ? '' : `${share.percent}% · `}
            {formatCounted(countCopied(progress), 'object', 'objects')}
          </strong>
        }
        right={moving && share.left_s ? `${formatDuration(share.left_s)} left` : ''}
      />
      <VisuallyHidden>
        {/* In tens, so that a screen reader is not interrupted all the time. */}
        <output aria-live="polite">{tens === null ? 'Syncing' : `Sync ${tens} percent`}</output>
      </VisuallyHidden>
    </>
  );
}

export function phaseSentence({ state, phase, rate_limited }: SyncProgress): string {
  if (state === 'waiting') return 'It goes on by itself once the source is well again.';
  const slowed = rate_limited
    ? ` Stripe asked to slow down ${formatCount(rate_limited)} times.`
    : '';
  if (phase === 1) return `The last 90 days come first.${slowed}`;
  return phase === 2 ? `The last 90 days are here; the history follows.${slowed}` : slowed.trim();
}

/** Objects copied so far. Events only help to catch up, and the lane of payment methods counts customers. */
export function countCopied({ resources }: SyncProgress): number {
  return resources
    .filter(({ counts, resource }) => counts === 'objects' && resource !== 'events')
    .reduce((sum, { done }) => sum + done, 0);
}
