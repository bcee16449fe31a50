import { describe, expect, test } from 'vitest';
import type { Json } from '../objects/index.ts';
import { derivePersonActivities } from './derive-person-activities.ts';
import { DAY, START, card, instant, item, onTrial, subscription } from './fixtures/objects.ts';

/** 2026-01-12: three days before the end of the trial in the fixtures. */
const NOTICE = START + 11 * DAY;
const END = START + 14 * DAY;
const YEARS_ON = START + 2000 * DAY;

interface Given {
  subscriptions?: Json[];
  cards?: Json[];
  customer?: Json | null;
}

function derive(given: Given, at: number) {
  const own = (raw: Json) => ({ source_id: 1, customer: String(raw.customer ?? raw.id), raw });
  return derivePersonActivities(
    {
      subscriptions: (given.subscriptions ?? []).map(own),
      payment_methods: (given.cards ?? []).map(own),
      customers: given.customer ? [own(given.customer)] : [],
    },
    instant(at),
  );
}

/** When each was told, in seconds after the start, and when the next is due. */
function told(given: Given, at: number): { told: [string, number][]; next: number | null } {
  const { drafts, next_at } = derive(given, at);
  return {
    told: drafts.map((one) => [one.key, one.occurred_at.getTime() / 1000 - START]),
    next: next_at === null ? null : next_at.getTime() / 1000 - START,
  };
}

describe('a trial that ends in three days', () => {
  const TOLD: [string, number] = [`trial_ending/sub_1/${END}`, 11 * DAY];
  const ended = { status: 'canceled', trial_start: START, trial_end: END };
  const paid = [{ ...item('price_a', 1000), current_period_start: END }];
  const tried = [{ ...item('price_a', 1000), current_period_start: START }];

  test.each<[string, Json, number, boolean]>([
    ['goes on', onTrial(), NOTICE, true],
    ['was over long ago and converted', onTrial({ status: 'active' }, paid), YEARS_ON, true],
    ['ran out and was left paused', onTrial({ status: 'paused' }, tried), YEARS_ON, true],
    ['is in arrears since', onTrial({ status: 'past_due' }, paid), YEARS_ON, true],
    [
      'was to end, asked before the notice',
      onTrial({ canceled_at: NOTICE - 1, cancel_at_period_end: true }),
      NOTICE,
      false,
    ],
    [
      'was to end, asked after the notice',
      onTrial({ canceled_at: NOTICE + 1, cancel_at_period_end: true }),
      NOTICE + 2,
      true,
    ],
    [
      'shall become a subscription that ends later',
      onTrial({ canceled_at: NOTICE - 1, cancel_at: END + 30 * DAY }),
      NOTICE,
      true,
    ],
    [
      'ended at once before the notice',
      subscription({ ...ended, canceled_at: NOTICE - 1, ended_at: NOTICE - 1 }, tried),
      YEARS_ON,
      false,
    ],
    [
      'ended at once after the notice',
      subscription({ ...ended, canceled_at: NOTICE + 1, ended_at: NOTICE + 1 }, tried),
      YEARS_ON,
      true,
    ],
    [
      'ran out as asked before the notice',
      subscription({ ...ended, canceled_at: NOTICE - 1, ended_at: END }, tried),
      YEARS_ON,
      false,
    ],
    [
      'converted, and was cancelled months later',
      subscription({ ...ended, canceled_at: END + 90 * DAY, ended_at: END + 90 * DAY }, [
        { ...item('price_a', 1000), current_period_start: END + 60 * DAY },
      ]),
      YEARS_ON,
      true,
    ],
    ['was never confirmed', onTrial({ status: 'incomplete_expired' }), YEARS_ON, false],
  ])('%s', (_, object, at, yes) => {
    expect(told({ subscriptions: [object] }, at).told).toEqual(yes ? [TOLD] : []);
  });

  test('is due, but not told, a second before', () => {
    const subscriptions = [onTrial()];
    expect(told({ subscriptions }, NOTICE - 1)).toEqual({ told: [], next: 11 * DAY });
    expect(told({ subscriptions }, NOTICE)).toEqual({ told: [TOLD], next: null });
  });

  test('tells nothing when the whole trial takes three days or less', () => {
    for (const days of [1, 2, 3])
      expect(told({ subscriptions: [onTrial({ trial_end: START + days * DAY })] }, START)).toEqual({
        told: [],
        next: null,
      });
    const four = onTrial({ trial_end: START + 4 * DAY });
    expect(told({ subscriptions: [four] }, START).next).toBe(DAY);
  });

  test('cut short by an early purchase, it never was about to end', () => {
    const early = { status: 'active', trial_end: START + 8 * DAY + 4567 };
    const object = onTrial(early, [
      { ...item('price_a', 1000), current_period_start: START + 8 * DAY + 4567 },
    ]);
    expect(told({ subscriptions: [object] }, YEARS_ON).told).toEqual([]);
    // Planned to an odd hour, it is told while it goes on.
    const odd = onTrial({ trial_end: END + 4567 });
    expect(told({ subscriptions: [odd] }, END).told).toHaveLength(1);
  });

  test('prolonged, it ends a second time', () => {
    const longer = onTrial({ trial_end: END + 14 * DAY });
    expect(told({ subscriptions: [longer] }, NOTICE)).toEqual({ told: [], next: 25 * DAY });
    expect(told({ subscriptions: [longer] }, END + 11 * DAY).told[0]![0]).not.toBe(TOLD[0]);
  });

  test('says what the trial was then, whatever became of it', () => {
    const [draft] = derive(
      { subscriptions: [onTrial({ status: 'active' }, paid)] },
      YEARS_ON,
    ).drafts;
    expect(draft).toMatchObject({
      type: 'trial_ending',
      source_id: 1,
      customer: 'cus_1',
      attributes: { status: 'trialing', trial_ends_at: instant(END).toISOString() },
    });
  });
});

describe('a card that expires', () => {
  const owner = (id: string | null): Json => ({
    id: 'cus_1',
    invoice_settings: { default_payment_method: id },
  });
  const customer = owner('pm_1');
  const subscriptions = [subscription()];
  /** 30 days before the end of April 2026, UTC. */
  const DUE = Date.UTC(2026, 3, 1) / 1000;
  const KEY = 'card_expiring/pm_1/2026-4';
  const april = card(2026, 4);

  test('is told 30 days before the end of its month, once', () => {
    const given = { subscriptions, customer, cards: [april] };
    expect(told(given, DUE - 1)).toEqual({ told: [], next: DUE - START });
    expect(told(given, DUE)).toEqual({ told: [[KEY, DUE - START]], next: null });
    expect(told(given, YEARS_ON).told).toEqual([[KEY, DUE - START]]);
    const [draft] = derive(given, DUE).drafts;
    expect(draft!.attributes).toMatchObject({ expires_on: '2026-04-30', card_last4: '4242' });
  });

  const ends = (at: number): Json =>
    subscription({ status: 'canceled', canceled_at: at, ended_at: at });
  test.each<[string, Given]>([
    ['nobody pays with it', { subscriptions, cards: [april], customer: owner('pm_2') }],
    ['it was detached', { subscriptions, cards: [], customer }],
    [
      'it was replaced',
      { subscriptions, cards: [april, card(2040, 1, { id: 'pm_2' })], customer: owner('pm_2') },
    ],
    [
      'the subscription has its own',
      {
        subscriptions: [subscription({ default_payment_method: 'pm_2' })],
        cards: [april],
        customer,
      },
    ],
    ['there is no subscription', { cards: [april], customer }],
    ['the subscription had ended', { subscriptions: [ends(DUE - 1)], cards: [april], customer }],
    [
      'invoices are sent to be paid',
      {
        subscriptions: [subscription({ collection_method: 'send_invoice' })],
        cards: [april],
        customer,
      },
    ],
    [
      'the first payment never came',
      { subscriptions: [subscription({ status: 'incomplete_expired' })], cards: [april], customer },
    ],
    ['it had expired before it was attached', { subscriptions, cards: [card(2025, 12)], customer }],
    ['it is no card', { subscriptions, cards: [{ ...april, card: null }], customer }],
  ])('is not told when %s', (_, given) => {
    expect(told(given, YEARS_ON).told).toEqual([]);
  });

  test('is told although the subscription ended since', () => {
    const given = { subscriptions: [ends(DUE + 1)], cards: [april], customer };
    expect(told(given, YEARS_ON).told).toEqual([[KEY, DUE - START]]);
  });

  test('that comes within its last 30 days is told when it comes', () => {
    const late = card(2026, 4, { created: DUE + 5 * DAY });
    const given = { subscriptions, cards: [late], customer };
    expect(told(given, DUE).next).toBe(DUE + 5 * DAY - START);
    expect(told(given, DUE + 5 * DAY).told).toEqual([[KEY, DUE + 5 * DAY - START]]);
  });

  test('for two subscriptions is told once, and again with a new date of expiry', () => {
    const two = [subscription(), subscription({ id: 'sub_2', created: DUE + DAY })];
    expect(told({ subscriptions: two, cards: [april], customer }, YEARS_ON).told).toHaveLength(1);
    const renewed = told({ subscriptions: two, cards: [card(2028, 4)], customer }, YEARS_ON).told;
    expect(renewed.map(([key]) => key)).toEqual(['card_expiring/pm_1/2028-4']);
  });

  test('of December ends with the year', () => {
    const given = { subscriptions, cards: [card(2026, 12)], customer };
    expect(told(given, START).next).toBe(Date.UTC(2026, 11, 2) / 1000 - START);
  });
});

describe('a return', () => {
  const past = (from: number, to: number, more: Json = {}): Json =>
    subscription({
      id: 'sub_0',
      created: START + from * DAY,
      start_date: START + from * DAY,
      status: 'canceled',
      canceled_at: START + to * DAY,
      ended_at: START + to * DAY,
      ...more,
    });
  const since = (day: number, more: Json = {}, items?: Json[]): Json =>
    subscription({ created: START + day * DAY, start_date: START + day * DAY, ...more }, items);
  const free = [item('price_free', 0)];
  const trial = { trial_start: START + 20 * DAY, trial_end: START + 27 * DAY };

  test.each<[string, Json[], [string, number][]]>([
    ['after one that had ended', [past(0, 10), since(20)], [['reactivated/sub_1', 20 * DAY]]],
    [
      'whatever comes first in the list',
      [since(20), past(0, 10)],
      [['reactivated/sub_1', 20 * DAY]],
    ],
    [
      'that has ended again',
      [past(0, 10), past(20, 30, { id: 'sub_1' })],
      [['reactivated/sub_1', 20 * DAY]],
    ],
    ['for the first time is none', [since(20)], []],
    ['of whom never left is none', [past(0, 10), since(5)], []],
    [
      'beside another that goes on is none',
      [past(0, 10), since(5, { id: 'sub_2' }), since(20)],
      [],
    ],
    ['by changing over in one second is none', [past(0, 20), since(20)], []],
    ['to something free is none', [past(0, 10), since(20, {}, free)], []],
    ['after something free is none', [{ ...past(0, 10), items: { data: free } }, since(20)], []],
    ['by an unpaid first invoice is none', [past(0, 10), since(20, { status: 'incomplete' })], []],
  ])('%s', (_, subscriptions, expected) => {
    expect(told({ subscriptions }, YEARS_ON).told).toEqual(expected);
  });

  test('after a trial is told when it is paid, and a trial that ran out was nothing to return to', () => {
    const kinds = (subscriptions: Json[]) =>
      told({ subscriptions }, YEARS_ON).told.filter(([key]) => key.startsWith('reactivated'));
    expect(kinds([past(0, 10), since(20, { status: 'trialing', ...trial })])).toEqual([]);
    const bought = [{ ...item('price_a', 1000), current_period_start: START + 27 * DAY }];
    expect(kinds([past(0, 10), since(20, trial, bought)])).toEqual([
      ['reactivated/sub_1', 27 * DAY],
    ]);
    const tried = [{ ...item('price_a', 1000), current_period_start: START }];
    const ranOut = { trial_start: START, trial_end: START + 10 * DAY };
    expect(kinds([{ ...past(0, 10, ranOut), items: { data: tried } }, since(20)])).toEqual([]);
  });

  test('is told of every time and once for each subscription', () => {
    const lives = [past(0, 10), past(20, 30, { id: 'sub_a' }), past(40, 50, { id: 'sub_b' })];
    expect(told({ subscriptions: lives }, YEARS_ON).told).toEqual([
      ['reactivated/sub_a', 20 * DAY],
      ['reactivated/sub_b', 40 * DAY],
    ]);
  });
});
