import type { EmailTemplate } from '../template.ts';

// Short and personal on purpose: a first mail should read as if somebody sat down and wrote it.
const WELCOME = `<mjml>
  <mj-head>
    <mj-preview>A short hello, and how to reach us.</mj-preview>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="24px" color="#1f2933" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f6f8" width="560px">
    <mj-section background-color="#ffffff" padding="32px 24px 16px">
      <mj-column>
        <mj-text>Hello {{ person.first_name | default: "there" }},</mj-text>
        <mj-text>
          welcome to {{ workspace.name }}, and thank you for joining us.
          {% if subscription.plan %}Your {{ subscription.plan }} subscription is up and running.{% else %}Your subscription is up and running.{% endif %}
        </mj-text>
        <mj-text>
          The best way to begin is with the one thing you came for. Take ten minutes, try it, and see
          how far you get.
        </mj-text>
        <mj-text>
          If anything is unclear or does not work as you hoped, reply to this e-mail. A person reads
          it and writes back.
        </mj-text>
        <mj-text>
          Warm regards,<br />
          everyone at {{ workspace.name }}
        </mj-text>
      </mj-column>
    </mj-section>
    <mj-section padding="16px 24px 32px">
      <mj-column>
        <mj-text font-size="13px" line-height="20px" color="#52606d" align="center">
          You get this because you subscribed with {{ person.email }}.<br />
          <a href="{{ unsubscribe_url }}" style="color: #52606d">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

export const EMAILS: EmailTemplate[] = [
  {
    kind: 'email',
    key: 'email/welcome',
    name: 'Welcome',
    description: 'A short hello to a new customer, with an invitation to reply.',
    class: 'marketing',
    subject:
      'Welcome to {{ workspace.name }}{% if person.first_name %}, {{ person.first_name }}{% endif %}',
    source: WELCOME,
  },
];
