import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { buildAudiences, listAudiences, listMembers, saveAudience } from '../audiences/index.ts';
import { person } from '../audiences/fixtures/person.ts';
import { savePeople } from '../audiences/fixtures/world.ts';
import { listEmails, previewEmail, removeEmail } from '../messages/index.ts';
import { getPlaybook, listPlaybooks } from '../playbooks/index.ts';
import { getDashboard, listDashboards } from '../reports/index.ts';
import { addTemplate, installTemplates, listTemplates, removeTemplate } from './index.ts';
import { STARTER_SET } from './starter-set.ts';

let ctx: TestContext;
beforeEach(async () => {
  ctx = await createTestContext();
});
afterEach(async () => await ctx.close());

async function stateOf(key: string) {
  return (await listTemplates(ctx)).find((template) => template.key === key)!;
}

test('everything is installed once, also by two processes that start together', async () => {
  expect((await listTemplates(ctx)).every((template) => template.state === 'available')).toBe(true);
  const both = await Promise.all([installTemplates(ctx), installTemplates(ctx)]);
  expect(both.flat().toSorted()).toEqual(STARTER_SET.map((one) => one.key).toSorted());
  expect(await installTemplates(ctx)).toEqual([]);
  const list = await listTemplates(ctx);
  expect(list.every((one) => one.state === 'installed' && one.subject_id !== null)).toBe(true);
  expect((await listAudiences(ctx)).map((one) => one.name)).toContain('On a trial');
});

test('what was changed stays changed, what was removed stays removed until it is added again', async () => {
  await installTemplates(ctx);
  const { subject_id } = await stateOf('audience/on-a-trial');
  const definition = { field: 'trialing_subscriptions', operator: 'gte', value: 2 };
  await saveAudience(ctx, { id: subject_id!, name: 'Two trials', definition });
  await removeTemplate(ctx, 'audience/churned');
  await removeEmail(ctx, (await stateOf('email/welcome')).subject_id!);

  expect(await installTemplates(ctx)).toEqual([]);
  const names = (await listAudiences(ctx)).map((one) => one.name);
  expect(names).toContain('Two trials');
  expect(names).not.toContain('On a trial');
  expect(names).not.toContain('Churned');
  expect((await stateOf('audience/churned')).state).toBe('removed');
  expect(await stateOf('email/welcome')).toMatchObject({ state: 'removed', subject_id: null });

  const id = await addTemplate(ctx, 'audience/churned');
  expect(await addTemplate(ctx, 'audience/churned')).toBe(id);
  expect(await stateOf('audience/churned')).toMatchObject({ state: 'installed', subject_id: id });
});

test('a piece brings along what it needs', async () => {
  const id = await addTemplate(ctx, 'playbook/welcome-new-customers');
  const [email] = await listEmails(ctx);
  expect((await getPlaybook(ctx, id)).definition).toEqual({
    entry: { kind: 'activity', activity: 'subscription_started', first_only: true },
    steps: [
      { id: 'wait', kind: 'wait', minutes: 60 },
      { id: 'welcome', kind: 'email', email_id: email!.id },
      { id: 'end', kind: 'end' },
    ],
  });
  expect((await listPlaybooks(ctx)).map((one) => one.state)).toEqual(['off']);
  await expect(addTemplate(ctx, 'playbook/none')).rejects.toMatchObject({
    code: 'template_not_found',
  });
});

test('the dashboards are there, each with its tiles', async () => {
  await installTemplates(ctx);
  const dashboards = await listDashboards(ctx);
  expect(dashboards.map((one) => one.name)).toEqual(['SaaS metrics', 'Performance']);
  const [first] = dashboards;
  const { tiles } = await getDashboard(ctx, first!.id);
  expect(tiles[0]).toMatchObject({ kind: 'number', question: { metric: 'mrr' } });
  await removeTemplate(ctx, 'dashboard/performance');
  expect(await listDashboards(ctx)).toHaveLength(1);
});

test('the audiences hold whom they name', async () => {
  const now = ctx.clock.now().getTime();
  const inHours = (hours: number) => new Date(now + hours * 3_600_000);
  await savePeople(ctx, [
    person(1, {
      subscription_status: 'trialing',
      trialing_subscriptions: 1,
      trial_ends_at: inHours(24 * 9),
    }),
    person(2, {
      subscription_status: 'trialing',
      trialing_subscriptions: 1,
      trial_ends_at: inHours(20),
    }),
    person(3, {
      subscription_status: 'active',
      active_subscriptions: 1,
      mrr_minor: 4_900,
      currency: 'usd',
      first_paid_at: inHours(-500),
    }),
    person(4, {
      subscription_status: 'past_due',
      mrr_minor: 900,
      currency: 'usd',
      first_paid_at: inHours(-900),
    }),
    person(5, { subscription_status: 'canceled', first_paid_at: inHours(-900) }),
    person(6, { subscription_status: 'canceled' }),
    person(7),
  ]);
  await installTemplates(ctx);
  await buildAudiences(ctx);
  const held: Record<string, number[]> = {};
  for (const audience of await listAudiences(ctx)) {
    const { rows } = await listMembers(ctx, audience.id);
    held[audience.name] = rows.map((row) => row.person_id).toSorted((a, b) => a - b);
  }
  expect(held).toEqual({
    'On a trial': [1, 2],
    'Trial ends within 3 days': [2],
    'Paying customers': [3, 4],
    'Past due': [4],
    Churned: [5],
  });
});

test('the welcome mail reads well with and without a name and a plan', async () => {
  await savePeople(ctx, [
    person(1, { name: 'Ada Lovelace', plan: 'Team' }),
    person(2, { name: null }),
  ]);
  const id = await addTemplate(ctx, 'email/welcome');
  const known = await previewEmail(ctx, id, 1);
  const unknown = await previewEmail(ctx, id, 2);
  if (!known.ok || !unknown.ok) throw new Error('the welcome mail cannot be previewed');
  expect(known.subject).toMatch(/^Welcome to .+, Ada$/);
  expect(known.plain).toContain('Hello Ada,');
  expect(known.plain).toContain('Your Team subscription is up and running.');
  expect(known.plain).toMatch(/Unsubscribe \(http/);
  expect(known.missing).toEqual([]);
  expect(unknown.subject).toMatch(/^Welcome to [^,]+$/);
  expect(unknown.plain).toContain('Hello there,');
  expect(unknown.plain).toContain('Your subscription is up and running.');
  expect(unknown.missing).toEqual([]);
});
