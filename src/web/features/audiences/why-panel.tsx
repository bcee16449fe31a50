import { useQuery } from '@tanstack/react-query';
import type { Explanation, Why } from '../../../api/contract/audiences.ts';
import { formatInstant } from '../../lib/format.ts';
import { IconCircleCheck, IconCircleX } from '../../ui/icons.ts';
import { Ago, LinkButton, Loaded, Note } from '../../ui/index.ts';
import { Group, Stack } from '../../ui/kit.ts';
import { whyQuery } from './api.ts';
import styles from './audiences.module.css';

/** Each condition with what is so for this person beside what is asked. */
export function WhyPanel({ audienceId, personId }: { audienceId: number; personId: number }) {
  const query = useQuery(whyQuery(audienceId, personId));
  return (
    <Loaded query={query}>
      {(why) => (
        <Stack gap="md">
          <Note tone={why.matches ? 'good' : 'warn'} title={why.matches ? 'In it' : 'Not in it'}>
            <Since why={why} />
          </Note>
          <Part part={why.explanation} />
          <Group>
            <LinkButton to="/people/$personId" params={{ personId }} variant="default">
              Open the profile
            </LinkButton>
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}

function Since({ why }: { why: Why }) {
  return (
    <>
      {why.member_since && (
        <>
          Entered <Ago at={why.member_since} />.{' '}
        </>
      )}
      {why.next_change_at
        ? `By the clock alone this may change on ${formatInstant(why.next_change_at)}.`
        : 'Time alone changes nothing.'}
    </>
  );
}

const GROUPS = {
  all: 'All of these must hold',
  any: 'One of these must hold',
  not: 'This must not hold',
} as const;

function Part({ part }: { part: Explanation }) {
  const mark = part.matches ? (
    <IconCircleCheck size={16} aria-label="True" className={styles.yes} />
  ) : (
    <IconCircleX size={16} aria-label="Not true" className={styles.no} />
  );
  if (part.kind === 'condition') {
    return (
      <div className={styles.reason}>
        {mark}
        <div>
          <div>{part.sentence}</div>
          <dl className={styles.values}>
            <dt>This person</dt>
            <dd>{part.actual}</dd>
            {part.next_change_at && (
              <>
                <dt>May change</dt>
                <dd>{formatInstant(part.next_change_at)}</dd>
              </>
            )}
          </dl>
        </div>
      </div>
    );
  }
  // A group with a single part says no more than the part.
  const [only] = part.parts;
  if (only && part.parts.length === 1 && part.kind !== 'not') return <Part part={only} />;
  return (
    <div className={styles.group}>
      <div className={styles.groupHead}>
        {mark} {GROUPS[part.kind]}
      </div>
      {part.parts.map((inner, index) => (
        <Part key={index} part={inner} />
      ))}
    </div>
  );
}
