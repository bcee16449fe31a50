import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconHistory } from '../../ui/icons.ts';
import { Card, Empty, Loaded, More, Timeline } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { ActivityFilters } from './activity-filters.tsx';
import { sourceActivitiesQuery } from './lists.ts';
import type { ActivityFilter } from './lists.ts';

const PAGE = 100;

const route = getRouteApi('/sources/$sourceId/activity');

/** Everything that happened in this account, back to the first day. */
export function ActivityTab() {
  const { sourceId } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  // Long pages: where much happens at once, a row must not be pushed out before the list is read again.
  const query = useInfiniteQuery(sourceActivitiesQuery(sourceId, filter, PAGE));
  const change = (search: ActivityFilter): void => void navigate({ search, replace: true });
  return (
    <Card
      title="Activity"
      note="The whole history, newest first"
      flush
      actions={<ActivityFilters filter={filter} onChange={change} />}
    >
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) return <None filter={filter} onClear={() => change({})} />;
          return (
            <>
              <Timeline activities={rows} withPerson />
              <More
                query={query}
                end={filter.from ? 'No more in this range.' : 'This is where it begins.'}
              />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function None({ filter, onClear }: { filter: ActivityFilter; onClear: () => void }) {
  const filtered = filter.types ?? filter.from ?? filter.to;
  if (!filtered) {
    return (
      <Empty icon={<IconHistory size={20} aria-hidden />} title="Nothing happened yet">
        Trials, subscriptions and payments appear here as they happen.
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconHistory size={20} aria-hidden />}
      title="Nothing matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the filters
        </Button>
      }
    >
      No activity of this kind falls on these days.
    </Empty>
  );
}
