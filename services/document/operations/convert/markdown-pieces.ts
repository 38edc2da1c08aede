/** A parser takes time with the square of what it is given at once; beside this much the rest does not count. */
const PIECE_CHARS = 8 * 1024;

/** Definitions, on which other parts rely, and HTML that may hold blank lines: such a text stays whole. */
const STAYS_WHOLE =
  /^[ \t>]*(?:[-*+] +|\d+[.)] +)*(?:\[[^\]\n]*\]:|<(?:!--|\?|![A-Z[]|\/?(?:script|pre|style|textarea)\b))/im;
/** A line of code fences anywhere but at its beginning may belong to a list or a quote, with which it ends unseen. */
const FENCE_WITHIN = /^(?!`{3}|~{3}).*(?:`{3}|~{3})/m;
const HTML = /^ {0,3}</m;
const FENCE = /^(`{3,}|~{3,})(.*)$/;
/** A line that, behind a blank one, begins a paragraph or a heading of the document itself and ends whatever was open. */
const BEGINS = /^(?:#{1,6} |\p{L})/u;

/**
 * Markdown cut where blocks of the document itself end, so that the pieces say together what the whole says.
 * @param pieceChars Least size of a piece but the last.
 */
export function markdownPieces(markdown: string, pieceChars = PIECE_CHARS): readonly string[] {
  if (markdown.length <= pieceChars || STAYS_WHOLE.test(markdown) || FENCE_WITHIN.test(markdown)) return [markdown];
  if (/^(?:`{3}|~{3})/m.test(markdown) && HTML.test(markdown)) return [markdown];
  const pieces: string[] = [];
  let lines: string[] = [];
  let chars = 0;
  let fence: string | null = null;
  let isAfterBlank = false;
  for (const line of markdown.split(/\r\n|\n|\r/)) {
    if (fence === null && isAfterBlank && chars >= pieceChars && BEGINS.test(line)) {
      pieces.push(lines.join('\n'));
      lines = [];
      chars = 0;
    }
    fence = fenceAfter(line, fence);
    isAfterBlank = line.trim() === '';
    lines.push(line);
    chars += line.length + 1;
  }
  return [...pieces, lines.join('\n')];
}

/** The fence that is open after a line. */
function fenceAfter(line: string, open: string | null): string | null {
  const [, mark = '', info = ''] = FENCE.exec(line) ?? [];
  if (mark === '') return open;
  if (open === null) return mark.startsWith('`') && info.includes('`') ? null : mark;
  return mark[0] === open[0] && mark.length >= open.length && info.trim() === '' ? null : open;
}
