export { advanceDueRuns } from './advance-due-runs.ts';
export {
  Entry,
  LONGEST_WAIT_MINUTES,
  PLAYBOOK_STATES,
  PlaybookDefinition,
  RUN_STATES,
  listSteps,
} from './definition.ts';
export type { PlaybookProblem, PlaybookState, RunState, Step } from './definition.ts';
export { enterPlaybooks } from './enter-playbooks.ts';
export { getPlaybook, listPlaybooks } from './list-playbooks.ts';
export type { Playbook, PlaybookNode, PlaybookSummary } from './list-playbooks.ts';
export { getRun, listPersonRuns, listRuns } from './list-runs.ts';
export type { RunLine, RunPage, RunQuery, RunTrace } from './list-runs.ts';
export type { PlaybookCounts } from './queries/counts.ts';
export type { PlaybookRow } from './queries/playbooks.ts';
export type { RunListRow } from './queries/runs.ts';
export { removePlaybook, savePlaybook } from './save-playbook.ts';
export type { PlaybookDraft, SavePlaybookOutcome } from './save-playbook.ts';
export { switchPlaybook } from './switch-playbook.ts';
export { exitRunsOf, removeRuns } from './queries/remove.ts';
