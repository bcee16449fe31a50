import type { SourceDetail } from '../../../api/contract/sources.ts';
import { Ago, Bar, Card, Dim, LinkButton, Prose, Status } from '../../ui/index.ts';
import { gradeCheck } from './grade-check.ts';

/** The newest comparison with Stripe, in one sentence. */
export function LastCheck({ detail }: { detail: SourceDetail }) {
  const check = detail.checks[0];
  const params = { sourceId: detail.source.id };
  return (
    <Card
      title="Compared with Stripe"
      note="Every night a sample is read again and laid beside what is kept"
    >
      <Prose>
        {check ? (
          <>
            <p>{check.sentence}</p>
            <Bar apart>
              <Bar>
                <Status tone={gradeCheck(check).tone}>{gradeCheck(check).word}</Status>
                <Dim small>
                  <Ago at={check.at} />
                </Dim>
              </Bar>
              <LinkButton
                to="/sources/$sourceId/sync"
                params={params}
                variant="subtle"
                size="compact-xs"
              >
                All checks
              </LinkButton>
            </Bar>
          </>
        ) : (
          <p>
            <Dim>The first comparison runs in the night after the history was copied.</Dim>
          </p>
        )}
      </Prose>
    </Card>
  );
}
