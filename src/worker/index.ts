export { applySettings, furnishFrom } from './apply-settings.ts';
export { lookAgain, lookAgainAtAll } from './look-again.ts';
export { removeSource } from './remove-source.ts';
export { startWorker } from './start-worker.ts';
export type { Worker } from './start-worker.ts';
