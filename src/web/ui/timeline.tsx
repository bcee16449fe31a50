import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Activity } from '../../api/contract/activities.ts';
import { findActivityType } from '../../activities/definition.ts';
import { formatDay, formatInstant, formatTime } from '../lib/format.ts';
import { formatMoney } from '../lib/money.ts';
import { CopyId, Facts } from './facts.tsx';
import { personName } from './people-columns.tsx';
import type { Tone } from './status.tsx';
import styles from './timeline.module.css';

const TONES: Record<string, Tone> = {
  new_trial: 'info',
  trial_ending: 'warn',
  trial_converted: 'good',
  subscription_started: 'good',
  subscription_change: 'accent',
  subscription_cancelled: 'bad',
  trial_cancelled: 'warn',
  trial_expired: 'warn',
  reactivated: 'good',
  card_expiring: 'warn',
  payment_failed: 'bad',
  payment_recovered: 'good',
  invoice_paid: 'good',
  refund: 'warn',
  email_failed: 'bad',
};

interface TimelineProps {
  activities: readonly Activity[];
  /** Names the person of each entry, for feeds over many people. */
  withPerson?: boolean;
}

/** What happened, newest first, under the day on which it did. */
export function Timeline({ activities, withPerson }: TimelineProps) {
  const days = new Map<string, Activity[]>();
  for (const activity of activities) {
    const day = formatDay(activity.occurred_at);
    days.set(day, [...(days.get(day) ?? []), activity]);
  }
  return [...days].map(([day, entries]) => (
    <section key={day} aria-label={day}>
      <h3 className={styles.day}>{day}</h3>
      <ul className={styles.list}>
        {entries.map((activity) => (
          <Entry
            key={`${activity.person_id}-${activity.id}`}
            activity={activity}
            withPerson={withPerson}
          />
        ))}
      </ul>
    </section>
  ));
}

function Entry({ activity, withPerson }: { activity: Activity; withPerson?: boolean }) {
  const [raw, setRaw] = useState(false);
  const person = {
    person_id: activity.person_id,
    name: activity.person_name,
    email: activity.person_email,
  };
  return (
    <li className={styles.entry}>
      <time
        className={styles.time}
        dateTime={activity.occurred_at}
        title={formatInstant(activity.occurred_at)}
      >
        {formatTime(activity.occurred_at)}
      </time>
      <span
        className={`${styles.dot} ${styles[TONES[activity.type] ?? 'quiet']}`}
        aria-hidden="true"
      />
      <div>
        <span className={styles.label}>{activity.label}</span>
        {withPerson && (
          <>
            {' · '}
            <Link to="/people/$personId" params={{ personId: activity.person_id }}>
              {personName(person)}
            </Link>
          </>
        )}
        <div className={styles.text}>{describe(activity)}</div>
      </div>
      <div className={styles.right}>
        {activity.amount_minor !== null && (
          <div className="tabular">{formatMoney(activity.amount_minor, activity.currency)}</div>
        )}
        <button
          type="button"
          className={styles.more}
          aria-expanded={raw}
          aria-label={`Details of ${activity.label}`}
          onClick={() => setRaw(!raw)}
        >
          {raw ? 'Hide' : 'Details'}
        </button>
      </div>
      {raw && (
        <div className={styles.open}>
          <Facts facts={listAttributes(activity)} />
          <details>
            <summary>Raw payload</summary>
            <pre className={styles.raw}>
              {JSON.stringify({ object_id: activity.object_id, ...activity.attributes }, null, 2)}
            </pre>
          </details>
        </div>
      )}
    </li>
  );
}

/** Where the status is news, and not only what the name of the activity says. */
const WITH_STATUS = /^(charge|invoice|refund)$/;

const TOLD = [
  'plan',
  'previous_plan',
  'status',
  'number',
  'reason',
  'failure_message',
  'description',
  'email',
  'subject',
];

/** The attributes that say most, in one line. */
function describe(activity: Activity): string {
  const words = TOLD.flatMap((name) => {
    const value = activity.attributes[name];
    if (typeof value !== 'string' || value === '') return [];
    if (name === 'status' && !WITH_STATUS.test(activity.type)) return [];
    return [name === 'previous_plan' ? `from ${value}` : value.replaceAll('_', ' ')];
  });
  return words.slice(0, 3).join(' · ');
}

/** Every attribute under its label, amounts and times written out. */
function listAttributes(activity: Activity): [string, ReactNode][] {
  const named = activity.attributes.currency;
  const currency = typeof named === 'string' ? named : activity.currency;
  const attributes = findActivityType(activity.type)?.attributes ?? [];
  return [
    ...attributes.map(({ name, type, label }): [string, ReactNode] => {
      const value = activity.attributes[name];
      if (value === null || value === undefined) return [label, null];
      if (type === 'money') return [label, formatMoney(Number(value), currency)];
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      if (type === 'time') return [label, formatInstant(text)];
      if (type === 'url') return [label, <OutLink key={name} url={text} />];
      return [label, text];
    }),
    ['Stripe object', activity.object_id && <CopyId key="object" id={activity.object_id} />],
  ];
}

function OutLink({ url }: { url: string }) {
  if (!/^https?:/.test(url)) return <>{url}</>;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      Open
    </a>
  );
}
