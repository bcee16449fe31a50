import type { SourceDetail } from '../../../api/contract/sources.ts';
import { formatCounted } from '../../lib/format.ts';
import { TabLink, TabLinks } from '../../ui/index.ts';
import { progressShare } from './progress.ts';

/** The parts of a source. A tab says when something behind it goes on or waits for somebody. */
export function SourceTabs({ detail }: { detail: SourceDetail }) {
  const { source, progress } = detail;
  const params = { sourceId: source.id };
  const exact = { exact: true, includeSearch: false };
  return (
    <TabLinks label={`Parts of ${source.name}`}>
      <TabLink to="/sources/$sourceId" params={params} activeOptions={exact}>
        Overview
      </TabLink>
      <TabLink to="/sources/$sourceId/sync" params={params} mark={markSync(progress)}>
        Sync
      </TabLink>
      <TabLink to="/sources/$sourceId/activity" params={params}>
        Activity
      </TabLink>
      <TabLink to="/sources/$sourceId/webhook" params={params} mark={markWebhook(source)}>
        Webhook
      </TabLink>
      <TabLink to="/sources/$sourceId/permissions" params={params} mark={markPermissions(detail)}>
        Permissions
      </TabLink>
      <TabLink to="/sources/$sourceId/settings" params={params}>
        Settings
      </TabLink>
    </TabLinks>
  );
}

function markSync(progress: SourceDetail['progress']) {
  const failing = progress.resources.filter((resource) => resource.error).length;
  if (failing > 0) {
    const about = `${formatCounted(failing, 'list', 'lists')} with an error`;
    return { text: String(failing), about, tone: 'bad' } as const;
  }
  if (progress.state !== 'running' && progress.state !== 'waiting') return null;
  const { percent } = progressShare(progress);
  if (percent === null) return null;
  const tone = progress.state === 'running' ? 'info' : 'warn';
  return { text: `${percent}%`, about: `${percent} percent copied`, tone } as const;
}

function markWebhook({ state, webhook }: SourceDetail['source']) {
  const failed = webhook.events_failing + webhook.events_set_aside;
  if (failed > 0) {
    const about = `${formatCounted(failed, 'event', 'events')} could not be applied`;
    return { text: String(failed), about, tone: 'bad' } as const;
  }
  if (state !== 'webhook_full' && state !== 'degraded') return null;
  return { text: '!', about: 'The webhook needs attention', tone: 'warn' } as const;
}

function markPermissions({ permissions }: SourceDetail) {
  const missing = permissions.filter(({ granted, needed }) => needed && granted === false).length;
  if (missing === 0) return null;
  const about = `${formatCounted(missing, 'permission', 'permissions')} missing`;
  return { text: String(missing), about, tone: 'bad' } as const;
}
