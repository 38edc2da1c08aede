/** What is wrong with one place of the input. */
export interface Problem {
  /** RFC 6901 pointer: `/title`. */
  readonly pointer: string;
  readonly message: string;
}

const TITLE_CHARS_MAX = 255;
const FILTER_CHARS_MAX = 200;

type Text = string | null | undefined;

/** What is wrong with a title. */
export const checkTitle = (title: string): readonly Problem[] =>
  checkText('/title', title, { charsMin: 1, charsMax: TITLE_CHARS_MAX });

/** What is wrong with the texts of a filter. */
export const checkFilterText = (filter: { readonly title: Text; readonly search: Text }): readonly Problem[] => [
  ...checkText('/filter/title', filter.title, { charsMin: 0, charsMax: FILTER_CHARS_MAX }),
  ...checkText('/filter/search', filter.search, { charsMin: 0, charsMax: FILTER_CHARS_MAX }),
];

function checkText(
  pointer: string,
  text: Text,
  { charsMin, charsMax }: { readonly charsMin: number; readonly charsMax: number },
): readonly Problem[] {
  if (text === undefined || text === null) return [];
  if (text.trim().length < charsMin) return [{ pointer, message: 'must not be empty' }];
  if (text.length > charsMax) return [{ pointer, message: `must have at most ${charsMax} characters` }];
  const isText = text.isWellFormed() && !text.includes('\0');
  return isText ? [] : [{ pointer, message: 'holds characters that are no text' }];
}
