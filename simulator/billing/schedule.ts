import { DAY, secondsOf } from '../clock.ts';
import type { PhaseRow, ScheduleRow } from '../resources/schedule.ts';
import { onClockOf } from '../resources/test-clock.ts';
import type { State } from '../state.ts';
import { endSubscription, isEnded } from './cancel.ts';
import { changeSubscription } from './change.ts';
import { boundary } from './period.ts';
import { amendSubscription } from './prorate.ts';
import { subscribe } from './subscribe.ts';

export interface ScheduleOptions {
  /** One of the two: for whom a subscription shall start, or which one is taken over. */
  customer?: string;
  subscription?: string;
  /** One after the other; each lasts so many months (default 1). */
  phases: { items: { price: string; quantity?: number }[]; months?: number }[];
  /** When the first phase starts. Default: now. A subscription taken over starts at once. */
  start?: Date | string;
  end_behavior?: ScheduleRow['end_behavior'];
  metadata?: Record<string, string>;
}

function phasesOf(state: State, options: ScheduleOptions, from: number): PhaseRow[] {
  let start = from;
  return options.phases.map((phase) => {
    const end = boundary(start, 'month', phase.months ?? 1, 1);
    const items = phase.items.map(({ price, quantity = 1 }) => ({ price, quantity }));
    const currency = state.prices.get(items[0]?.price ?? '').currency;
    const row = { start, end, currency, items };
    start = end;
    return row;
  });
}

function change(state: State, id: string, fields: Partial<ScheduleRow>, tell = true): ScheduleRow {
  const before = state.schedules.get(id);
  const after = state.schedules.put({ ...before, ...fields });
  if (tell) state.emit('subscription_schedule.updated', 'subscription_schedule', after, before);
  return after;
}

/** Plans what a subscription shall be when, and starts it unless it starts later. */
export function createSchedule(state: State, options: ScheduleOptions): ScheduleRow {
  const now = state.now();
  const taken =
    options.subscription === undefined ? undefined : state.subscriptions.get(options.subscription);
  const customer = taken?.customer ?? state.customers.get(options.customer ?? '').id;
  const later = taken === undefined && options.start !== undefined;
  const start = later ? Math.max(now, secondsOf(new Date(options.start ?? ''))) : now;
  const phases = phasesOf(state, options, start);
  const row = state.schedules.put({
    id: state.ids.make('sub_sched_', 24),
    created: now,
    customer,
    status: 'not_started',
    end_behavior: options.end_behavior ?? 'release',
    phases,
    phase: null,
    subscription: taken?.id ?? null,
    released_subscription: null,
    completed_at: null,
    released_at: null,
    canceled_at: null,
    test_clock: onClockOf(state, customer).test_clock ?? null,
    metadata: options.metadata ?? {},
  });
  state.emit('subscription_schedule.created', 'subscription_schedule', row);
  for (const phase of phases.slice(start > now ? 0 : 1)) {
    state.agenda.add(phase.start, 'schedule_phase', row.id);
  }
  const end = phases.at(-1)?.end ?? start;
  state.agenda.add(end, 'schedule_phase', row.id);
  if (end - 7 * DAY > now) state.agenda.add(end - 7 * DAY, 'schedule_expiring', row.id);
  if (start <= now) enterPhase(state, row.id);
  return state.schedules.get(row.id);
}

/** Makes the subscription what the phase says. */
function applyPhase(state: State, schedule: ScheduleRow, phase: PhaseRow): string {
  if (schedule.subscription === null) {
    return subscribe(state, { customer: schedule.customer, items: phase.items }).id;
  }
  const item = phase.items[0];
  const subscription = state.subscriptions.get(schedule.subscription);
  const current = subscription.items[0];
  if (item === undefined || current === undefined || isEnded(subscription)) return subscription.id;
  if (current.price !== item.price || current.quantity !== item.quantity) {
    amendSubscription(state, subscription.id, { item: current.id, ...item });
  }
  return subscription.id;
}

function finish(state: State, schedule: ScheduleRow): void {
  if (schedule.end_behavior === 'release') {
    releaseSchedule(state, schedule.id);
    return;
  }
  const done = change(
    state,
    schedule.id,
    { status: 'completed', completed_at: state.now(), phase: null },
    false,
  );
  state.emit('subscription_schedule.completed', 'subscription_schedule', done);
  if (done.subscription === null) return;
  changeSubscription(state, done.subscription, { schedule: null }, null);
  endSubscription(state, done.subscription, 'cancellation_requested');
}

/** The start of a phase, or the end of the last one. */
export function enterPhase(state: State, id: string): void {
  const now = state.now();
  const schedule = state.schedules.get(id);
  if (schedule.status !== 'not_started' && schedule.status !== 'active') return;
  const index = schedule.phases.findIndex((phase) => phase.start <= now && now < phase.end);
  const phase = schedule.phases[index];
  if (phase === undefined) return finish(state, schedule);
  if (index === schedule.phase) return;
  const subscription = applyPhase(state, schedule, phase);
  if (state.subscriptions.get(subscription).schedule !== id) {
    changeSubscription(state, subscription, { schedule: id });
  }
  change(state, id, { status: 'active', phase: index, subscription });
}

/** A week before the last phase ends. */
export function announceExpiry(state: State, id: string): void {
  const schedule = state.schedules.get(id);
  if (schedule.status !== 'active') return;
  state.emit('subscription_schedule.expiring', 'subscription_schedule', schedule);
}

function live(state: State, id: string): ScheduleRow {
  const row = state.schedules.get(id);
  if (row.status === 'active' || row.status === 'not_started') return row;
  throw new Error(`Schedule ${id} is ${row.status}`);
}

/** The subscription goes on by itself, as it is. */
export function releaseSchedule(state: State, id: string): ScheduleRow {
  const { subscription } = live(state, id);
  const released = change(
    state,
    id,
    {
      status: 'released',
      released_at: state.now(),
      released_subscription: subscription,
      subscription: null,
      phase: null,
    },
    false,
  );
  if (subscription !== null) changeSubscription(state, subscription, { schedule: null });
  state.emit('subscription_schedule.released', 'subscription_schedule', released);
  return released;
}

/** Ends the plan and the subscription with it. */
export function cancelSchedule(state: State, id: string): ScheduleRow {
  const { subscription } = live(state, id);
  if (subscription !== null) {
    // Its end ends the schedule too.
    endSubscription(state, subscription, 'cancellation_requested');
    return state.schedules.get(id);
  }
  const ended = { status: 'canceled' as const, canceled_at: state.now(), phase: null };
  const canceled = change(state, id, ended, false);
  state.emit('subscription_schedule.canceled', 'subscription_schedule', canceled);
  return canceled;
}
