import type { Template } from 'liquidjs';
import { listMissing, parseLiquid, renderLiquid } from './liquid.ts';
import type { Engines, LiquidOutcome } from './liquid.ts';
import { tidyText } from './plain-text.ts';

export interface RenderedEmail {
  subject: string;
  html: string;
  plain: string;
}

export type RenderOutcome = ({ ok: true } & RenderedEmail) | { ok: false; reason: string };

/** Everything of one e-mail that can be done before knowing who gets it. */
export interface ParsedEmail {
  subject: Template[];
  html: Template[];
  plain: Template[];
}

export type ParseOutcome = ({ ok: true } & ParsedEmail) | { ok: false; reason: string };

/** Parses the three parts of a saved e-mail; parse once, then render for many people. */
export function parseEmail(engines: Engines, email: RenderedEmail): ParseOutcome {
  const subject = parseLiquid(engines.text, email.subject);
  if (!subject.ok) return subject;
  const html = parseLiquid(engines.html, email.html);
  if (!html.ok) return html;
  const plain = parseLiquid(engines.text, email.plain);
  if (!plain.ok) return plain;
  return { ok: true, subject: subject.template, html: html.template, plain: plain.template };
}

/** One person's copy. Missing variables print nothing. */
export function renderEmail(
  engines: Engines,
  email: ParsedEmail,
  variables: object,
): RenderOutcome {
  const subject = renderLiquid(engines.text, email.subject, variables);
  const html = renderLiquid(engines.html, email.html, variables);
  const plain = renderLiquid(engines.text, email.plain, variables);
  const failed = [subject, html, plain].find((part) => !part.ok);
  if (failed && !failed.ok) return { ok: false, reason: failed.reason };
  return {
    ok: true,
    subject: oneLine(textOf(subject)),
    html: textOf(html),
    plain: tidyText(textOf(plain)),
  };
}

/** Every variable this person's copy would print but the person does not have. */
export function listMissingVariables(
  engines: Engines,
  email: ParsedEmail,
  variables: object,
): string[] {
  const all = [
    ...listMissing(engines.text, email.subject, variables),
    ...listMissing(engines.html, email.html, variables),
  ];
  return [...new Set(all)];
}

function textOf(part: LiquidOutcome): string {
  return part.ok ? part.text : '';
}

const LONGEST_HEADER = 500;

/** For header values: a name with a line break in it must not become a second header. */
export function oneLine(text: string): string {
  const flat = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/ {2,}/g, ' ');
  return flat.trim().slice(0, LONGEST_HEADER).toWellFormed();
}
