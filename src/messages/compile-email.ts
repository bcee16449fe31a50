import type { Liquid } from 'liquidjs';
import { Check } from 'typebox/value';
import { checkLiquid, usesVariable } from './check-liquid.ts';
import { EmailDraft } from './definition.ts';
import type { Problem } from './definition.ts';
import { parseLiquid } from './liquid.ts';
import type { Engines } from './liquid.ts';
import { toPlainText } from './plain-text.ts';
import { originalLine, protectLiquid, restoreLiquid } from './protect-liquid.ts';
import type { ProtectedTag } from './protect-liquid.ts';

export interface CompiledEmail {
  /** Still Liquid; everything else is final. */
  html: string;
  plain: string;
}

export type CompileOutcome = ({ ok: true } & CompiledEmail) | { ok: false; problems: Problem[] };

/**
 * Checks a draft and compiles its MJML, once: a person's copy then needs only Liquid. The Liquid is
 * read first, on the source as written, so that a problem points at the author's own line.
 */
export async function compileEmail(engines: Engines, draft: EmailDraft): Promise<CompileOutcome> {
  const shape = checkShape(draft);
  if (shape.length > 0) return { ok: false, problems: shape };
  const problems = [
    ...checkLiquid(engines.text, 'subject', draft.subject),
    ...checkLiquid(engines.html, 'source', draft.source),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const compiled = await compileMjml(draft.source);
  if (!compiled.ok) return compiled;
  if (draft.class === 'marketing' && !usesVariable(engines.html, draft.source, 'unsubscribe_url')) {
    return { ok: false, problems: [NO_UNSUBSCRIBE] };
  }
  return checkCompiled(engines.html, compiled);
}

const NO_UNSUBSCRIBE: Problem = {
  code: 'no_unsubscribe',
  field: 'source',
  line: null,
  column: null,
  sentence:
    'A marketing e-mail needs a way out. Add a link to {{ unsubscribe_url }}, or make it transactional if it is not marketing.',
};

function checkShape(draft: EmailDraft): Problem[] {
  if (Check(EmailDraft, draft) && draft.name.trim() !== '' && draft.subject.trim() !== '')
    return [];
  const empty = (['name', 'subject', 'source'] as const).find((field) => !draft[field]?.trim());
  const sentence = empty
    ? `Give the e-mail a ${empty === 'source' ? 'text' : empty}.`
    : 'The e-mail is too long or has a class other than marketing, transactional or internal.';
  return [{ code: 'bad_draft', field: empty ?? 'source', line: null, column: null, sentence }];
}

async function compileMjml(source: string): Promise<CompileOutcome> {
  const safe = protectLiquid(source);
  const include = /<mj-include/i.exec(safe.text);
  if (include) {
    const line = originalLine(safe.text.slice(0, include.index).split('\n').length, safe.tags);
    const sentence = 'Files cannot be included. Put the text itself here instead of mj-include.';
    return { ok: false, problems: [mjmlProblem(line, sentence)] };
  }
  // Loaded when first needed: the compiler is large and most processes never save an e-mail.
  const { default: mjml2html } = await import('mjml');
  let html: string;
  try {
    const result = await mjml2html(safe.text, {
      validationLevel: 'soft',
      keepComments: false,
      ignoreIncludes: true,
      fonts: {}, // nothing is fetched from a font service when the mail is opened
    });
    if (result.errors.length > 0) {
      const problems = result.errors.map((error) =>
        mjmlProblem(originalLine(error.line, safe.tags), `${error.message}.`),
      );
      return { ok: false, problems };
    }
    html = result.html;
  } catch (error) {
    // The compiler throws plain errors for a document it cannot read at all.
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [mjmlProblem(null, reason)] };
  }
  const restored = restoreLiquid(html, safe.tags);
  if (restored.lost.length > 0) return { ok: false, problems: restored.lost.map(lostProblem) };
  const plain = restoreLiquid(toPlainText(html), safe.tags).text;
  return { ok: true, html: restored.text, plain };
}

function mjmlProblem(line: number | null, sentence: string): Problem {
  return { code: 'bad_mjml', field: 'source', line, column: null, sentence };
}

function lostProblem(tag: ProtectedTag): Problem {
  return {
    code: 'lost_tag',
    field: 'source',
    line: tag.line,
    column: tag.column,
    sentence: `${tag.source} stands between MJML elements, where it would be lost. Put it inside mj-text, or inside mj-raw if it must stand between.`,
  };
}

/** Compiling may move text but must not change what the tags mean. */
function checkCompiled(engine: Liquid, compiled: { ok: true } & CompiledEmail): CompileOutcome {
  const parsed = parseLiquid(engine, compiled.html);
  if (parsed.ok) return compiled;
  const sentence = `After compiling, the tags no longer fit together: ${parsed.reason}.`;
  return { ok: false, problems: [mjmlProblem(null, sentence)] };
}
