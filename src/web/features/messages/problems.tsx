import type { EmailProblem } from '../../../api/contract/emails.ts';
import { humanise } from '../../lib/format.ts';
import { Note } from '../../ui/index.ts';

/** What keeps the e-mail from being used, and where. */
export function Problems({ problems }: { problems: readonly EmailProblem[] }) {
  return (
    <Note tone="bad" title="It cannot be sent like this" live>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {problems.map((problem) => (
          <li key={`${problem.field}-${problem.line}-${problem.sentence}`}>
            {humanise(problem.field)}
            {problem.line !== null && `, line ${problem.line}`}: {problem.sentence}
          </li>
        ))}
      </ul>
    </Note>
  );
}
