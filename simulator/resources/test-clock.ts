import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface TestClockRow {
  id: string;
  created: number;
  name: string | null;
  frozen_time: number;
  deletes_after: number;
  status: 'ready' | 'advancing' | 'internal_failure';
  deleted: boolean;
}

export function renderTestClock(
  state: State,
  row: TestClockRow,
): Wire<Stripe.TestHelpers.TestClock> {
  return {
    id: row.id,
    object: 'test_helpers.test_clock',
    created: row.created,
    deletes_after: row.deletes_after,
    frozen_time: row.frozen_time,
    livemode: state.settings.livemode,
    name: row.name,
    status: row.status,
    status_details: {},
  };
}

/** The clock a customer runs on, for rows of whatever is theirs. */
export function onClockOf(state: State, customer: string): { test_clock?: string } {
  const { test_clock } = state.customers.get(customer);
  return test_clock === undefined ? {} : { test_clock };
}
