import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { RequestError } from '../../lib/http.ts';
import { IconDatabase } from '../../ui/icons.ts';
import { Empty, Failure, Lines, LinkButton, Page, Shapes } from '../../ui/index.ts';
import { sourceQuery } from './api.ts';
import { Asker } from './ask.tsx';
import { Here } from './here.tsx';
import { SourceActions } from './source-actions.tsx';
import { ModeMark, SourceStatus } from './source-status.tsx';
import { SourceTabs } from './source-tabs.tsx';

const route = getRouteApi('/sources/$sourceId');
const BACK = { to: '/sources', label: 'Data sources' } as const;

/** One account: its name and state, and below them the tab that the address names. */
export function SourceScreen() {
  const { sourceId } = route.useParams();
  const [leaving, setLeaving] = useState(false);
  const {
    data: detail,
    error,
    refetch,
  } = useQuery({
    ...sourceQuery(sourceId),
    enabled: !leaving,
  });
  if (!detail) {
    return (
      <Page title={error ? 'Data source' : ''} back={BACK}>
        {error ? <Missing error={error} onRetry={() => void refetch()} /> : <Shapes />}
      </Page>
    );
  }
  const { source } = detail;
  return (
    <Asker source={source}>
      <Page
        title={source.name}
        back={BACK}
        mark={
          <>
            <SourceStatus state={source.state} />
            <ModeMark mode={source.mode} />
          </>
        }
        actions={<SourceActions source={source} />}
      >
        <SourceTabs detail={detail} />
        <Suspense fallback={<Lines />}>
          <Here value={{ detail, setLeaving }}>
            <Outlet />
          </Here>
        </Suspense>
      </Page>
    </Asker>
  );
}

function Missing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!(error instanceof RequestError) || error.status !== 404) {
    return <Failure error={error} onRetry={onRetry} />;
  }
  return (
    <Empty
      icon={<IconDatabase size={20} aria-hidden />}
      title="There is no such data source"
      action={<LinkButton to="/sources">See all data sources</LinkButton>}
    >
      It may have been deleted, or the link was cut short.
    </Empty>
  );
}
