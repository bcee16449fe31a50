import { useQuery } from '@tanstack/react-query';
import type { Why } from '../../../api/contract/audiences.ts';
import { formatInstant } from '../../lib/format.ts';
import { IconCircleCheck, IconCircleX } from '../../ui/icons.ts';
import { Ago, LinkButton, Loaded, Note } from '../../ui/index.ts';
import { Stack } from '../../ui/kit.ts';
import { whyQuery } from './api.ts';
import styles from './audiences.module.css';

/** Each condition with the person's own value beside what was asked for. */
export function WhyPanel({ audienceId, personId }: { audienceId: number; personId: number }) {
  const query = useQuery(whyQuery(audienceId, personId));
  return (
    <Loaded query={query}>
      {(why) => (
        <Stack gap="md">
          <Note tone={why.matches ? 'good' : 'warn'} title={why.matches ? 'In it' : 'Not in it'}>
            <Since why={why} />
          </Note>
          <ul className={styles.reasons}>
            {why.conditions.map((reason) => (
              <li key={reason.path} className={styles.reason}>
                {reason.matches ? (
                  <IconCircleCheck size={16} aria-label="True" className={styles.yes} />
                ) : (
                  <IconCircleX size={16} aria-label="Not true" className={styles.no} />
                )}
                <div>
                  <div>{reason.sentence}</div>
                  <dl className={styles.values}>
                    <dt>Asked for</dt>
                    <dd>{show(reason.expected)}</dd>
                    <dt>This person</dt>
                    <dd>{show(reason.actual)}</dd>
                  </dl>
                </div>
              </li>
            ))}
          </ul>
          <LinkButton to="/people/$personId" params={{ personId }} variant="default">
            Open the profile
          </LinkButton>
        </Stack>
      )}
    </Loaded>
  );
}

function Since({ why }: { why: Why }) {
  return (
    <>
      {why.entered_at && (
        <>
          Entered <Ago at={why.entered_at} />.{' '}
        </>
      )}
      {why.changes_at
        ? `By the clock alone this next changes on ${formatInstant(why.changes_at)}.`
        : 'Time alone changes nothing.'}
    </>
  );
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'string') {
    return /^\d{4}-\d{2}-\d{2}T/.test(value) ? formatInstant(value) : value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(show).join(', ');
  return JSON.stringify(value);
}
