import type { TestProject } from 'vitest/node';
import { startTestServer } from './server.ts';

/** One Postgres for the whole run; each test file copies a database of its own from the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('database_server', server.url);
  return async () => await server.stop();
}

declare module 'vitest' {
  interface ProvidedContext {
    database_server: string;
  }
}
