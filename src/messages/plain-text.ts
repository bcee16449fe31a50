/**
 * The text part of a compiled e-mail: what a reader without HTML sees. Works on our own compiler's
 * output, made once when the e-mail is saved, so it knows few elements and needs no HTML parser.
 */
export function toPlainText(html: string): string {
  const body = /<body[^>]*>([\s\S]*)<\/body>/i.exec(html)?.[1] ?? html;
  const text = body
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(style|script|title)[^>]*>[\s\S]*?<\/\1>/gi, '')
    // The preview line that mail programs show in their list is hidden in the mail itself.
    .replace(/<div[^>]*display:\s*none[^>]*>[\s\S]*?<\/div>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<a\s[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, writeLink)
    .replace(/<img\s[^>]*?alt="([^"]*)"[^>]*>/gi, '$1')
    .replace(/<hr[^>]*>/gi, '\n---\n')
    .replace(/<p\s+style="border-top:[^>]*>\s*<\/p>/gi, '\n---\n')
    .replace(/<br[^>]*>/gi, '\n')
    .replace(/<li[^>]*>/gi, '\n- ')
    .replace(/<\/(p|h[1-6]|ul|ol|table|blockquote|div)>/gi, '\n\n')
    .replace(/<\/(tr|li)>/gi, '\n')
    .replace(/<[^>]+>/g, '');
  return tidyText(decodeEntities(text));
}

/** No spaces at line ends, never more than one empty line. */
export function tidyText(text: string): string {
  return text
    .replace(/[ \t\u00A0]+\n/g, '\n')
    .replace(/\n[ \t]+/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function writeLink(_: string, href: string, inner: string): string {
  const label = inner
    .replace(/<img\s[^>]*?alt="([^"]*)"[^>]*>/gi, '$1')
    .replace(/<[^>]+>/g, '')
    .trim();
  if (label === '' || label === href) return href;
  return `${label} (${href})`;
}

const NAMED: Record<string, string> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  copy: '©',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  euro: '€',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
};

function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name] ?? whole;
    const hex = name[1] === 'x' || name[1] === 'X';
    const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
