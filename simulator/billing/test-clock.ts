import { DAY } from '../clock.ts';
import type { TestClockRow } from '../resources/test-clock.ts';
import type { State } from '../state.ts';
import { deleteCustomer } from './customer.ts';

export interface TestClockOptions {
  name?: string;
  /** Unix seconds. Default: the account's present. */
  frozen_time?: number;
}

/**
 * A test clock. What runs on it carries its id and is left out of lists as Stripe does, but lives
 * by the account's own time: the clock's frozen time is only shown.
 */
export function createTestClock(state: State, options: TestClockOptions = {}): TestClockRow {
  const row = state.testClocks.put({
    id: state.ids.make('clock_', 24),
    created: state.now(),
    name: options.name ?? null,
    frozen_time: options.frozen_time ?? state.now(),
    deletes_after: state.now() + 30 * DAY,
    status: 'ready',
    deleted: false,
  });
  state.emit('test_helpers.test_clock.created', 'test_clock', row);
  return row;
}

export function advanceTestClock(state: State, id: string, frozen_time: number): TestClockRow {
  const before = state.testClocks.get(id);
  if (frozen_time <= before.frozen_time) throw new Error('A test clock only goes forward');
  const moving = state.testClocks.put({ ...before, status: 'advancing', frozen_time });
  state.emit('test_helpers.test_clock.advancing', 'test_clock', moving);
  const ready = state.testClocks.put({ ...moving, status: 'ready' });
  state.emit('test_helpers.test_clock.ready', 'test_clock', ready);
  return ready;
}

/** Deletes a clock with everybody on it. */
export function deleteTestClock(state: State, id: string): TestClockRow {
  const row = state.testClocks.put({ ...state.testClocks.get(id), deleted: true });
  const customers = [...state.customers].filter((entry) => entry.test_clock === id);
  for (const customer of customers) deleteCustomer(state, customer.id);
  state.emit('test_helpers.test_clock.deleted', 'test_clock', row);
  return row;
}
