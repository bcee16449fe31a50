import { createContext, use } from 'react';
import type { SourceDetail } from '../../../api/contract/sources.ts';

interface Here {
  detail: SourceDetail;
  /** Stops reading the source again, while it is being deleted. */
  setLeaving: (leaving: boolean) => void;
}

/** The source of this screen, for its tabs: they are shown only once it is there. */
export const Here = createContext<Here | null>(null);

export function useHere(): Here {
  const here = use(Here);
  if (!here) throw new Error('a tab of a source is shown outside of its screen');
  return here;
}

export function useSource(): SourceDetail {
  return useHere().detail;
}
