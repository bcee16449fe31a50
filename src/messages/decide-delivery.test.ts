import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  RETRY_PAUSES_MS,
  decideAfterAttempt,
  decideDelivery,
  isAddress,
} from './decide-delivery.ts';
import type { DeliveryFacts } from './decide-delivery.ts';

const FREE: DeliveryFacts = {
  class: 'marketing',
  to_address: 'ada@example.com',
  consent: null,
  suppressed: false,
  has_mailer: true,
};

test.each<[Partial<DeliveryFacts>, string]>([
  [{}, 'send'],
  [{ consent: 'subscribed' }, 'send'],
  [{ consent: 'unsubscribed' }, 'suppressed unsubscribed'],
  [{ consent: 'unsubscribed', has_mailer: false }, 'suppressed unsubscribed'],
  [{ consent: 'unsubscribed', class: 'transactional' }, 'send'],
  [{ suppressed: true, class: 'transactional' }, 'suppressed suppressed'],
  [{ suppressed: true, class: 'internal' }, 'suppressed suppressed'],
  [{ has_mailer: false }, 'kept no_mailer'],
  [{ to_address: '' }, 'failed no_address'],
  [{ to_address: 'a@b.test, c@d.test' }, 'failed bad_address'],
])('%j: %s', (change, expected) => {
  const decision = decideDelivery({ ...FREE, ...change });
  const said = decision.action === 'send' ? 'send' : `${decision.state} ${decision.code}`;
  expect(said).toBe(expected);
});

test('no address can carry a second recipient or a header', () => {
  const nasty = fc.constantFrom('\r', '\n', ' ', ',', ';', '<', '>', '"', '\0', '\u0085');
  fc.assert(
    fc.property(fc.string(), nasty, fc.string(), (before, bad, after) => {
      expect(isAddress(`${before}${bad}${after}@example.com`)).toBe(false);
      expect(isAddress(`a@${before}${bad}${after}`)).toBe(false);
    }),
  );
  expect(isAddress('ada+news@mail.example.co.uk')).toBe(true);
  expect(isAddress('zoë@bücher.example')).toBe(true);
});

test('passing trouble is tried again with growing pauses, then given up; a refusal is final', () => {
  const busy = { code: 'smtp_busy', detail: null, permanent: false } as const;
  const pauses = RETRY_PAUSES_MS.map((_, index) => decideAfterAttempt(busy, index + 1));
  expect(pauses).toEqual(RETRY_PAUSES_MS.map((pause_ms) => ({ state: 'waiting', pause_ms })));
  expect([...RETRY_PAUSES_MS].sort((a, b) => a - b)).toEqual(RETRY_PAUSES_MS);
  expect(decideAfterAttempt(busy, RETRY_PAUSES_MS.length + 1)).toEqual({ state: 'failed' });
  const refused = { code: 'smtp_address_refused', detail: null, permanent: true } as const;
  expect(decideAfterAttempt(refused, 1)).toEqual({ state: 'failed' });
});
