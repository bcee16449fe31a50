import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startMailSink } from '../fixtures/mail-sink.ts';
import type { MailSink, Refusal } from '../fixtures/mail-sink.ts';
import type { Mail, Mailer } from '../mailer.ts';
import { createSmtpMailer } from './smtp.ts';

let sink: MailSink;
let mailer: Mailer;
beforeAll(async () => {
  sink = await startMailSink();
  mailer = createSmtpMailer({ smtp_url: sink.url });
});
afterEach(() => sink.refuse(null));
afterAll(async () => {
  await mailer.close();
  await sink.close();
});

const MAIL: Mail = {
  from: 'Acme <news@acme.test>',
  to: { name: 'Ada', address: 'ada@example.com' },
  subject: 'Grüße',
  html: '<p>Hello</p>',
  plain: 'Hello',
  message_id: '<mail_1@acme.test>',
  headers: { 'List-Unsubscribe': '<https://hw.test/u/1>' },
};

test('a mail arrives with both parts, its own Message-ID and its headers', async () => {
  const result = await mailer.send(MAIL);
  expect(result).toMatchObject({ code: 'accepted', permanent: false });
  const mail = sink.received.at(-1)!;
  expect(mail.envelope_from).toBe('news@acme.test');
  expect(mail.envelope_to).toEqual(['ada@example.com']);
  expect(mail.parsed).toMatchObject({
    messageId: '<mail_1@acme.test>',
    subject: 'Grüße',
    text: 'Hello',
  });
  expect(mail.parsed.html).toContain('<p>Hello</p>');
  expect(mail.raw).toContain('List-Unsubscribe: <https://hw.test/u/1>');
});

test('names and subjects cannot add headers or recipients', async () => {
  const evil = 'x\r\nBcc: victim@example.com\r\n\r\nbody';
  const to = { name: `Ada <a@b.test>, ${evil}`, address: 'ada@example.com' };
  await mailer.send({ ...MAIL, to, subject: evil });
  const mail = sink.received.at(-1)!;
  expect(mail.envelope_to).toEqual(['ada@example.com']);
  expect(mail.parsed.bcc).toBeUndefined();
  expect(mail.raw).not.toMatch(/^Bcc:/im);
  expect(mail.parsed.text).toBe('Hello');
});

test.each<[Refusal, string, boolean]>([
  [{ at: 'rcpt', code: 550, text: '5.1.1 no such user' }, 'smtp_address_refused', true],
  [{ at: 'rcpt', code: 450, text: '4.2.0 greylisted' }, 'smtp_busy', false],
  [{ at: 'data', code: 554, text: '5.7.1 looks like spam' }, 'smtp_refused', true],
  [{ at: 'data', code: 452, text: '4.3.1 disk full' }, 'smtp_busy', false],
  [{ at: 'from', code: 553, text: 'sender not allowed' }, 'smtp_refused', false],
])('%j is %s, permanent: %s', async (refusal, code, permanent) => {
  sink.refuse(refusal);
  const result = await mailer.send(MAIL);
  expect(result).toMatchObject({ code, permanent });
  expect(result.detail).toContain(refusal.text.split(' ').at(-1));
});

test('a server that is not there, or hangs up, is a code, never a throw', async () => {
  const rude = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    rude.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = rude.address() as AddressInfo;
  const hungUp = createSmtpMailer({ smtp_url: `smtp://127.0.0.1:${port}` });
  expect(await hungUp.send(MAIL)).toMatchObject({ code: 'smtp_broken', permanent: false });
  await new Promise((resolve) => {
    rude.close(resolve);
  });
  expect(await hungUp.send(MAIL)).toMatchObject({ code: 'smtp_unreachable', permanent: false });
  await hungUp.close();
});

test('the password of SMTP_URL is used as it is meant, and a wrong one is said to be', async () => {
  const locked = await startMailSink({ login: { user: 'ada', password: 'p@ss' } });
  const right = createSmtpMailer({ smtp_url: locked.url.replace('//', '//ada:p%40ss@') });
  expect(await right.send(MAIL)).toMatchObject({ code: 'accepted' });
  const wrong = createSmtpMailer({ smtp_url: locked.url.replace('//', '//ada:other@') });
  expect(await wrong.send(MAIL)).toMatchObject({ code: 'smtp_login', permanent: false });
  await Promise.all([right.close(), wrong.close()]);
  await locked.close();
});

test('a line that breaks in the middle is not repeated on the spot', async () => {
  const before = sink.received.length;
  sink.beforeAccept(async () => {
    sink.beforeAccept(null);
    throw Object.assign(new Error('going down'), { responseCode: 421 });
  });
  const result = await mailer.send(MAIL);
  expect(result).toMatchObject({ permanent: false });
  expect(result.code).not.toBe('accepted');
  expect(sink.received.length).toBe(before + 1);
});
