export type { App, Opener } from './app.ts';
export { createProgram } from './program.ts';
