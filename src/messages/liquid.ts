import {
  CaptureTag,
  CycleTag,
  DecrementTag,
  IncrementTag,
  Liquid,
  LiquidError,
  TablerowTag,
  UndefinedVariableError,
  toValue,
} from 'liquidjs';
import type { Context as LiquidContext, LiquidErrors, Template } from 'liquidjs';

/**
 * Two engines with the same language: `html` escapes every output exactly once, `text` (subjects,
 * plain parts) never does. In both, the filter `escape` and its kin leave the value alone: with
 * outputs escaped at the end, an author who also writes `| escape` would otherwise escape twice.
 * There is no `raw`: it would let a customer's name carry markup into a mail. What a `capture`
 * holds has been escaped on its way in and is not escaped again on its way out.
 */
export interface Engines {
  html: Liquid;
  text: Liquid;
}

export type LiquidOutcome =
  | { ok: true; text: string }
  | { ok: false; line: number | null; column: number | null; reason: string };

// A template may come from anyone who can sign in; these stop one that would hang or fill the process.
const PARSE_LIMIT_CHARS = 2_000_000;
const RENDER_LIMIT_MS = 2_000;
const MEMORY_LIMIT = 5_000_000;
const TEMPLATE_LIMIT = 200_000;

class EscapedText {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html;
  }
}

class SafeCaptureTag extends CaptureTag {
  override *render(ctx: LiquidContext): Generator<unknown, void, string> {
    const html = yield this.liquid.renderer.renderTemplates(this.templates, ctx);
    (ctx.bottom() as Record<string, unknown>)[this.variable] = new EscapedText(html);
  }
}

/** `time_zone` is where the `date` filter tells the time, as an IANA name. */
export function createEngines(time_zone: string): Engines {
  const html = createEngine(time_zone, escapeOnce);
  html.registerTag('capture', SafeCaptureTag);
  return { html, text: createEngine(time_zone, plainOutput) };
}

function createEngine(time_zone: string, outputEscape: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    catchAllErrors: true,
    templates: {}, // never a file
    timezoneOffset: time_zone,
    locale: 'en-US',
    dateFormat: '%-d %B %Y',
    parseLimit: PARSE_LIMIT_CHARS,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape,
  });
  for (const name of ['escape', 'escape_once', 'xml_escape']) {
    engine.registerFilter(name, (value: unknown) => value);
  }
  for (const name of ['raw', 'newline_to_br']) delete engine.filters[name];
  // Files there are none; the others write values past the escaping.
  for (const tag of [CycleTag, IncrementTag, DecrementTag, TablerowTag]) {
    for (const [name, known] of Object.entries(engine.tags)) {
      if (known === tag) delete engine.tags[name];
    }
  }
  for (const name of ['include', 'render', 'layout', 'block']) delete engine.tags[name];
  return engine;
}

function plainOutput(value: unknown): string {
  const plain = toValue(value);
  if (plain === null || plain === undefined) return '';
  if (Array.isArray(plain)) return plain.map(plainOutput).join('');
  return String(plain);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function escapeOnce(value: unknown): string {
  if (value instanceof EscapedText) return value.html;
  return escapeHtml(plainOutput(value));
}

export function parseLiquid(
  engine: Liquid,
  source: string,
): { ok: true; template: Template[] } | Extract<LiquidOutcome, { ok: false }> {
  try {
    return { ok: true, template: engine.parse(source) };
  } catch (error) {
    return { ok: false, ...explain(error) };
  }
}

/** Missing variables print nothing. A limit that was reached, or a filter that failed, is a value. */
export function renderLiquid(
  engine: Liquid,
  template: Template[],
  variables: object,
): LiquidOutcome {
  try {
    const text = engine.renderSync(template, variables, {
      templateLimit: TEMPLATE_LIMIT,
    }) as string;
    return { ok: true, text };
  } catch (error) {
    return { ok: false, ...explain(error) };
  }
}

/** The paths a template prints that `variables` does not have, each once, in order. Tests and `default` do not count. */
export function listMissing(engine: Liquid, template: Template[], variables: object): string[] {
  try {
    engine.renderSync(template, variables, {
      strictVariables: true,
      templateLimit: TEMPLATE_LIMIT,
    });
    return [];
  } catch (error) {
    const names = errorsOf(error)
      .filter((one) => one instanceof UndefinedVariableError)
      .map((one) => (one.originalError as { variableName?: string } | undefined)?.variableName);
    return [...new Set(names.filter((name) => name !== undefined))];
  }
}

function errorsOf(error: unknown): LiquidError[] {
  if (!LiquidError.is(error)) throw error;
  // Errors inside a block come as a list within the list.
  return (error as Partial<LiquidErrors>).errors?.flatMap(errorsOf) ?? [error];
}

function explain(error: unknown): { line: number | null; column: number | null; reason: string } {
  // The limits throw plain assertion errors when they are not inside a tag.
  if (!LiquidError.is(error) && /limit exceeded/.test(String(error))) {
    return { line: null, column: null, reason: String((error as Error).message) };
  }
  const first = errorsOf(error)[0]!;
  const [line, column] = first.token?.getPosition() ?? [null, null];
  const reason = first.message.replace(/, (file:.*, )?line:\d+, col:\d+$/, '');
  return { line: line ?? null, column: column ?? null, reason };
}
