import type { SourceCheck } from '../../../api/contract/sources.ts';
import type { Tone } from '../../ui/index.ts';

/** A comparison as a word: nothing found, all that was found made good, or something left. */
export function gradeCheck(check: SourceCheck): { tone: Tone; word: string } {
  const found = check.missing + check.extra + check.different;
  if (found === 0) return { tone: 'good', word: 'Equal' };
  if (check.repaired >= found) return { tone: 'info', word: 'Repaired' };
  return { tone: 'warn', word: 'Differs' };
}
