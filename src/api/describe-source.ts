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

type Figures = Awaited<ReturnType<typeof countAll>>;

/** What must be counted row by row. */
async function countAll(ctx: Context, source: SourceView) {
  const now = ctx.clock.now().getTime();
  const { id: source_id, time_zone } = source;
  const month = new Date(now - OVERVIEW_DAYS * DAY_MS);
  const [days, objects, people, people_30d, activities] = await Promise.all([
    countActivitiesByDay(ctx, { from: month, to: new Date(now + 1), source_id, time_zone }),
    countObjects(ctx, source_id),
    countPeople(ctx, { source_id }),
    countPeople(ctx, { source_id, since: month }),
    countActivities(ctx, { source_id }),
  ]);
  return { days, objects, people, people_30d, activities };
}

/** Counting that takes no longer than this is done anew each time. */
const QUICK_MS = 100;
/** Counting takes no more than one part in this many of the time, however often the page looks. */
const SPARING = 20;

/** Counts as often as the size of the account allows; in between the last figures stand. */
export function createCounter(ctx: Context): (source: SourceView) => Promise<Figures> {
  const last = new Map<number, { at: number; took: number; figures: Promise<Figures> }>();
  return async (source) => {
    const at = performance.now();
    const known = last.get(source.id);
    if (known && known.took > QUICK_MS && at - known.at < known.took * SPARING) {
      return await known.figures;
    }
    const counting = { at, took: 0, figures: countAll(ctx, source) };
    last.set(source.id, counting);
    try {
      return await counting.figures;
    } finally {
      counting.took = performance.now() - at;
    }
  };
}

/** All that the screen of one source shows. */
export async function describeSource(
  ctx: Context,
  id: number,
  count: ReturnType<typeof createCounter>,
) {
  const source = await getSource(ctx, id);
  const [progress, checks, figures] = await Promise.all([
    getSyncProgress(ctx, id),
    listChecks(ctx, id, CHECKS),
    count(source),
  ]);
  const { days, objects, people, people_30d, activities } = figures;
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
