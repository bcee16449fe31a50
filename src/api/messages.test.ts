import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveEmail } from '../messages/index.ts';
import { resolveCustomers } from '../people/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import type { OutboxPage } from './contract/outbox.ts';
import type { Playbook, PlaybookList, RunPage } from './contract/playbooks.ts';
import type { TemplateList } from './contract/templates.ts';
import { startTestApi } from './fixtures/client.ts';
import type { TestServer } from './fixtures/client.ts';

let server: TestServer;
const person_id = 1;

beforeAll(async () => {
  server = await startTestApi();
  await server.signIn();
  const customer = { id: 'cus_1', email: 'kim@example.com', name: 'Kim Lee' };
  await inTransaction(server.ctx, async (tx) => await resolveCustomers(tx, 1, [customer]));
});
afterAll(async () => await server.close());

const MJML =
  '<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ person.first_name }}</mj-text></mj-column></mj-section></mj-body></mjml>';
const DRAFT = { name: 'Hello', class: 'transactional', subject: 'Hello', source: MJML };

test('an audience is made, shown, changed, previewed and removed, and the log tells who did it', async () => {
  const definition = { field: 'subscription_status', operator: 'is', value: 'trialing' };
  const made = await server.call<{ id: number; sentence: string }>('POST', '/api/audiences', {
    name: 'On a trial',
    definition,
  });
  expect([made.status, made.body]).toMatchObject([200, { name: 'On a trial', size: 0 }]);
  const url = `/api/audiences/${made.body.id}`;
  const changed = await server.call('PUT', url, { name: 'Trials', definition: { all: [] } });
  expect(changed.body).toMatchObject({ name: 'Trials', definition: { all: [] } });
  const list = await server.call<{ audiences: unknown[] }>('GET', '/api/audiences');
  expect(list.body.audiences).toHaveLength(1);
  expect((await server.call('GET', `${url}/members`)).body).toEqual({
    rows: [],
    next_cursor: null,
    total: 0,
  });
  const preview = await server.call('POST', '/api/audiences/preview', {
    definition: { all: [] },
  });
  expect(preview.body).toMatchObject({ count: 1, sample: [{ person_id }] });
  const why = await server.call('GET', `${url}/why/1`);
  expect([why.status, why.body]).toMatchObject([200, { matches: true, person_id }]);
  const bad = await server.call('POST', '/api/audiences', { name: 'x', definition: { no: 1 } });
  expect([bad.status, bad.body.code]).toEqual([422, 'invalid_audience']);
  expect((await server.call('DELETE', url)).body).toEqual({ done: true });
  expect((await server.call('GET', url)).status).toBe(404);
  const audit = await server.call<{ rows: { action: string; user_name: string }[] }>(
    'GET',
    '/api/audit?limit=3',
  );
  expect(audit.body.rows.map((row) => row.action)).toEqual([
    'audience.removed',
    'audience.saved',
    'audience.saved',
  ]);
  expect(audit.body.rows[0]?.user_name).toBe('Ada Finch');
});

test('an e-mail is saved, refused with its problems, previewed; a refused one leaves no trace', async () => {
  const source = MJML;
  const draft = DRAFT;
  const made = await server.call<{ id: number }>('POST', '/api/emails', draft);
  expect([made.status, made.body]).toMatchObject([200, { name: 'Hello' }]);
  const bad = await server.call('PUT', `/api/emails/${made.body.id}`, {
    ...draft,
    source: '{{ x',
  });
  expect([bad.status, bad.body]).toMatchObject([422, { code: 'invalid_email' }]);
  expect((await server.call('GET', `/api/emails/${made.body.id}`)).body).toMatchObject({
    source,
  });
  const list = await server.call<{ emails: unknown[] }>('GET', '/api/emails');
  expect(list.body.emails).toHaveLength(1);
  const preview = await server.call('POST', '/api/emails/preview', { draft, person_id });
  expect([preview.status, preview.body]).toMatchObject([200, { ok: true, subject: 'Hello' }]);
  const broken = { ...draft, source: '{{ x' };
  const refused = await server.call('POST', '/api/emails/preview', {
    draft: broken,
    person_id,
  });
  expect(refused.body).toMatchObject({ ok: false });
  expect((await server.call('POST', '/api/emails/preview', { person_id })).status).toBe(400);
  expect((await server.call('DELETE', `/api/emails/${made.body.id}`)).body).toEqual({
    done: true,
  });
});

test('the outbox lists mails with their state', async () => {
  const { ctx } = server;
  const saved = await saveEmail(ctx, { ...DRAFT, class: 'transactional', name: 'Note' });
  if (!saved.ok) throw new Error(saved.problems[0]?.sentence);
  const now = ctx.clock.now();
  for (const n of [1, 2, 3]) {
    const at = new Date(now.getTime() + n);
    await sql`insert into outbox (id, person_id, email_id, class, to_address, to_name, subject, html, plain, state, message_id, created_at, due_at)
      values (${`mail_${n}`}, ${person_id}, ${saved.email.id}, 'transactional', 'kim@example.com', 'Kim', 'Note', '<p>', 'p', 'kept', ${`<${n}@x>`}, ${at}, ${at})`.execute(
      ctx.db,
    );
  }
  const first = await server.call<OutboxPage>('GET', '/api/outbox?state=kept&person_id=1&limit=2');
  expect(first.body).toMatchObject({
    rows: [{ id: 'mail_3', email_name: 'Note', person_name: 'Kim Lee' }, { id: 'mail_2' }],
    counts: { kept: 3 },
  });
  const cursor = first.body.next_cursor ?? '';
  const second = await server.call<OutboxPage>('GET', `/api/outbox?limit=2&cursor=${cursor}`);
  expect(second.body).toMatchObject({ rows: [{ id: 'mail_1' }], next_cursor: null });
  expect((await server.call('GET', '/api/outbox?cursor=zzz')).body.code).toBe('bad_cursor');
  expect((await server.call('GET', '/api/outbox?state=sent')).body).toMatchObject({ rows: [] });
  expect((await server.call('GET', '/api/outbox/mail_1')).body).toMatchObject({ html: '<p>' });
  expect((await server.call('GET', '/api/outbox/mail_9')).status).toBe(404);
});

test('a playbook is made, refused with its problems, switched on, and shows who is in it', async () => {
  const { body: email } = await server.call<{ id: number }>('POST', '/api/emails', DRAFT);
  const definition = {
    entry: { kind: 'activity', activity: 'subscription_started', first_only: true },
    steps: [
      { id: 'hour', kind: 'wait', minutes: 60 },
      { id: 'hello', kind: 'email', email_id: email.id },
    ],
  };
  const made = await server.call<Playbook>('POST', '/api/playbooks', {
    name: 'Welcome',
    definition,
  });
  expect([made.status, made.body]).toMatchObject([
    200,
    { state: 'off', definition, nodes: [{ step_id: 'hour', here: 0 }, { step_id: 'hello' }] },
  ]);
  const url = `/api/playbooks/${made.body.id}`;
  const bad = await server.call('PUT', url, { name: 'Welcome', definition: { steps: [] } });
  expect([bad.status, bad.body]).toMatchObject([
    422,
    { code: 'invalid_playbook', detail: { problems: [{ sentence: expect.any(String) }] } },
  ]);
  const on = await server.call<Playbook>('POST', `${url}/state`, { state: 'live' });
  expect(on.body).toMatchObject({ state: 'live', live_since: expect.any(String) });
  expect((await server.call('POST', `${url}/state`, { state: 'open' })).status).toBe(400);
  const at = server.ctx.clock.now();
  await sql`insert into playbook_runs (id, playbook_id, version, person_id, state, node, due_at, entered_at, context)
    values ('run_1', ${made.body.id}, ${on.body.version}, ${person_id}, 'waiting', 'hour', ${at}, ${at}, '{}')`.execute(
    server.ctx.db,
  );
  const runs = await server.call<RunPage>('GET', `${url}/runs?state=waiting`);
  expect(runs.body).toMatchObject({
    rows: [{ id: 'run_1', person_name: 'Kim Lee', playbook_name: 'Welcome' }],
    next_cursor: null,
  });
  const run = await server.call('GET', '/api/runs/run_1');
  expect(run.body).toMatchObject({ state: 'waiting', now_at: 'Wait 1 hour', steps: [], mails: [] });
  const list = await server.call<PlaybookList>('GET', '/api/playbooks');
  expect(list.body.playbooks).toMatchObject([{ name: 'Welcome', entered: 1, under_way: 1 }]);
  expect((await server.call('DELETE', url)).body).toEqual({ done: true });
  expect((await server.call('GET', url)).status).toBe(404);
});

test('a piece of the starter set is added, removed for good and known by its key', async () => {
  const { body } = await server.call<TemplateList>('GET', '/api/templates');
  const trial = body.templates.find(({ key }) => key === 'audience/on-a-trial')!;
  expect(trial).toMatchObject({ kind: 'audience', state: 'available', subject_id: null });
  const url = `/api/templates/${encodeURIComponent(trial.key)}`;
  const find = (list: TemplateList) => list.templates.find(({ key }) => key === trial.key)!;
  const added = find((await server.call<TemplateList>('POST', `${url}/add`, {})).body);
  expect(added).toMatchObject({ state: 'installed', subject_id: expect.any(Number) });
  const audience = await server.call('GET', `/api/audiences/${added.subject_id}`);
  expect(audience.body).toMatchObject({ template_key: trial.key });
  const removed = find((await server.call<TemplateList>('POST', `${url}/remove`, {})).body);
  expect(removed.state).toBe('removed');
  expect((await server.call('POST', '/api/templates/nothing/add', {})).status).toBe(404);
});
