import { describe, expect, test } from 'vitest';
import { compileEmail } from './compile-email.ts';
import type { EmailDraft, Problem } from './definition.ts';
import { createEngines } from './liquid.ts';
import { listMissingVariables, parseEmail, renderEmail } from './render-email.ts';
import type { RenderedEmail } from './render-email.ts';
import { buildVariables } from './variables.ts';
import type { PersonFacts } from './variables.ts';

const engines = createEngines('Europe/Berlin');

const ADA: PersonFacts = {
  person_id: 1,
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  country: 'GB',
  created_at: new Date('2026-01-31T23:30:00Z'),
  subscription_status: 'active',
  plan: 'Team & Co',
  currency: 'jpy',
  mrr_minor: 4900,
  lifetime_paid_minor: 9800,
  trial_ends_at: null,
  renews_at: new Date('2026-04-01T09:00:00Z'),
  first_paid_at: null,
  last_paid_at: null,
};

function scope(person: Partial<PersonFacts> = {}): Record<string, unknown> {
  return buildVariables({
    person: { ...ADA, ...person },
    activity: {
      name: 'subscription_started',
      occurred_at: '2026-03-01T09:00:00.000Z',
      amount_minor: 4900,
      currency: 'eur',
      attributes: { plan: 'Team' },
    },
    workspace_name: 'Acme',
    unsubscribe_url: 'https://hw.test/unsubscribe/1.x',
  });
}

function draft(text: string, change: Partial<EmailDraft> = {}): EmailDraft {
  return {
    name: 'Test',
    class: 'transactional',
    subject: 'Hello',
    source: text.startsWith('<mjml')
      ? text
      : `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    ...change,
  };
}

async function problemsOf(written: EmailDraft): Promise<Problem[]> {
  const outcome = await compileEmail(engines, written);
  return outcome.ok ? [] : outcome.problems;
}

async function render(
  written: EmailDraft,
  person: Partial<PersonFacts> = {},
): Promise<RenderedEmail> {
  const compiled = await compileEmail(engines, written);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.sentence);
  const parsed = parseEmail(engines, { ...compiled, subject: written.subject });
  if (!parsed.ok) throw new Error(parsed.reason);
  const rendered = renderEmail(engines, parsed, scope(person));
  if (!rendered.ok) throw new Error(rendered.reason);
  return rendered;
}

/** What stands in the mail's only text block. */
function textOf(mail: RenderedEmail): string | undefined {
  return /color:#000000;"\s*>([\s\S]*?)<\/div>/.exec(mail.html)?.[1];
}

const NASTY = `<script>"it's" & co</script>`;
const NASTY_ESCAPED = '&lt;script&gt;&quot;it&#39;s&quot; &amp; co&lt;/script&gt;';

describe('escaping', () => {
  test.each([
    ['{{ person.name }}', NASTY_ESCAPED],
    ['{{ person.name | escape }}', NASTY_ESCAPED],
    ['{{ person.name | escape_once }}', NASTY_ESCAPED],
    ['{% assign n = person.name | escape %}{{ n }}', NASTY_ESCAPED],
    ['{% capture n %}<b>{{ person.name }}</b>{% endcapture %}{{ n }}', `<b>${NASTY_ESCAPED}</b>`],
    ['{% echo person.name %}', NASTY_ESCAPED],
    ['{% liquid echo person.name %}', NASTY_ESCAPED],
    ['{{ person.name | append: "&" }}', `${NASTY_ESCAPED}&amp;`],
    ['{{ subscription.plan }} &amp; more', 'Team &amp; Co &amp; more'],
    ['{{ nil }}|{{ true }}|{{ 3 }}', '|true|3'],
  ])('%s is escaped exactly once', async (text, expected) => {
    expect(textOf(await render(draft(text), { name: NASTY }))).toBe(expected);
  });

  test('an attribute cannot be broken out of', async () => {
    const source = `<mjml><mj-body><mj-section><mj-column>
      <mj-button href="https://x.test/?n={{ person.name | default: "nobody" }}&amp;u={{ person.email | url_encode }}">Go</mj-button>
    </mj-column></mj-section></mj-body></mjml>`;
    const mail = await render(draft(source), { name: '" onclick="alert(1)' });
    expect(mail.html).toContain(
      'href="https://x.test/?n=&quot; onclick=&quot;alert(1)&amp;u=ada%40example.com"',
    );
    expect(mail.html).not.toContain('onclick="');
  });

  test('there is no way past the escaping', async () => {
    const [raw] = await problemsOf(draft('{{ person.name | raw }}'));
    expect(raw).toMatchObject({ code: 'bad_liquid', sentence: expect.stringContaining('"raw"') });
    const [cycle] = await problemsOf(draft('{% cycle person.name, "b" %}'));
    expect(cycle).toMatchObject({ code: 'bad_liquid' });
  });

  test('subjects and plain text are not escaped, and a subject is one line', async () => {
    const written = draft('{{ person.name }} &amp; {{ person.name | escape }}', {
      subject: 'For {{ person.name | escape }}',
    });
    const mail = await render(written, { name: 'A & B\r\nBcc: everyone@example.com\u2028x' });
    expect(mail.subject).toBe('For A & B Bcc: everyone@example.com x');
    expect(mail.plain).toContain('A & B');
    expect(mail.plain).not.toContain('&amp;');
  });
});

describe('what an author is told', () => {
  test.each([
    ['\n\n  {{ person.name | default: “you” }}', 'smart_quotes', 3, 29],
    ['{% if person.country == ’GB’ %}x{% endif %}', 'smart_quotes', 1, 25],
    ['{{ person.name | upcas }}', 'bad_liquid', 1, 1],
    ['a\n{% if person.name %}', 'bad_liquid', 2, 1],
    ['{{ person.name', 'bad_liquid', 1, 1],
    ['{% include "/etc/passwd" %}', 'bad_liquid', 1, 1],
    ['{% render "/etc/passwd" %}', 'bad_liquid', 1, 1],
    ['{{ person.firstname }}', 'unknown_variable', 1, 4],
    ['{{ Person.name }}', 'unknown_variable', 1, 4],
    ['{{ person }}', 'unknown_variable', 1, 4],
  ])('%j is refused with its place', async (text, code, line, column) => {
    const [problem] = await problemsOf(draft('x', { subject: text }));
    expect(problem).toMatchObject({ field: 'subject', code, line, column });
    expect(problem?.sentence).toMatch(/[.?]$/);
  });

  test('an apostrophe inside straight quotes is fine, and so is a curly quote in plain words', async () => {
    expect(await problemsOf(draft('{{ person.name | default: "it’s you" }} – “hi”'))).toEqual([]);
  });

  test('a near miss is named', async () => {
    const [problem] = await problemsOf(draft('{{ person.first-name }}'));
    expect(problem?.sentence).toContain('Did you mean "person.first_name"?');
  });

  test.each([
    ['<p>Hello</p>', 'bad_mjml'],
    ['<mjml><mj-body><mj-text>x</mj-text></mj-body></mjml>', 'bad_mjml'],
    ['<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>', 'bad_mjml'],
    [
      '<mjml><mj-body>{% if person.name %}<mj-section></mj-section>{% endif %}</mj-body></mjml>',
      'lost_tag',
    ],
  ])('%s', async (source, code) => {
    const [problem] = await problemsOf(draft('x', { source }));
    expect(problem).toMatchObject({ field: 'source', code });
  });

  test('an MJML problem points at the line the author wrote, also below a tag of several lines', async () => {
    const source = `<mjml><mj-body><mj-section><mj-column><mj-text>
{{ person.name
   | default: "you"
}}</mj-text>
<mj-bogus>x</mj-bogus></mj-column></mj-section></mj-body></mjml>`;
    const [problem] = await problemsOf(draft('x', { source }));
    expect(problem).toMatchObject({ code: 'bad_mjml', line: 5 });
  });

  test('marketing needs an unsubscribe link, the other classes do not', async () => {
    const [problem] = await problemsOf(draft('Hi', { class: 'marketing' }));
    expect(problem?.code).toBe('no_unsubscribe');
    const linked = draft('<a href="{{ unsubscribe_url }}">Leave</a>', { class: 'marketing' });
    expect(await problemsOf(linked)).toEqual([]);
  });

  test('an empty draft is refused with a sentence', async () => {
    const [problem] = await problemsOf(draft('x', { subject: '  ' }));
    expect(problem).toMatchObject({ code: 'bad_draft', field: 'subject' });
  });
});

describe('rendering', () => {
  test('Liquid between sections works inside mj-raw, conditions with < work anywhere', async () => {
    const source = `<mjml><mj-body>
      <mj-raw>{% if subscription.mrr_minor < 5000 %}</mj-raw>
      <mj-section><mj-column><mj-text>small</mj-text></mj-column></mj-section>
      <mj-raw>{% endif %}</mj-raw>
      <mj-section><mj-column><mj-text>{% if subscription.mrr_minor > 5000 %}big{% endif %}</mj-text></mj-column></mj-section>
    </mj-body></mjml>`;
    const mail = await render(draft(source));
    expect(mail.html).toContain('small');
    expect(mail.html).not.toContain('big');
    expect(mail.plain).toBe('small');
  });

  test('dates are told in the zone of the workspace, amounts in their currency', async () => {
    const text =
      '{{ person.created_at | date: "%-d %B %Y" }}, {{ subscription.mrr }}, {{ activity.amount }}, {{ activity.plan }}';
    expect((await render(draft(text))).plain).toBe('1 February 2026, ¥4,900, €49.00, Team');
  });

  test('the text part carries words, links and nothing of the layout', async () => {
    const source = `<mjml><mj-head><mj-preview>Peek {{ person.first_name }}</mj-preview></mj-head><mj-body>
      <mj-section><mj-column>
        <mj-text>Hello {{ person.first_name }},<br/>welcome&nbsp;to {{ workspace.name }}.</mj-text>
        <mj-divider />
        <mj-button href="https://x.test/start">Start</mj-button>
        <mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
      </mj-column></mj-section></mj-body></mjml>`;
    const { plain, html } = await render(draft(source));
    expect(plain).toBe(
      'Hello Ada,\nwelcome to Acme.\n\n---\n\nStart (https://x.test/start)\n\nUnsubscribe (https://hw.test/unsubscribe/1.x)',
    );
    expect(html).toContain('Peek Ada');
    expect(html).not.toContain('fonts.googleapis.com');
  });

  test('a preview names everything missing; defaults and conditions do not count', async () => {
    const text = `{{ person.name }} {{ subscription.trial_ends_at | date: "%Y" }} {{ activity.reason }}
      {{ person.first_name | default: "you" }} {% if person.country %}x{% endif %} {{ person.email }}`;
    const written = draft(text, { subject: 'To {{ person.first_name }}' });
    const compiled = await compileEmail(engines, written);
    if (!compiled.ok) throw new Error('does not compile');
    const parsed = parseEmail(engines, { ...compiled, subject: written.subject });
    if (!parsed.ok) throw new Error('does not parse');
    const variables = scope({ name: null, country: null });
    expect(listMissingVariables(engines, parsed, variables)).toEqual([
      'person.first_name',
      'person.name',
      'subscription.trial_ends_at',
      'activity.reason',
    ]);
  });

  test.each([
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% for i in (1..3000) %}{% for j in (1..3000) %}{{ person.name }}{% endfor %}{% endfor %}',
    '{% assign s = "xxxxxxxxxx" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}',
  ])('%s runs into a limit instead of filling the process', async (text) => {
    await expect(render(draft(text))).rejects.toThrow(/limit exceeded/);
  });

  test('nothing of the program can be reached', async () => {
    const text = '[{{ activity.constructor }}{{ activity.__proto__.polluted }}]';
    expect((await render(draft(text))).plain).toBe('[]');
  });
});
