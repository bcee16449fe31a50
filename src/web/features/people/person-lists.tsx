import { Link } from '@tanstack/react-router';
import type { PersonDetail } from '../../../api/contract/people.ts';
import { formatDay, formatInstant, humanise } from '../../lib/format.ts';
import { Ago, Card, CopyId, Money, Status, SubscriptionStatus } from '../../ui/index.ts';
import styles from './person.module.css';

/** What belongs to this person, one short list a kind. Kinds without entries are left out. */
export function PersonLists({ detail }: { detail: PersonDetail }) {
  return (
    <>
      <Subscriptions detail={detail} />
      <Audiences detail={detail} />
      <Runs detail={detail} />
      <Mails detail={detail} />
      <Invoices detail={detail} />
    </>
  );
}

function Subscriptions({ detail }: { detail: PersonDetail }) {
  if (detail.subscriptions.length === 0) return null;
  return (
    <Card title="Subscriptions">
      <ul className={styles.list}>
        {detail.subscriptions.map((subscription) => (
          <li key={subscription.id}>
            <div className={styles.row}>
              <strong>{subscription.plan ?? 'Subscription'}</strong>
              <SubscriptionStatus status={subscription.status} />
            </div>
            <div className={styles.row}>
              <CopyId id={subscription.id} />
              <span className={styles.dim}>{describeTerm(subscription)}</span>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function describeTerm(subscription: PersonDetail['subscriptions'][number]): string {
  if (subscription.canceled_at && subscription.status === 'canceled') {
    return `ended ${formatDay(subscription.canceled_at)}`;
  }
  if (subscription.cancel_at_period_end) return `ends ${formatDay(subscription.renews_at)}`;
  if (subscription.status === 'trialing')
    return `trial to ${formatDay(subscription.trial_ends_at)}`;
  return subscription.renews_at ? `renews ${formatDay(subscription.renews_at)}` : '';
}

function Audiences({ detail }: { detail: PersonDetail }) {
  if (detail.audiences.length === 0) return null;
  return (
    <Card title="Audiences">
      <ul className={styles.list}>
        {detail.audiences.map((audience) => (
          <li key={`${audience.audience_id}-${audience.entered_at}`} className={styles.row}>
            <Link
              to="/audiences/$audienceId"
              params={{ audienceId: audience.audience_id }}
              search={{ why: detail.person.person_id }}
            >
              {audience.name}
            </Link>
            <span className={styles.dim}>
              {audience.left_at ? (
                <>left {formatDay(audience.left_at)}</>
              ) : (
                <>
                  in, <Ago at={audience.entered_at} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Runs({ detail }: { detail: PersonDetail }) {
  if (detail.runs.length === 0) return null;
  return (
    <Card title="Playbooks">
      <ul className={styles.list}>
        {detail.runs.map((run) => (
          <li key={run.id} className={styles.row}>
            <Link
              to="/playbooks/$playbookId"
              params={{ playbookId: run.playbook_id }}
              search={{ view: 'list', run: run.id }}
            >
              {run.playbook_name}
            </Link>
            <span className={styles.dim}>
              {!run.finished_at && run.due_at
                ? `goes on ${formatInstant(run.due_at)}`
                : humanise(run.exit_reason ?? run.state)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Mails({ detail }: { detail: PersonDetail }) {
  if (detail.mails.length === 0) return null;
  return (
    <Card title="Messages">
      <ul className={styles.list}>
        {detail.mails.map((mail) => (
          <li key={mail.id} className={styles.row}>
            <Link to="/messages" search={{ tab: 'outbox', mail: mail.id }}>
              {mail.subject}
            </Link>
            <span className={styles.dim}>
              {humanise(mail.state)}, <Ago at={mail.sent_at ?? mail.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const INVOICE_TONES = { paid: 'good', open: 'warn', uncollectible: 'bad', void: 'quiet' } as const;

function Invoices({ detail }: { detail: PersonDetail }) {
  if (detail.invoices.length === 0) return null;
  return (
    <Card title="Invoices" note={`The newest ${detail.invoices.length}`}>
      <ul className={styles.list}>
        {detail.invoices.map((invoice) => (
          <li key={invoice.id} className={styles.row}>
            <span>
              <CopyId id={invoice.id} label={invoice.number ?? invoice.id} />{' '}
              <span className={styles.dim}>{formatDay(invoice.created_at)}</span>
            </span>
            <span>
              <Money minor={invoice.total_minor} currency={invoice.currency} />{' '}
              <Status tone={INVOICE_TONES[invoice.status as keyof typeof INVOICE_TONES] ?? 'quiet'}>
                {humanise(invoice.status ?? 'draft')}
              </Status>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
