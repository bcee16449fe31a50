export { buildServer } from './build-server.ts';
export type { ServerDeps } from './build-server.ts';
