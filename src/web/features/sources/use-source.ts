import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SourceDetail } from '../../../api/contract/sources.ts';
import { sourceQuery } from './api.ts';

const route = getRouteApi('/sources/$sourceId');

/** The source of this screen, for its tabs: they are shown only once it is there. */
export function useSource(): SourceDetail {
  const { sourceId } = route.useParams();
  return useSuspenseQuery(sourceQuery(sourceId)).data;
}
