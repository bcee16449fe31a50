import type { SourceDetail } from '../../../api/contract/sources.ts';
import { formatCount, formatDuration, formatInstant, humanise } from '../../lib/format.ts';
import { Card, Note } from '../../ui/index.ts';
import { Progress, VisuallyHidden } from '../../ui/kit.ts';
import { progressShare } from './progress.ts';
import styles from './sources.module.css';

type SyncProgress = NonNullable<SourceDetail['progress']>;
type ResourceProgress = SyncProgress['resources'][number];

const TITLES: Record<SyncProgress['state'], string> = {
  none: 'Sync',
  running: 'Sync',
  waiting: 'Sync, waiting',
  complete: 'Sync, complete',
  failed: 'Sync, failed',
  cancelled: 'Sync, ended early',
};

/** How far the first sync is, resource by resource; it stands in the database and survives a restart. */
export function SyncCard({ progress }: { progress: SyncProgress }) {
  const share = progressShare(progress);
  const running = progress.state === 'running' || progress.state === 'waiting';
  return (
    <Card
      title={TITLES[progress.state]}
      note={
        running
          ? `${phaseSentence(progress.phase)} ${formatCount(progress.requests)} requests so far${
              progress.rate_limited
                ? `, slowed down by Stripe ${formatCount(progress.rate_limited)} times`
                : ''
            }.`
          : `Ended ${formatInstant(progress.finished_at)} after ${formatCount(progress.requests)} requests.`
      }
      flush
    >
      {running && (
        <div style={{ padding: '0 16px 8px' }}>
          <Progress value={share.percent ?? 100} animated size="md" aria-label="Sync" />
          <VisuallyHidden>
            {/* In tens, so that a screen reader is not interrupted all the time. */}
            <output aria-live="polite">
              {share.percent === null
                ? 'Syncing'
                : `Sync ${share.percent - (share.percent % 10)} percent`}
            </output>
          </VisuallyHidden>
        </div>
      )}
      {progress.usable && (
        <div style={{ padding: '0 16px 8px' }}>
          <Note tone={progress.state === 'complete' ? 'good' : 'info'}>{progress.usable}</Note>
        </div>
      )}
      <table className={styles.sync}>
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">Done</th>
            <th scope="col" className={styles.minor}>
              Expected
            </th>
            <th scope="col" className={styles.minor}>
              Per second
            </th>
            <th scope="col">{running ? 'Left' : 'State'}</th>
          </tr>
        </thead>
        <tbody>
          {progress.resources.map((resource) => (
            <ResourceRow key={resource.resource} resource={resource} running={running} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function ResourceRow({ resource, running }: { resource: ResourceProgress; running: boolean }) {
  const done = resource.state === 'done';
  return (
    <>
      <tr>
        <th scope="row">{humanise(resource.resource)}</th>
        <td>{formatCount(resource.done)}</td>
        <td className={styles.minor}>
          {done ? formatCount(resource.done) : formatCount(resource.expected)}
        </td>
        <td className={styles.minor}>
          {resource.rate_per_s !== null && !done ? formatCount(resource.rate_per_s) : '–'}
        </td>
        <td>{leftOf(resource, running)}</td>
      </tr>
      {resource.error && (
        <tr>
          <td colSpan={5} className={styles.syncError}>
            {resource.error.message} It is tried again by itself.
            {resource.error.request_id && ` Stripe request: ${resource.error.request_id}.`}
          </td>
        </tr>
      )}
    </>
  );
}

function leftOf(resource: ResourceProgress, running: boolean): string {
  if (resource.state === 'done') return 'Done';
  if (resource.left_s !== null && running) return formatDuration(resource.left_s);
  return humanise(resource.state);
}

function phaseSentence(phase: number | null): string {
  if (phase === 1) return 'The last 90 days come first.';
  return phase === 2 ? 'The last 90 days are here; the history follows.' : '';
}
