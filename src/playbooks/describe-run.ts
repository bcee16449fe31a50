import { describeDefinition } from '../audiences/index.ts';
import type { Step } from './definition.ts';
import type { ShellLine } from './queries/runs.ts';
import type { TraceLine } from './run.ts';

/** Names that sentences need and rows do not carry. */
export interface Names {
  activities: ReadonlyMap<string, string>;
  emails: ReadonlyMap<number, string>;
}

/** A step of the drawing in a few words: `Wait 1 hour`. */
export function describeStep(step: Step, names: Names): string {
  switch (step.kind) {
    case 'wait':
      return `Wait ${describeMinutes(step.minutes)}`;
    case 'email':
      return `Send ${quoteEmail(step.email_id, names)}`;
    case 'branch':
      return `Is it true? ${describeDefinition(step.condition)}`;
    case 'end':
      return 'End';
  }
}

/** One line of a run's trace as a sentence. */
export function describeLine(line: TraceLine | ShellLine, names: Names): string {
  switch (line.what) {
    case 'entered': {
      const label = names.activities.get(line.detail.activity) ?? line.detail.activity;
      return `Entered because of “${label}” on ${describeInstant(line.detail.occurred_at)}.`;
    }
    case 'waiting':
      return `Waits ${describeMinutes(line.detail.minutes)}, until ${describeInstant(line.detail.until)}.`;
    case 'answered':
      return `${line.detail.yes ? 'Yes' : 'No'}${line.detail.because ? `: ${line.detail.because}` : '.'}`;
    case 'email_queued':
      return `Put ${quoteEmail(line.detail.email_id, names)} into the outbox.`;
    case 'person_merged':
      return 'This person turned out to be the same as another; the run went on with them.';
    case 'finished':
      return 'Reached the end.';
    case 'exited':
      return `Left: ${describeReason(line.detail.reason)}.`;
    case 'failed':
      return `Stopped: ${describeReason(line.detail.reason)}.`;
  }
}

const REASONS: Record<string, string> = {
  no_email: 'the e-mail of this step does not exist any more',
  no_person: 'there is no such person any more',
  no_such_step: 'the step is not part of the playbook',
  playbook_removed: 'the playbook was removed',
};

/** Why a run ended, as part of a sentence. */
export function describeReason(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll('_', ' ');
}

/** `90` → `1 hour 30 minutes`. */
export function describeMinutes(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}${n === 1 ? '' : 's'}`)
    .join(' ');
}

function describeInstant(iso: string): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(iso));
  return `${text} UTC`;
}

function quoteEmail(id: number, names: Names): string {
  const name = names.emails.get(id);
  return name === undefined ? 'an e-mail that was removed' : `“${name}”`;
}
