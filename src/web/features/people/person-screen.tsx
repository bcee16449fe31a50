import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Failure, Lines, Page, personName, SubscriptionStatus } from '../../ui/index.ts';
import { personQuery } from './api.ts';
import { PersonFacts } from './person-facts.tsx';
import { PersonLists } from './person-lists.tsx';
import { PersonMrr } from './person-mrr.tsx';
import { PersonTimeline } from './person-timeline.tsx';
import styles from './person.module.css';

const route = getRouteApi('/people/$personId');

/** One person in two halves: what is known, and what happened. */
export function PersonScreen() {
  const { personId } = route.useParams();
  const query = useQuery(personQuery(personId));
  const detail = query.data;
  return (
    <Page
      title={detail ? personName(detail.person) : ''}
      back={{ to: '/people', label: 'People' }}
      mark={detail && <SubscriptionStatus status={detail.state.subscription_status} />}
      note={detail?.person.name ? detail.person.email : undefined}
      wide
    >
      {query.error && !detail ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className={styles.halves}>
          <div className={styles.left}>
            {detail ? (
              <>
                <PersonFacts detail={detail} />
                <PersonMrr detail={detail} />
                <PersonLists detail={detail} />
              </>
            ) : (
              <Lines />
            )}
          </div>
          <PersonTimeline personId={personId} />
        </div>
      )}
    </Page>
  );
}
