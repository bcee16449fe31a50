export { advanceDueRuns } from './advance-due-runs.ts';
