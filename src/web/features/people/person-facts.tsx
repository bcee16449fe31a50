import type { PersonDetail } from '../../../api/contract/people.ts';
import { formatDay, formatInstant } from '../../lib/format.ts';
import { Ago, Card, CopyId, Facts, Money, SubscriptionStatus } from '../../ui/index.ts';
import styles from './person.module.css';

/** Who this is and how they stand, on one card. */
export function PersonFacts({ detail }: { detail: PersonDetail }) {
  const { person, state, customers } = detail;
  const currency = state.currency;
  return (
    <Card title="Facts">
      <Facts
        facts={[
          ['Status', <SubscriptionStatus key="s" status={state.subscription_status} />],
          ['Plan', state.plan],
          ['MRR', <Money key="m" minor={state.mrr_minor} currency={currency} />],
          [
            'Lifetime paid',
            <Money key="p" minor={state.lifetime_paid_minor} currency={currency} />,
          ],
          ['Overdue since', state.delinquent_since_at && formatDay(state.delinquent_since_at)],
          ['Trial ends', state.trial_ends_at && formatInstant(state.trial_ends_at)],
          ['Renews', state.renews_at && formatDay(state.renews_at)],
          ['Customer since', formatDay(person.created_at)],
          ['First paid', state.first_paid_at && formatDay(state.first_paid_at)],
          ['Last paid', state.last_paid_at && <Ago key="l" at={state.last_paid_at} />],
          ['E-mail', person.email && <CopyId key="e" id={person.email} plain />],
          ['Country', person.country],
          [
            customers.length > 1 ? 'Stripe customers' : 'Stripe customer',
            <span key="c" className={styles.list}>
              {customers.map(({ customer, deleted_at }) => (
                <span key={customer}>
                  <CopyId id={customer} />{' '}
                  {deleted_at && <span className={styles.dim}>deleted</span>}
                </span>
              ))}
            </span>,
          ],
        ]}
      />
    </Card>
  );
}
