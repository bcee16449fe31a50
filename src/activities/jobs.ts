export { sweepActivityInstants } from './sweep-activity-instants.ts';
