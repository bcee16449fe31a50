import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ACTIVITY_TYPES } from '../../../activities/definition.ts';
import { IconHistory } from '../../ui/icons.ts';
import { Card, Empty, Loaded, Timeline } from '../../ui/index.ts';
import { Button, Group, NativeSelect } from '../../ui/kit.ts';
import { timelineQuery } from './api.ts';

const route = getRouteApi('/people/$personId');

/** Kinds of activity as people think of them; a single kind can be chosen as well. */
const FILTERS = [
  { value: '', label: 'All activities' },
  ...ACTIVITY_TYPES.map(({ name, label }) => ({ value: name, label })),
];

/** Everything this person ever did, back to the first activity. */
export function PersonTimeline({ personId }: { personId: number }) {
  const { types } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(timelineQuery(personId, types));
  return (
    <Card
      title="Timeline"
      note="The whole history, newest first"
      flush
      actions={
        <NativeSelect
          aria-label="Kind of activity"
          data={FILTERS}
          value={types ?? ''}
          onChange={(event) => {
            const chosen = event.currentTarget.value || undefined;
            void navigate({ search: { types: chosen }, replace: true });
          }}
        />
      }
    >
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) {
            return (
              <Empty icon={<IconHistory size={20} aria-hidden />} title="Nothing of this kind">
                {types
                  ? 'Choose all activities to see the rest.'
                  : 'Payments, trials and subscriptions will appear here.'}
              </Empty>
            );
          }
          return (
            <>
              <Timeline activities={rows} />
              <Group justify="center" p="md">
                {query.hasNextPage ? (
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    Show older
                  </Button>
                ) : (
                  <span style={{ color: 'var(--mantine-color-dimmed)', fontSize: '0.75rem' }}>
                    This is where it begins.
                  </span>
                )}
              </Group>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
