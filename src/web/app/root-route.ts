import { createRootRoute } from '@tanstack/react-router';
import { Broken, NotFound } from './lost.tsx';
import { Shell } from './shell.tsx';

export const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: Broken,
});
