/**
 * Takes the Liquid out of a text before something that does not know it (the MJML compiler) reads
 * it, and puts it back afterwards. Without this a quote inside a tag would end an attribute and a
 * `<` in a condition would open an element.
 */
export interface Protected {
  text: string;
  tags: ProtectedTag[];
}

export interface ProtectedTag {
  word: string;
  source: string;
  /** Where it stood in the original, from 1. */
  line: number;
  column: number;
}

const TAG = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

export function protectLiquid(source: string): Protected {
  const tags: ProtectedTag[] = [];
  // A word the author did not write: letters only, so that no compiler changes or quotes it.
  let stem = 'lqtag';
  while (source.toLowerCase().includes(stem)) stem += 'q';
  const text = source.replace(TAG, (tag, offset: number) => {
    const before = source.slice(0, offset);
    const word = `${stem}${tags.length}z`;
    tags.push({
      word,
      source: tag,
      line: before.split('\n').length,
      column: offset - before.lastIndexOf('\n'),
    });
    return word;
  });
  return { text, tags };
}

/** Puts the tags back, and names those that are no longer there. */
export function restoreLiquid(
  text: string,
  tags: readonly ProtectedTag[],
): { text: string; lost: ProtectedTag[] } {
  const byWord = new Map(tags.map((tag) => [tag.word, tag]));
  const found = new Set<string>();
  const stem = tags[0]?.word.replace(/\d+z$/, '');
  if (stem === undefined) return { text, lost: [] };
  const restored = text.replace(new RegExp(`${stem}\\d+z`, 'g'), (word) => {
    found.add(word);
    return byWord.get(word)?.source ?? word;
  });
  return { text: restored, lost: tags.filter((tag) => !found.has(tag.word)) };
}

/** Which line of the original a line of the protected text was. */
export function originalLine(line: number, tags: readonly ProtectedTag[]): number {
  let shift = 0;
  for (const tag of tags) {
    if (tag.line - shift >= line) break;
    shift += tag.source.split('\n').length - 1;
  }
  return line + shift;
}
