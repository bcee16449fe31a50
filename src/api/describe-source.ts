import { countActivities, countActivitiesByDay } from '../activities/index.ts';
import { countObjects } from '../objects/index.ts';
import { countPeople } from '../people/index.ts';
import type { Context } from '../platform/index.ts';
import { PERMISSIONS, getSource, getSyncProgress, listChecks } from '../stripe/index.ts';
import type { SourceView } from '../stripe/index.ts';

const CHART_DAYS = 14;
const OVERVIEW_DAYS = 30;
const CHECKS = 14;
const DAY_MS = 86_400_000;

/** All that the screen of one source shows. */
export async function describeSource(ctx: Context, id: number) {
  const source = await getSource(ctx, id);
  const now = ctx.clock.now().getTime();
  const month = new Date(now - OVERVIEW_DAYS * DAY_MS);
  const [progress, days, objects, people, people_30d, activities, checks] = await Promise.all([
    getSyncProgress(ctx, id),
    countActivitiesByDay(ctx, {
      from: month,
      to: new Date(now + 1),
      source_id: id,
      time_zone: source.time_zone,
    }),
    countObjects(ctx, id),
    countPeople(ctx, { source_id: id }),
    countPeople(ctx, { source_id: id, since: month }),
    countActivities(ctx, { source_id: id }),
    listChecks(ctx, id, CHECKS),
  ]);
  // The span begins in the middle of a day; only whole days are shown.
  const chart = days.slice(-CHART_DAYS);
  const sum = (part: typeof days): number => part.reduce((total, day) => total + day.count, 0);
  const { last_event_at, last_webhook_at, lag_s, events_waiting } = source.webhook;
  const records = Object.values(objects).reduce((total, count) => total + count, 0);
  return {
    source,
    overview: {
      records,
      people,
      people_30d,
      activities,
      activities_30d: sum(days.slice(-OVERVIEW_DAYS)),
    },
    progress,
    permissions: describePermissions(source, objects),
    checks,
    health: {
      last_event_at,
      last_webhook_at,
      lag_s,
      events_waiting,
      people,
      activities_14_days: sum(chart),
    },
    chart,
    objects,
  };
}

function describePermissions(source: SourceView, objects: Record<string, number>) {
  return PERMISSIONS.map(({ slug, resource, label, access, needed, why }) => ({
    slug,
    resource,
    label,
    access,
    needed,
    why,
    granted: source.permissions[slug] ?? null,
    records: objects[resource] ?? 0,
  }));
}
