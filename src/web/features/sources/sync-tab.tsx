import type { SyncProgress } from '../../../api/contract/sources.ts';
import { formatCount, formatDuration, formatInstant } from '../../lib/format.ts';
import { IconDatabase, IconRefresh } from '../../ui/icons.ts';
import { Bar, Card, Column, Empty, Figure, Figures, Note, Prose } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { Act } from './act.tsx';
import { useAsk } from './ask.tsx';
import { Checks } from './checks.tsx';
import { isConnected } from './source-status.tsx';
import { countCopied, phaseSentence, SyncMeter } from './sync-summary.tsx';
import { SyncTable } from './sync-table.tsx';
import { useSource } from './here.tsx';

const TITLES: Record<SyncProgress['state'], string> = {
  none: 'Nothing is being copied',
  running: 'Copying the history',
  waiting: 'The copy waits',
  complete: 'The copy is complete',
  failed: 'The copy failed',
  cancelled: 'The copy ended early',
};

/** How far every list is, what went wrong with it, and whether what is here still equals Stripe. */
export function SyncTab() {
  const { source, progress, checks } = useSource();
  const main = progress.resources.filter(({ lane }) => lane === 'main');
  const behind = progress.resources.filter(({ lane }) => lane !== 'main');
  return (
    <Column>
      <Whole sourceId={source.id} connected={isConnected(source.state)} progress={progress} />
      {progress.state !== 'none' && (
        <Card title="Lists" note="One row for every list of the account" flush>
          <SyncTable sourceId={source.id} label="Lists" resources={main} progress={progress} />
        </Card>
      )}
      {behind.length > 0 && (
        <Card
          title="Payment methods"
          note="Stripe tells them customer by customer, so they come after everything else, in a lane that never slows the rest"
          flush
        >
          <SyncTable
            sourceId={source.id}
            label="Payment methods"
            resources={behind}
            progress={progress}
          />
        </Card>
      )}
      <Checks source={source} checks={checks} />
    </Column>
  );
}

interface WholeProps {
  sourceId: number;
  connected: boolean;
  progress: SyncProgress;
}

function Whole({ sourceId, connected, progress }: WholeProps) {
  const ask = useAsk();
  const active = progress.state === 'running' || progress.state === 'waiting';
  const failing = progress.resources.some(({ error }) => error);
  const again = !active && connected && (
    <Button
      variant="default"
      leftSection={<IconRefresh size={14} aria-hidden />}
      onClick={() => ask('sync')}
    >
      Copy again
    </Button>
  );
  if (progress.state === 'none') {
    return (
      <Card>
        <Empty
          icon={<IconDatabase size={20} aria-hidden />}
          title="Nothing has been copied yet"
          action={again}
        >
          The history of the account is copied list by list, the last 90 days first.
        </Empty>
      </Card>
    );
  }
  return (
    <Card
      title={TITLES[progress.state]}
      note={active ? phaseSentence(progress) : endSentence(progress)}
      actions={
        <Bar>
          {failing && (
            <Act sourceId={sourceId} action="retry" done="Trying again." quiet={!active}>
              Retry what failed
            </Act>
          )}
          {again}
        </Bar>
      }
    >
      <Column>
        {active && <SyncMeter progress={progress} />}
        <Note tone={progress.state === 'complete' ? 'good' : 'info'}>{progress.usable}</Note>
        <Figures small>
          <Figure label="Requests to Stripe" value={formatCount(progress.requests)} />
          <Figure
            label="Told to slow down"
            value={formatCount(progress.rate_limited)}
            hint="answers 429, each tried again"
          />
          <Figure label="Speed" value={speedOf(progress)} hint="objects a second" />
          <Figure label={active ? 'Running for' : 'Took'} value={<Took progress={progress} />} />
        </Figures>
        {progress.state === 'failed' && (
          <Prose>
            <p>What was copied stays. Copy again to fetch what is missing.</p>
          </Prose>
        )}
      </Column>
    </Card>
  );
}

function endSentence({ state, finished_at, started_at }: SyncProgress): string {
  const word = state === 'complete' ? 'Finished' : 'Ended';
  return `${word} ${formatInstant(finished_at)}, begun ${formatInstant(started_at)}`;
}

/** Of the lists that run now, or of the whole copy once it is over. */
function speedOf(progress: SyncProgress): string {
  const running = progress.resources.filter(
    ({ state, counts }) => state === 'running' && counts === 'objects',
  );
  if (running.length > 0) {
    return formatCount(running.reduce((sum, { rate_per_s }) => sum + (rate_per_s ?? 0), 0));
  }
  const seconds = secondsOf(progress);
  if (seconds === null || !progress.finished_at) return '–';
  return formatCount(countCopied(progress) / Math.max(1, seconds));
}

function Took({ progress }: { progress: SyncProgress }) {
  const seconds = secondsOf(progress);
  return <>{seconds === null ? '–' : formatDuration(seconds)}</>;
}

function secondsOf({ started_at, finished_at }: SyncProgress): number | null {
  if (!started_at) return null;
  const end = finished_at ? new Date(finished_at).getTime() : Date.now();
  return Math.max(0, (end - new Date(started_at).getTime()) / 1000);
}
