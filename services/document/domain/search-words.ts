/** Words of one search; more narrow nothing down. */
const WORDS_MAX = 12;
const WORD_CHARS_MAX = 100;
const PREFIX_CHARS_MIN = 3;
/** What the index takes for blanks: ASCII punctuation, as in the migration. */
const BLANKS = /[\s!-/:-@[-`{-~]+/u;

/** A part of a text, and whether it is what was searched for. */
export interface SnippetPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The words of a search, in lower case; the last one may be the beginning of a word, from three characters on. */
export function searchWords(search: string): readonly string[] {
  const words = search
    .normalize('NFC')
    .toLowerCase()
    .split(BLANKS)
    .filter((word) => word !== '' && word.length <= WORD_CHARS_MAX);
  return words.slice(0, WORDS_MAX);
}

/**
 * Whether a word also stands for those that begin with it: the last one, which may be typed still. One or two Latin letters
 * begin so many words, of all tenants, that looking through the index for them takes seconds.
 */
const isBegun = (word: string, index: number, words: readonly string[]): boolean =>
  index === words.length - 1 && (word.length >= PREFIX_CHARS_MIN || /[^!-~]/.test(word));

/** The words as PostgreSQL's to_tsquery reads them: all of them, the last one perhaps as a prefix. Words hold no quotes. */
export const searchQuery = (words: readonly string[]): string =>
  words.map((word, index) => `'${word}'${isBegun(word, index, words) ? ':*' : ''}`).join(' & ');

/** A stretch of text cut at words, in parts. @param words Not empty; as `searchWords` gives them. */
export function snippetOf(stretch: string, words: readonly string[]): readonly SnippetPart[] {
  const text = stretch.replaceAll(/\s+/gu, ' ').trim();
  const forms = words.map((word, index) => {
    const escaped = word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
    return isBegun(word, index, words) ? String.raw`${escaped}[\p{L}\p{N}]*` : String.raw`${escaped}(?![\p{L}\p{N}])`;
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
