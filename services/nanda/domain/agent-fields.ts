import { collectProblems, type Problem } from './problems.ts';

const NAME_CHARS_MAX = 255;
const VERSION_CHARS_MAX = 50;
const DESCRIPTION_CHARS_MAX = 4_000;
/** A sentence or two; it travels with every event of the change. */
const REASON_CHARS_MAX = 500;
const FILTER_CHARS_MAX = 200;

type Text = string | null | undefined;

/** What is wrong with the texts that people write about an agent; texts that are left out are not looked at. */
export function checkAgentFields(fields: {
  readonly name?: Text;
  readonly version?: Text;
  readonly description?: Text;
  readonly reason?: Text;
}): readonly Problem[] {
  return checkTexts({
    name: { text: fields.name, charsMin: 1, charsMax: NAME_CHARS_MAX },
    version: { text: fields.version, charsMin: 1, charsMax: VERSION_CHARS_MAX },
    description: { text: fields.description, charsMin: 0, charsMax: DESCRIPTION_CHARS_MAX },
    reason: { text: fields.reason, charsMin: 0, charsMax: REASON_CHARS_MAX },
  });
}

/** What is wrong with the texts of a filter. */
export const checkFilterText = (filter: { readonly skill: Text; readonly search: Text }): readonly Problem[] =>
  checkTexts({
    'filter/skill': { text: filter.skill, charsMin: 0, charsMax: FILTER_CHARS_MAX },
    'filter/search': { text: filter.search, charsMin: 0, charsMax: FILTER_CHARS_MAX },
  });

interface Bounds {
  readonly text: Text;
  readonly charsMin: number;
  readonly charsMax: number;
}

function checkTexts(texts: Readonly<Record<string, Bounds>>): readonly Problem[] {
  const problems = collectProblems();
  for (const [name, { text, charsMin, charsMax }] of Object.entries(texts)) {
    if (text === undefined || text === null) continue;
    // PostgreSQL counts code points; a text that passes by UTF-16 units passes there too.
    if (text.trim().length < charsMin) problems.add(`/${name}`, 'must not be empty');
    if (text.length > charsMax) problems.add(`/${name}`, `must have at most ${charsMax} characters`);
    if (text.includes('\0') || !text.isWellFormed()) problems.add(`/${name}`, 'holds characters that are no text');
  }
  return problems.list;
}
