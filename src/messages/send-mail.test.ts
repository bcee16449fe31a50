import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { sql, withExclusive } from '../platform/index.ts';
import { startMailSink } from './fixtures/mail-sink.ts';
import type { MailSink } from './fixtures/mail-sink.ts';
import { clearTables, dyingContext, seedPerson } from './fixtures/people.ts';
import {
  createSmtpMailer,
  describeUnsubscribe,
  getOutboxMail,
  listOutbox,
  previewEmail,
  resubscribe,
  saveEmail,
  sendDueMail,
  sendLater,
  suppressAddress,
  unsubscribe,
  unsubscribeToken,
} from './index.ts';
import type { EmailClass, Mailer } from './index.ts';
import { freeOrphanedMail } from './jobs.ts';

const SOURCE = `<mjml><mj-body><mj-section><mj-column>
  <mj-text>Hello {{ person.first_name }} of {{ subscription.plan }}</mj-text>
  <mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>`;

const MINUTE = 60_000;
const LEASE = 10 * MINUTE;
let ctx: TestContext;
let sink: MailSink;
let mailer: Mailer;
let never: AbortSignal;

beforeAll(async () => {
  sink = await startMailSink();
  mailer = createSmtpMailer({ smtp_url: sink.url });
  never = new AbortController().signal;
  ctx = await createTestContext({
    config: { mail_from: 'Acme <news@acme.test>', public_url: 'https://hw.test' },
  });
});
beforeEach(async () => {
  await seedPerson(ctx, { person_id: 1 });
});
afterEach(async () => {
  sink.refuse(null);
  sink.beforeAccept(null);
  sink.received.length = 0;
  await clearTables(ctx);
});
afterAll(async () => {
  await mailer.close();
  await sink.close();
  await ctx.close();
});

async function writeEmail(kind: EmailClass = 'marketing', subject = 'Welcome'): Promise<number> {
  const saved = await saveEmail(ctx, { name: 'Welcome', class: kind, subject, source: SOURCE });
  if (!saved.ok) throw new Error(saved.problems[0]?.sentence);
  return saved.email.id;
}

async function queue(id = 'm1', kind: EmailClass = 'marketing', person_id = 1): Promise<void> {
  const email_id = await writeEmail(kind);
  expect(await sendLater(ctx, { id, email_id, person_id })).toBe(true);
}

async function activityNames(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select t.name from activities a join activity_types t on t.id = a.type order by a.occurred_at`.execute(
    ctx.db,
  );
  return rows.map((row) => row.name);
}

describe('one mail', () => {
  test('is sent once however often it is asked for, and told as an activity', async () => {
    const email_id = await writeEmail();
    expect(await sendLater(ctx, { id: 'm1', email_id, person_id: 1 })).toBe(true);
    expect(await sendLater(ctx, { id: 'm1', email_id, person_id: 1 })).toBe(false);
    expect(await sendDueMail(ctx, mailer, never)).toBe(1);
    expect(await sendDueMail(ctx, mailer, never)).toBe(0);
    expect(sink.received).toHaveLength(1);
    const { parsed, envelope_to } = sink.received[0]!;
    expect(envelope_to).toEqual(['person1@example.com']);
    expect(parsed.subject).toBe('Welcome');
    expect(parsed.text).toContain('Hello Ada of Team');
    const mail = await getOutboxMail(ctx, 'm1');
    expect(mail).toMatchObject({ state: 'sent', result_code: 'accepted', attempts: 1 });
    expect(mail.sent_at).toEqual(ctx.clock.now());
    expect(parsed.messageId).toBe(mail.message_id);
    expect(await activityNames()).toEqual(['email_sent']);
    const { rows } = await sql<{ person_id: number }>`select person_id from person_marks`.execute(
      ctx.db,
    );
    expect(rows).toEqual([{ person_id: 1 }]);
  });

  test('exists only if what caused it does', async () => {
    const email_id = await writeEmail();
    const cause = ctx.db.transaction().execute(async (trx) => {
      const tx = { ...ctx, db: trx as unknown as typeof ctx.db };
      await sendLater(tx, { id: 'm1', email_id, person_id: 1 });
      throw new Error('the cause did not happen');
    });
    await expect(cause).rejects.toThrow('did not happen');
    expect((await listOutbox(ctx)).rows).toEqual([]);
  });

  test('without a mail server is kept, and stays kept once there is one', async () => {
    await queue();
    expect(await sendDueMail(ctx, null, never)).toBe(1);
    const mail = await getOutboxMail(ctx, 'm1');
    expect(mail).toMatchObject({ state: 'kept', result_code: 'no_mailer' });
    expect(mail.html).toContain('Hello Ada of Team');
    ctx.clock.advance(30 * 24 * 60 * MINUTE);
    expect(await sendDueMail(ctx, mailer, never)).toBe(0);
    expect(sink.received).toEqual([]);
    expect(await activityNames()).toEqual([]);
  });

  test('a name with line breaks in it changes nothing but the name', async () => {
    await seedPerson(ctx, { person_id: 2, name: 'Eve\r\nBcc: victim@example.com' });
    const email_id = await writeEmail('transactional', 'For {{ person.name }}');
    await sendLater(ctx, { id: 'm2', email_id, person_id: 2 });
    await sendDueMail(ctx, mailer, never);
    const mail = sink.received[0]!;
    expect(mail.envelope_to).toEqual(['person2@example.com']);
    expect(mail.raw).not.toMatch(/^Bcc:/im);
    expect(mail.parsed.subject).toBe('For Eve Bcc: victim@example.com');
  });

  test.each([
    [null, 'no_address'],
    ['a@b.test, victim@example.com', 'bad_address'],
    ['a@b.test\r\nBcc: victim@example.com', 'bad_address'],
  ])('to the address %j fails before anything leaves', async (email, code) => {
    await seedPerson(ctx, { person_id: 2, email });
    await queue('m2', 'transactional', 2);
    await sendDueMail(ctx, mailer, never);
    expect(await getOutboxMail(ctx, 'm2')).toMatchObject({ state: 'failed', result_code: code });
    expect(sink.received).toEqual([]);
    expect(await activityNames()).toEqual(['email_failed']);
  });
});

describe('consent', () => {
  test('whoever unsubscribes gets no marketing mail, not even what was queued before', async () => {
    await queue();
    await unsubscribe(ctx, unsubscribeToken(ctx, 1), 'one_click');
    await sendDueMail(ctx, mailer, never);
    expect(sink.received).toEqual([]);
    const mail = await getOutboxMail(ctx, 'm1');
    expect(mail).toMatchObject({ state: 'suppressed', result_code: 'unsubscribed' });
  });

  test('a receipt still goes out, unless the address itself is stopped', async () => {
    await unsubscribe(ctx, unsubscribeToken(ctx, 1));
    await queue('m1', 'transactional');
    await sendDueMail(ctx, mailer, never);
    expect(sink.received).toHaveLength(1);
    await suppressAddress(ctx, 'PERSON1@example.com', 'complained');
    await queue('m2', 'transactional');
    await sendDueMail(ctx, mailer, never);
    expect(sink.received).toHaveLength(1);
    expect(await getOutboxMail(ctx, 'm2')).toMatchObject({ result_code: 'suppressed' });
  });

  test('the word of a person counts for whoever they are merged into, and the last word wins', async () => {
    await unsubscribe(ctx, unsubscribeToken(ctx, 1));
    await seedPerson(ctx, { person_id: 2 });
    await sql`update people set merged_into = 2 where person_id = 1`.execute(ctx.db);
    await queue('m1', 'marketing', 2);
    await sendDueMail(ctx, mailer, never);
    expect(sink.received).toEqual([]);
    ctx.clock.advance(MINUTE);
    await resubscribe(ctx, unsubscribeToken(ctx, 1));
    await queue('m2', 'marketing', 1);
    await sendDueMail(ctx, mailer, never);
    expect(sink.received[0]?.envelope_to).toEqual(['person2@example.com']);
  });

  test('a marketing mail carries one-click headers and a link that works without signing in', async () => {
    await queue();
    await sendDueMail(ctx, mailer, never);
    const { raw, parsed } = sink.received[0]!;
    const unfolded = raw.replace(/\r\n[ \t]+/g, ' ');
    const link = /^List-Unsubscribe: <https:\/\/hw\.test\/unsubscribe\/(.+)>\r$/m.exec(
      unfolded,
    )?.[1];
    expect(unfolded).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(parsed.text).toContain(`https://hw.test/unsubscribe/${link}`);
    const before = await describeUnsubscribe(ctx, link!);
    expect(before).toMatchObject({ ok: true, state: 'subscribed', address: 'p…@example.com' });
    expect(await unsubscribe(ctx, link!)).toMatchObject({ ok: true, state: 'unsubscribed' });
  });

  test('a transactional mail has no unsubscribe headers', async () => {
    await queue('m1', 'transactional');
    await sendDueMail(ctx, mailer, never);
    expect(sink.received[0]!.raw).not.toMatch(/^List-Unsubscribe/im);
  });

  test.each(['', '1', '1.', '1.forged', '2.', '99999999999.x', '1.x/../y'])(
    'the link %j does nothing',
    async (token) => {
      expect(await unsubscribe(ctx, token)).toMatchObject({ ok: false, code: 'bad_link' });
      const other = unsubscribeToken(ctx, 1).replace(/^1\./, '2.');
      expect(await unsubscribe(ctx, other)).toMatchObject({ ok: false });
      const { rows } = await sql`select 1 from consents`.execute(ctx.db);
      expect(rows).toEqual([]);
    },
  );
});

describe('trouble with the mail server', () => {
  test('a busy server is asked again later, under the same Message-ID', async () => {
    await queue();
    sink.refuse({ at: 'data', code: 451, text: 'try later' });
    await sendDueMail(ctx, mailer, never);
    expect(await getOutboxMail(ctx, 'm1')).toMatchObject({
      state: 'waiting',
      result_code: 'smtp_busy',
    });
    sink.refuse(null);
    expect(await sendDueMail(ctx, mailer, never)).toBe(0);
    ctx.clock.advance(MINUTE);
    expect(await sendDueMail(ctx, mailer, never)).toBe(1);
    const mail = await getOutboxMail(ctx, 'm1');
    expect(mail).toMatchObject({ state: 'sent', attempts: 2 });
    expect(sink.received.map(({ parsed }) => parsed.messageId)).toEqual([mail.message_id]);
    expect(await activityNames()).toEqual(['email_sent']);
  });

  test('a refused address fails at once, in the words of the server', async () => {
    await queue();
    sink.refuse({ at: 'rcpt', code: 550, text: '5.1.1 nobody here' });
    await sendDueMail(ctx, mailer, never);
    const mail = await getOutboxMail(ctx, 'm1');
    expect(mail).toMatchObject({ state: 'failed', result_code: 'smtp_address_refused' });
    expect(mail.result_detail).toContain('nobody here');
    expect(await activityNames()).toEqual(['email_failed']);
  });
});

describe('killed or doubled workers', () => {
  test('two workers at once send each mail once', async () => {
    const email_id = await writeEmail();
    for (let n = 0; n < 60; n += 1) {
      await sendLater(ctx, { id: `m${n}`, email_id, person_id: 1 });
    }
    const drain = async (): Promise<void> => {
      while ((await sendDueMail(ctx, mailer, never)) > 0);
    };
    await Promise.all([drain(), drain(), drain()]);
    const ids = sink.received.map(({ parsed }) => parsed.messageId);
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
    expect((await listOutbox(ctx, { limit: 100 })).rows.every((row) => row.state === 'sent')).toBe(
      true,
    );
  });

  test('a worker killed before any statement doubles nothing but what SMTP cannot tell, and loses nothing', async () => {
    const email_id = await writeEmail();
    const doubled: number[] = [];
    for (let statements = 0; ; statements += 1) {
      const id = `m${statements}`;
      await sendLater(ctx, { id, email_id, person_id: 1 });
      sink.received.length = 0;
      let killed = false;
      await sendDueMail(dyingContext(ctx, statements), mailer, never).catch(() => {
        killed = true;
      });
      ctx.clock.advance(LEASE);
      while ((await sendDueMail(ctx, mailer, never)) > 0);
      const mail = await getOutboxMail(ctx, id);
      expect(mail.state).toBe('sent');
      expect(new Set(sink.received.map(({ parsed }) => parsed.messageId)).size).toBe(1);
      expect(sink.received).toHaveLength(1 + mail.uncertain_handovers);
      if (mail.uncertain_handovers > 0) doubled.push(statements);
      if (!killed) break;
    }
    // Only between the server's answer and its record: one unbroken stretch of statements, and not the whole way.
    expect(doubled.length).toBeGreaterThan(0);
    expect(doubled.at(-1)! - doubled[0]!).toBe(doubled.length - 1);
    expect(doubled[0]).toBeGreaterThan(2);
    const { rows } = await sql<{ n: number }>`
      select count(*) n from activities group by id having count(*) > 1`.execute(ctx.db);
    expect(rows).toEqual([]);
  });

  test('mail whose worker is no more is freed at once, that of a living one is not', async () => {
    await queue();
    const name = 'lease_of_a_worker';
    await sql`update outbox set state = 'leased', lease = ${name}, due_at = ${new Date(ctx.clock.now().getTime() + LEASE)}`.execute(
      ctx.db,
    );
    await withExclusive(ctx, name, async () => {
      expect(await freeOrphanedMail(ctx)).toBe(0);
    });
    expect(await sendDueMail(ctx, mailer, never)).toBe(0);
    expect(await freeOrphanedMail(ctx)).toBe(1);
    expect(await sendDueMail(ctx, mailer, never)).toBe(1);
    expect(sink.received).toHaveLength(1);
  });

  test('a worker killed while the server had the mail waits for its lease, then repeats it visibly', async () => {
    await queue();
    const dead: Mailer = {
      send: () => Promise.reject(new Error('killed')),
      close: async () => undefined,
    };
    await expect(sendDueMail(ctx, dead, never)).rejects.toThrow('killed');
    expect(await getOutboxMail(ctx, 'm1')).toMatchObject({ state: 'handing_over' });
    expect(await sendDueMail(ctx, mailer, never)).toBe(0);
    ctx.clock.advance(LEASE);
    expect(await sendDueMail(ctx, mailer, never)).toBe(1);
    expect(await getOutboxMail(ctx, 'm1')).toMatchObject({ state: 'sent', uncertain_handovers: 1 });
  });

  test('stopping gives back what was taken but not begun', async () => {
    await queue();
    expect(await sendDueMail(ctx, mailer, AbortSignal.abort())).toBe(1);
    expect(await getOutboxMail(ctx, 'm1')).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await sendDueMail(ctx, mailer, never)).toBe(1);
    expect(sink.received).toHaveLength(1);
  });
});

describe('a preview', () => {
  test('shows the mail as the person would get it, names what is missing and cannot unsubscribe them', async () => {
    await seedPerson(ctx, { person_id: 2, name: null });
    const email_id = await writeEmail();
    const preview = await previewEmail(ctx, email_id, 2);
    if (!preview.ok) throw new Error('no preview');
    expect(preview.missing).toEqual(['person.first_name']);
    expect(preview.html).toContain('Hello  of Team');
    expect(preview.html).toContain('https://hw.test/unsubscribe/preview');
    expect(preview.html).not.toContain(unsubscribeToken(ctx, 2));
  });

  test('of a draft that does not work says why instead', async () => {
    const draft = {
      name: 'x',
      class: 'internal',
      subject: '{{ person.nmae }}',
      source: SOURCE,
    } as const;
    const preview = await previewEmail(ctx, draft, 1);
    expect(preview).toMatchObject({ ok: false, problems: [{ code: 'unknown_variable' }] });
  });
});

test('a mail that cannot be filled in fails by itself and is told', async () => {
  const email_id = await writeEmail('transactional');
  const loop = '{% for i in (1..100000000) %}x{% endfor %}';
  await sql`update emails set html = ${loop} where id = ${email_id}`.execute(ctx.db);
  await sendLater(ctx, { id: 'm1', email_id, person_id: 1 });
  const mail = await getOutboxMail(ctx, 'm1');
  expect(mail).toMatchObject({ state: 'failed', result_code: 'render_failed' });
  expect(await activityNames()).toEqual(['email_failed']);
  expect(await sendDueMail(ctx, mailer, never)).toBe(0);
});

test('saving again keeps the e-mail, replaces its text and leaves queued mail as it was', async () => {
  await queue();
  const { rows } = await listOutbox(ctx);
  const saved = await saveEmail(ctx, {
    id: rows[0]!.email_id,
    name: 'Renamed',
    class: 'transactional',
    subject: 'New',
    source: SOURCE.replace('Hello', 'Goodbye'),
  });
  expect(saved).toMatchObject({ ok: true, email: { id: rows[0]!.email_id, name: 'Renamed' } });
  expect((await getOutboxMail(ctx, 'm1')).html).toContain('Hello');
});
