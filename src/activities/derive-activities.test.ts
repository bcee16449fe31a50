import { describe, expect, test } from 'vitest';
import type { Json } from '../objects/index.ts';
import { deriveActivities } from './derive-activities.ts';
import {
  DAY,
  START,
  change,
  charge,
  instant,
  invoice,
  item,
  onTrial,
  subscription,
} from './fixtures/objects.ts';

const TRIAL_END = START + 14 * DAY;

/** Type and time of what an object tells that nobody knew before. */
function told(resource: 'subscriptions' | 'invoices' | 'charges' | 'refunds', object: Json) {
  return deriveActivities(change(resource, null, object)).map(({ type, occurred_at }) => [
    type,
    occurred_at.getTime() / 1000,
  ]);
}

describe('charges and refunds', () => {
  test('a charge that went through', () => {
    const [draft, ...more] = deriveActivities(change('charges', null, charge()));
    expect(more).toEqual([]);
    expect(draft).toEqual({
      key: 'charge/ch_1/succeeded',
      type: 'charge',
      occurred_at: instant(START),
      customer: 'cus_1',
      object_id: 'ch_1',
      amount_minor: 1000,
      currency: 'usd',
      attributes: {
        status: 'succeeded',
        amount_minor: 1000,
        currency: 'usd',
        recipient_email: 'ada@example.com',
        card_brand: 'visa',
        card_last4: '4242',
        payment_method: 'card',
        payment_intent_id: 'pi_1',
      },
    });
  });

  test('a failed charge is also a failed payment, and is no money', () => {
    const failed = charge({
      status: 'failed',
      failure_code: 'card_declined',
      failure_message: 'Your card has insufficient funds.',
      outcome: { reason: 'insufficient_funds' },
    });
    const drafts = deriveActivities(change('charges', null, failed));
    expect(drafts.map(({ key, amount_minor }) => [key, amount_minor])).toEqual([
      ['charge/ch_1/failed', null],
      ['payment_failed/ch_1', 1000],
    ]);
    expect(drafts[1]!.attributes).toMatchObject({
      failure_code: 'card_declined',
      decline_code: 'insufficient_funds',
      failure_message: 'Your card has insufficient funds.',
    });
  });

  test('a pending charge is told when it is settled, a later change of it never', () => {
    const pending = charge({ status: 'pending' });
    expect(told('charges', pending)).toEqual([]);
    expect(deriveActivities(change('charges', pending, charge()))).toHaveLength(1);
    const refunded = charge({ amount_refunded: 1000, refunded: true });
    expect(deriveActivities(change('charges', charge(), refunded))).toEqual([]);
  });

  test('a refund is told when it succeeded', () => {
    const refund = {
      id: 're_1',
      created: START,
      status: 'pending',
      amount: 300,
      currency: 'usd',
      charge: 'ch_1',
    };
    expect(told('refunds', refund)).toEqual([]);
    const [draft] = deriveActivities(change('refunds', refund, { ...refund, status: 'succeeded' }));
    expect(draft).toMatchObject({
      key: 'refund/re_1',
      amount_minor: 300,
      attributes: { charge_id: 'ch_1' },
    });
  });
});

describe('invoices', () => {
  test('a draft is nothing yet; issued, it has happened at that time', () => {
    const draft = invoice({ status: 'draft', status_transitions: { finalized_at: null } });
    expect(told('invoices', draft)).toEqual([]);
    expect(told('invoices', invoice())).toEqual([['invoice', START + 3600]]);
  });

  test('paid at the first attempt, and paid after a failed one', () => {
    const paid = {
      status: 'paid',
      amount_paid: 1000,
      status_transitions: { finalized_at: START, paid_at: START + 9 },
    };
    expect(told('invoices', invoice({ ...paid, attempt_count: 1 }))).toEqual([
      ['invoice', START],
      ['invoice_paid', START + 9],
    ]);
    expect(told('invoices', invoice({ ...paid, attempt_count: 2 }))).toEqual([
      ['invoice', START],
      ['invoice_paid', START + 9],
      ['payment_recovered', START + 9],
    ]);
  });

  test("a trial's invoice over nothing is issued, but nobody paid it", () => {
    const zero = invoice({ status: 'paid', total: 0, amount_due: 0 });
    expect(told('invoices', zero)).toEqual([['invoice', START + 3600]]);
  });
});

describe('subscriptions without a trial', () => {
  test('start when they come into force, not while their first payment is open', () => {
    const incomplete = subscription({ status: 'incomplete' });
    expect(told('subscriptions', incomplete)).toEqual([]);
    expect(told('subscriptions', subscription({ status: 'incomplete_expired' }))).toEqual([]);
    const drafts = deriveActivities(change('subscriptions', incomplete, subscription()));
    expect(drafts.map((draft) => draft.key)).toEqual(['subscription_started/sub_1']);
    expect(drafts[0]!.attributes).toMatchObject({
      price_id: 'price_a',
      product_id: 'prod_price_a',
      quantity: 1,
      amount_minor: 1000,
      interval: 'month',
    });
  });

  test('are cancelled when they end, with the reason and the time it was asked for', () => {
    const ending = subscription({ cancel_at_period_end: true, canceled_at: START + DAY });
    expect(deriveActivities(change('subscriptions', subscription(), ending))).toEqual([]);
    const ended = {
      ...ending,
      status: 'canceled',
      ended_at: START + 30 * DAY,
      cancellation_details: {
        reason: 'cancellation_requested',
        feedback: 'too_expensive',
        comment: 'Bye',
      },
    };
    const [draft] = deriveActivities(change('subscriptions', ending, ended));
    expect(draft).toMatchObject({
      type: 'subscription_cancelled',
      occurred_at: instant(START + 30 * DAY),
      attributes: {
        reason: 'cancellation_requested',
        feedback: 'too_expensive',
        comment: 'Bye',
        requested_at: instant(START + DAY).toISOString(),
      },
    });
  });

  test('that vanish without a last state have ended', () => {
    const gone = deriveActivities(change('subscriptions', subscription(), null, START + 5 * DAY));
    expect(gone.map(({ key, occurred_at }) => [key, occurred_at])).toEqual([
      ['subscription_cancelled/sub_1', instant(START + 5 * DAY)],
    ]);
  });
});

describe('trials', () => {
  test('begin', () => {
    expect(told('subscriptions', onTrial())).toEqual([['new_trial', START]]);
  });

  test('convert at their end, live as in history', () => {
    const active = onTrial({ status: 'active' });
    const live = deriveActivities(change('subscriptions', onTrial(), active, TRIAL_END + 2));
    expect(live.map(({ type, occurred_at }) => [type, occurred_at])).toEqual([
      ['trial_converted', instant(TRIAL_END)],
      ['subscription_started', instant(TRIAL_END)],
    ]);
    for (const status of ['past_due', 'unpaid'])
      expect(told('subscriptions', onTrial({ status }))).toContainEqual([
        'trial_converted',
        TRIAL_END,
      ]);
  });

  test('of a plan without a price do not convert, but the subscription starts', () => {
    expect(told('subscriptions', onTrial({ status: 'active' }, [item('price_free', 0)]))).toEqual([
      ['new_trial', START],
      ['subscription_started', TRIAL_END],
    ]);
  });

  test('cancelled while they run are told when that was asked for', () => {
    const asked = onTrial({ cancel_at_period_end: true, canceled_at: START + 3 * DAY });
    expect(told('subscriptions', asked)).toContainEqual(['trial_cancelled', START + 3 * DAY]);
    const over = { ...asked, status: 'canceled', ended_at: TRIAL_END };
    expect(deriveActivities(change('subscriptions', asked, over))).toEqual([]);
    expect(told('subscriptions', over)).toEqual([
      ['new_trial', START],
      ['trial_cancelled', START + 3 * DAY],
    ]);
  });

  test('may be cancelled at once', () => {
    const at = START + 2 * DAY;
    expect(
      told('subscriptions', onTrial({ status: 'canceled', canceled_at: at, ended_at: at })),
    ).toEqual([
      ['new_trial', START],
      ['trial_cancelled', at],
    ]);
  });

  test('are not cancelled by an end that lies behind them', () => {
    const later = onTrial({ cancel_at: TRIAL_END + 90 * DAY, canceled_at: START + DAY });
    expect(told('subscriptions', later)).toEqual([['new_trial', START]]);
    const ended = { ...later, status: 'canceled', ended_at: TRIAL_END + 90 * DAY };
    expect(told('subscriptions', ended)).toEqual([
      ['new_trial', START],
      ['trial_converted', TRIAL_END],
      ['subscription_started', TRIAL_END],
      ['subscription_cancelled', TRIAL_END + 90 * DAY],
    ]);
  });

  test('expire when nothing follows and nobody had cancelled', () => {
    const ended = onTrial({ status: 'canceled', canceled_at: TRIAL_END, ended_at: TRIAL_END });
    const paused = onTrial({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'trial_end_without_payment_method' } } },
    });
    for (const object of [ended, paused])
      expect(told('subscriptions', object)).toEqual([
        ['new_trial', START],
        ['trial_expired', TRIAL_END],
      ]);
  });

  test('are judged by whether a period followed, where periods are known', () => {
    const withPeriod = (current_period_start: number) => [
      { ...item('price_a', 1000), current_period_start },
    ];
    // Waited paused for a card until somebody gave up on it, long after the trial.
    const ended = START + 60 * DAY;
    const over = { status: 'canceled', canceled_at: ended, ended_at: ended };
    expect(told('subscriptions', onTrial(over, withPeriod(START)))).toEqual([
      ['new_trial', START],
      ['trial_expired', TRIAL_END],
    ]);
    // Came into force, and was given up half an hour later.
    const soon = TRIAL_END + 1800;
    const brief = { status: 'canceled', canceled_at: soon, ended_at: soon };
    expect(told('subscriptions', onTrial(brief, withPeriod(TRIAL_END)))).toEqual([
      ['new_trial', START],
      ['trial_converted', TRIAL_END],
      ['subscription_started', TRIAL_END],
      ['subscription_cancelled', soon],
    ]);
  });

  test('may be had more than once', () => {
    const second = onTrial({ trial_start: START + 100 * DAY, trial_end: START + 107 * DAY });
    const [draft] = deriveActivities(
      change('subscriptions', onTrial({ status: 'active' }), second),
    );
    expect(draft!.key).toBe(`new_trial/sub_1/${START + 100 * DAY}`);
  });
});

describe('a subscription that changes', () => {
  const live = (before: Json, after: Json) =>
    deriveActivities(change('subscriptions', before, after, START + DAY));

  test('tells both sides and the direction', () => {
    const [draft, ...more] = live(subscription(), subscription({}, [item('price_b', 2500, 2)]));
    expect(more).toEqual([]);
    expect(draft).toMatchObject({
      type: 'subscription_change',
      occurred_at: instant(START + DAY),
      attributes: {
        price_id: 'price_b',
        quantity: 2,
        amount_minor: 5000,
        previous_price_id: 'price_a',
        previous_quantity: 1,
        previous_amount_minor: 1000,
        direction: 'upgrade',
      },
    });
  });

  test('a year for a little less than twelve months is a downgrade', () => {
    const yearly = item('price_y', 11_000);
    (yearly.price as Json).recurring = { interval: 'year', interval_count: 1 };
    const [draft] = live(subscription(), subscription({}, [yearly]));
    expect(draft!.attributes.direction).toBe('downgrade');
  });

  test('has the same key however often it is told, and another one when it comes back', () => {
    const [a, b] = [subscription(), subscription({}, [item('price_b', 2500)])];
    const at = (seconds: number, before: Json, after: Json) =>
      deriveActivities(change('subscriptions', before, after, seconds))[0]!.key;
    expect(at(START, a, b)).toBe(at(START, a, b));
    const keys = [at(START, a, b), at(START, b, a), at(START + 1, a, b)];
    expect(new Set(keys).size).toBe(3);
  });

  test('is silent about the order of items, new periods, and items of what is over', () => {
    const [one, two] = [item('price_a', 1000), item('price_b', 500)];
    expect(live(subscription({}, [one, two]), subscription({}, [two, one]))).toEqual([]);
    const renewed = { ...one, current_period_end: START + 60 * DAY };
    expect(live(subscription({}, [one]), subscription({}, [renewed]))).toEqual([]);
    const over = { status: 'canceled', ended_at: START, canceled_at: START };
    expect(live(subscription(over, [one]), subscription(over, [two]))).toEqual([]);
  });
});

test('what has no activity, or is not what Stripe sends, tells nothing', () => {
  expect(deriveActivities(change('customers', null, { id: 'cus_1', created: START }))).toEqual([]);
  for (const resource of ['charges', 'refunds', 'invoices', 'subscriptions'] as const) {
    expect(deriveActivities(change(resource, null, { id: 'x' }))).toEqual([]);
    expect(
      deriveActivities(change(resource, null, { id: 'x', status: 7, created: 'soon' })),
    ).toEqual([]);
    expect(deriveActivities(change(resource, null, null))).toEqual([]);
  }
});
