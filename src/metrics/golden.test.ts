import { describe, expect, test } from 'vitest';
import { Account } from './fixtures/account.ts';
import { readAccount } from './fixtures/read-account.ts';
import { GOLDEN } from './fixtures/golden-cases.ts';
import { buildLedger } from './ledger/build-ledger.ts';
import { createCalendar } from './ledger/calendar.ts';
import { DEFAULT_POLICY } from './ledger/policy.ts';
import { MICRO, microToMinor } from './ledger/rational.ts';

function ledgerOf(account: Account, policy = DEFAULT_POLICY) {
  const { customers, catalogue } = readAccount(account);
  return customers.map((facts) => ({
    customer: facts.customer,
    ...buildLedger([facts], catalogue, policy, createCalendar('UTC')),
  }));
}

describe('golden cases', () => {
  test.each(GOLDEN.map((golden) => [golden.id, golden] as const))('%s', (_, golden) => {
    const account = new Account();
    golden.build(account);
    const ledgers = ledgerOf(account);
    for (const [date, expected] of Object.entries(golden.as_of)) {
      let total = 0n;
      for (const { movements } of ledgers) {
        total += movements.filter((one) => one.on_date <= date).at(-1)?.after ?? 0n;
      }
      expect.soft(`${date} ${microToMinor(total)}`).toBe(`${date} ${expected}`);
    }
    const movements = ledgers
      .flatMap(({ customer, movements: own }) => own.map((one) => ({ customer, ...one })))
      .toSorted((a, b) => (`${a.on_date}${a.customer}` < `${b.on_date}${b.customer}` ? -1 : 1))
      .map((one) => [
        one.on_date,
        one.customer,
        one.kind,
        microToMinor(one.amount),
        one.reason,
        one.grade,
      ]);
    expect(movements).toEqual(golden.movements);
  });
});

describe('exactness', () => {
  test('sums are rounded once, at the end (G03: 116.67 + 30.42 is 147.08)', () => {
    const golden = GOLDEN.find((one) => one.id.startsWith('G03'))!;
    const account = new Account();
    golden.build(account);
    const parts = ledgerOf(account).map(({ movements }) => movements.at(-1)!.after);
    expect(parts.map(microToMinor).reduce((a, b) => a + b)).toBe(14_709);
    expect(microToMinor(parts.reduce((a, b) => a + b))).toBe(14_708);
    expect(parts[0]).toBe(3000n * MICRO);
  });
});
