/** Words of one search; more narrow nothing down. */
const WORDS_MAX = 12;
const WORD_CHARS_MAX = 100;
/** What the index takes for blanks: ASCII punctuation, as in the migration. */
const BLANKS = /[\s!-/:-@[-`{-~]+/u;

/** A part of a text, and whether it is what was searched for. */
export interface SnippetPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The words of a search, in lower case; the last one may be the beginning of a word. */
export function searchWords(search: string): readonly string[] {
  const words = search
    .normalize('NFC')
    .toLowerCase()
    .split(BLANKS)
    .filter((word) => word !== '' && word.length <= WORD_CHARS_MAX);
  return words.slice(0, WORDS_MAX);
}

/** The words as PostgreSQL's to_tsquery reads them: all of them, the last one as a prefix. Words hold no quotes. */
export const searchQuery = (words: readonly string[]): string =>
  words.map((word, index) => `'${word}'${index === words.length - 1 ? ':*' : ''}`).join(' & ');

/** A stretch of text cut at words, in parts. @param words Not empty; as `searchWords` gives them. */
export function snippetOf(stretch: string, words: readonly string[]): readonly SnippetPart[] {
  const text = stretch.replaceAll(/\s+/gu, ' ').trim();
  const forms = words.map((word, index) => {
    const escaped = word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
    return index === words.length - 1 ? String.raw`${escaped}[\p{L}\p{N}]*` : String.raw`${escaped}(?![\p{L}\p{N}])`;
  });
  const matches = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${forms.join('|')})`, 'giu');
  const parts: SnippetPart[] = [];
  let end = 0;
  for (const match of text.matchAll(matches)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), isMatch: false });
    parts.push({ text: match[0], isMatch: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isMatch: false });
  return parts;
}
