import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sourceQuery, sourcesQuery } from '../features/sources/api.ts';
import { progressShare } from '../features/sources/progress.ts';
import { formatDuration } from '../lib/format.ts';
import styles from './shell.module.css';

/** While a first sync runs: how far it is, on every screen. */
export function SyncPill({ onLeave }: { onLeave?: () => void }) {
  const sources = useQuery(sourcesQuery);
  const syncing = sources.data?.find((source) => source.state === 'syncing');
  if (!syncing) return null;
  return <Pill sourceId={syncing.id} name={syncing.name} onLeave={onLeave} />;
}

function Pill({
  sourceId,
  name,
  onLeave,
}: {
  sourceId: number;
  name: string;
  onLeave?: () => void;
}) {
  const { data } = useQuery(sourceQuery(sourceId));
  const share = progressShare(data?.progress ?? null);
  const left = share.left_s ? `${formatDuration(share.left_s)} left` : '';
  return (
    <Link to="/sources/$sourceId" params={{ sourceId }} className={styles.pill} onClick={onLeave}>
      <span className={styles.pillRow}>
        <span>Syncing {name}</span>
        <span className="tabular">{share.percent === null ? '' : `${share.percent}%`}</span>
      </span>
      <Progress value={share.percent ?? 100} animated size="sm" aria-label={`Sync of ${name}`} />
      <span className={styles.workspace}>{left}</span>
    </Link>
  );
}
