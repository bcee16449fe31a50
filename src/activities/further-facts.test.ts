import { describe, expect, test } from 'vitest';
import type { Json } from '../objects/index.ts';
import { deriveActivities } from './derive-activities.ts';
import { DAY, START, change, instant, invoice, item, subscription } from './fixtures/objects.ts';

const LATER = instant(START + 100 * DAY);
const seen = (resource: Parameters<typeof change>[0], object: Json, origin: 'live' | 'history') =>
  deriveActivities({ ...change(resource, null, object), at: LATER, origin });

describe('an invoice that is due by a date', () => {
  const due = START + 30 * DAY;
  const overdue = (more: Json, at = LATER) =>
    deriveActivities({
      ...change('invoices', null, invoice({ status: 'open', due_date: due, ...more })),
      at,
    }).filter(({ type }) => type === 'invoice_overdue');

  test('is overdue from the due date on, also when it was settled later', () => {
    expect(overdue({})).toMatchObject([{ key: 'invoice_overdue/in_1', occurred_at: instant(due) }]);
    const paid = { status: 'paid', status_transitions: { paid_at: due + 5 } };
    expect(overdue(paid)).toHaveLength(1);
  });

  test('is not when it was paid or voided in time, or the day has not come', () => {
    expect(overdue({ status: 'paid', status_transitions: { paid_at: due - 5 } })).toEqual([]);
    expect(overdue({ status: 'void', status_transitions: { voided_at: due - 5 } })).toEqual([]);
    expect(overdue({}, instant(due - 5))).toEqual([]);
    expect(overdue({ due_date: null })).toEqual([]);
    expect(overdue({ status: 'draft' })).toEqual([]);
  });

  test('is told once, when a later sight first shows it', () => {
    const object = invoice({ status: 'open', due_date: due });
    const at = instant(due + DAY);
    const told = deriveActivities({
      ...change('invoices', object, { ...object, attempt_count: 1 }),
      before_at: instant(due - DAY),
      at,
    });
    expect(told.map(({ type }) => type)).toEqual(['invoice_overdue']);
  });
});

describe('what the object does not date', () => {
  const dispute = {
    id: 'dp_1',
    charge: 'ch_1',
    created: START,
    status: 'lost',
    amount: 900,
    currency: 'eur',
    balance_transactions: [{ created: START + 60 }],
  };

  test('has the time of who watched, and the nearest the object tells otherwise', () => {
    const live = seen('disputes', dispute, 'live');
    expect(live.map(({ type, occurred_at }) => [type, occurred_at])).toEqual([
      ['dispute_opened', instant(START)],
      ['dispute_closed', LATER],
    ]);
    const found = seen('disputes', dispute, 'history');
    expect(found.map(({ key }) => key)).toEqual(live.map(({ key }) => key));
    expect(found.at(-1)).toMatchObject({
      occurred_at: instant(START + 60),
      attributes: { status: 'lost' },
    });
    const session = { id: 'cs_1', created: START, status: 'complete', amount_total: 5 };
    expect(seen('checkout_sessions', session, 'history')[0]!.occurred_at).toEqual(instant(START));
    expect(seen('checkout_sessions', session, 'live')[0]!.occurred_at).toEqual(LATER);
    expect(seen('checkout_sessions', { ...session, status: 'open' }, 'live')).toEqual([]);
  });
});

test('arrears are told for each period that is not paid for', () => {
  const period = (start: number) =>
    subscription({ status: 'past_due' }, [
      { ...item('price_a', 1000), current_period_start: start },
    ]);
  const keys = (before: Json, after: Json) =>
    deriveActivities(change('subscriptions', before, after)).map(({ key }) => key);
  const [first, second] = [period(START), period(START + 30 * DAY)];
  expect(keys(subscription(), first)).toEqual([`past_due/sub_1/${START}`]);
  expect(keys(first, { ...first, metadata: { a: '1' } })).toEqual([]);
  expect(keys(first, second)).toEqual([`past_due/sub_1/${START + 30 * DAY}`]);
});
