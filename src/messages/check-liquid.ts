import type { Liquid, Template } from 'liquidjs';
import { VARIABLES } from './definition.ts';
import type { Problem } from './definition.ts';
import { parseLiquid } from './liquid.ts';

type Field = 'subject' | 'source';

/** All that is wrong with the Liquid of one field, in the author's own lines and columns. */
export function checkLiquid(engine: Liquid, field: Field, source: string): Problem[] {
  const quotes = findSmartQuotes(field, source);
  if (quotes.length > 0) return quotes; // what the parser says about them would only confuse
  const parsed = parseLiquid(engine, source);
  if (!parsed.ok) {
    const { line, column } = parsed;
    return [{ code: 'bad_liquid', field, line, column, sentence: bad(parsed.reason) }];
  }
  return findUnknownVariables(engine, field, parsed.template);
}

/** True when the template prints or tests this path. */
export function usesVariable(engine: Liquid, source: string, path: string): boolean {
  const parsed = parseLiquid(engine, source);
  return parsed.ok && engine.globalFullVariablesSync(parsed.template).includes(path);
}

function bad(reason: string): string {
  const filter = /^undefined filter: (.+)$/.exec(reason)?.[1];
  if (filter === 'raw' || filter === 'newline_to_br') {
    return `The filter "${filter}" is not available, because values are always escaped. Leave it out.`;
  }
  if (filter) return `There is no filter "${filter}". Correct its name or leave it out.`;
  const tag = /^tag "(.+)" not found$/.exec(reason)?.[1];
  if (tag) return `There is no tag "${tag}". Correct its name or leave it out.`;
  const open = /^(?:tag|output) "?(.+?)"? not closed$/.exec(reason)?.[1];
  if (open) return `${open} is never closed. Add its end.`;
  return `This tag cannot be read: ${reason}.`;
}

const TAG = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
const STRAIGHT_STRING = /"[^"]*"|'[^']*'/g;
const SMART_QUOTE = /[\u2018-\u201F\u00AB\u00BB\u2039\u203A]/;

/** Curly quotes come in by pasting from a word processor; Liquid reads only straight ones. */
function findSmartQuotes(field: Field, source: string): Problem[] {
  const problems: Problem[] = [];
  for (const tag of source.matchAll(TAG)) {
    // Inside straight quotes they are ordinary text. Blanked, so that positions stay.
    const bare = tag[0].replace(STRAIGHT_STRING, (text) => ' '.repeat(text.length));
    const at = bare.search(SMART_QUOTE);
    if (at === -1) continue;
    const { line, column } = placeOf(source, tag.index + at);
    problems.push({
      code: 'smart_quotes',
      field,
      line,
      column,
      sentence: `This tag uses the curly quote ${bare[at]}. Replace it with a straight quote (" or ').`,
    });
  }
  return problems;
}

function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const KNOWN = new Set(VARIABLES.map((variable) => variable.path));

function findUnknownVariables(engine: Liquid, field: Field, template: Template[]): Problem[] {
  const { globals } = engine.analyzeSync(template);
  return Object.values(globals)
    .flat()
    .filter((variable) => !isKnown(variable.segments))
    .map((variable) => {
      const path = variable.toString();
      const near = nearest(path);
      return {
        code: 'unknown_variable' as const,
        field,
        line: variable.location.row,
        column: variable.location.col,
        sentence: `There is no "${path}".${near ? ` Did you mean "${near}"?` : ' Choose one from the list of variables.'}`,
      };
    });
}

function isKnown(segments: readonly unknown[]): boolean {
  if (segments[0] === 'activity') return segments.length > 1; // attributes differ from activity to activity
  return KNOWN.has(segments.join('.'));
}

/** The known path that differs only in case or in few letters. */
function nearest(path: string): string | null {
  const lower = path.toLowerCase().replaceAll('-', '_');
  const ranked = [...KNOWN]
    .map((known) => ({ known, far: distance(lower, known) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(2, path.length / 4) ? best.known : null;
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
