import { diffArrays, diffLines, diffWordsWithSpace } from 'diff';

/** A part of a text that both have, or that only the later or only the earlier one has. */
export interface TextPart {
  readonly kind: 'equal' | 'insert' | 'delete';
  readonly text: string;
}

/** How one text becomes another: the parts but the insertions give the earlier text, those but the deletions the later. */
export interface TextDiff {
  readonly parts: readonly TextPart[];
  /** Whether a part was too large to be looked at closely, so that it shows as deleted and inserted whole. */
  readonly isCoarse: boolean;
}

/** Edits between two lists of lines beyond which they count as different: the cost grows with their square. */
const LINE_EDITS_MAX = 2_000;
/** The same for words within changed lines. */
const WORD_EDITS_MAX = 1_000;
/** A changed place larger than this is not looked into word by word. */
const WORDS_CHARS_MAX = 40_000;

/**
 * What one comparison may cost over all its parts, so that a huge input becomes coarse in place of slow. A unit is about a
 * step of the comparison; 20 million are below a second.
 */
export class DiffBudget {
  #left: number;

  constructor(steps = 20_000_000) {
    this.#left = steps;
  }

  /** Takes the cost of comparing so many tokens with so many edits at the most. @returns whether it could be paid. */
  pay(tokens: number, editsMax: number): boolean {
    const edits = Math.min(tokens, editsMax);
    const cost = tokens + (edits * edits) / 4;
    if (cost > this.#left) return false;
    this.#left -= cost;
    return true;
  }
}

/** How one text becomes another, by lines and within changed lines by words. */
export function diffText(before: string, after: string, budget = new DiffBudget()): TextDiff {
  const parts: TextPart[] = [];
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  add(parts, 'equal', before.slice(0, start));
  const isCoarse = diffMiddle(
    parts,
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
    budget,
  );
  add(parts, 'equal', before.slice(before.length - end));
  return { parts, isCoarse };
}

/** @returns whether something was not looked at closely. */
function diffMiddle(parts: TextPart[], before: string, after: string, budget: DiffBudget): boolean {
  if (before === '' || after === '' || before.length + after.length <= WORDS_CHARS_MAX) {
    return diffWords(parts, before, after, budget);
  }
  const linesMax = countLines(before) + countLines(after);
  const changes = budget.pay(linesMax, LINE_EDITS_MAX)
    ? diffLines(before, after, { maxEditLength: LINE_EDITS_MAX })
    : undefined;
  if (changes === undefined) {
    replace(parts, before, after);
    return true;
  }
  let isCoarse = false;
  let [removed, added] = ['', ''];
  const flush = (): void => {
    if (diffWords(parts, removed, added, budget)) isCoarse = true;
    [removed, added] = ['', ''];
  };
  for (const change of changes) {
    if (change.removed) removed += change.value;
    else if (change.added) added += change.value;
    else {
      flush();
      add(parts, 'equal', change.value);
    }
  }
  flush();
  return isCoarse;
}

/** @returns whether the change was not looked at closely. */
function diffWords(parts: TextPart[], before: string, after: string, budget: DiffBudget): boolean {
  if (before === '' || after === '') {
    replace(parts, before, after);
    return false;
  }
  const chars = before.length + after.length;
  const changes =
    chars <= WORDS_CHARS_MAX && budget.pay(chars, WORD_EDITS_MAX)
      ? diffWordsWithSpace(before, after, { maxEditLength: WORD_EDITS_MAX })
      : undefined;
  if (changes === undefined) {
    replace(parts, before, after);
    return true;
  }
  for (const { value, added, removed } of changes) add(parts, kindOf(added, removed), value);
  return false;
}

const kindOf = (added: boolean, removed: boolean): TextPart['kind'] => {
  if (added) return 'insert';
  return removed ? 'delete' : 'equal';
};

function replace(parts: TextPart[], before: string, after: string): void {
  add(parts, 'delete', before);
  add(parts, 'insert', after);
}

/** Appends a part; neighbours of one kind become one. */
function add(parts: TextPart[], kind: TextPart['kind'], text: string): void {
  if (text === '') return;
  const last = parts.at(-1);
  if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text };
  else parts.push({ kind, text });
}

/** Characters at the start that both have, up to the end of a line. */
function commonStart(a: string, b: string): number {
  if (a === b) return a.length;
  const max = Math.min(a.length, b.length);
  let lineEnd = 0;
  for (let at = 0; at < max && a.charCodeAt(at) === b.charCodeAt(at); at += 1) {
    if (a.charCodeAt(at) === NEWLINE) lineEnd = at + 1;
  }
  return lineEnd;
}

/** Characters at the end that both have, from the start of a line, without those at the start. */
function commonEnd(a: string, b: string, start: number): number {
  const max = Math.min(a.length, b.length) - start;
  let lines = 0;
  for (let at = 1; at <= max && a.charCodeAt(a.length - at) === b.charCodeAt(b.length - at); at += 1) {
    if (startsLine(a, a.length - at) && startsLine(b, b.length - at)) lines = at;
  }
  return lines;
}

const NEWLINE = 10;

const startsLine = (text: string, at: number): boolean => at === 0 || text.charCodeAt(at - 1) === NEWLINE;

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** A run of items that both lists have, or that only one of them has; ranges of either list. */
export interface ListChange {
  readonly kind: 'equal' | 'insert' | 'delete';
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

/** Edits between two lists beyond which they count as different. */
const LIST_EDITS_MAX = 1_000;

/**
 * How one list of keys becomes another, in order, with the place in either list at which each run begins. Null when
 * they differ too much to be compared.
 */
export function diffKeys(
  before: readonly string[],
  after: readonly string[],
  budget: DiffBudget,
): readonly ListChange[] | null {
  if (!budget.pay(before.length + after.length, LIST_EDITS_MAX)) return null;
  const changes = diffArrays([...before], [...after], { maxEditLength: LIST_EDITS_MAX });
  if (changes === undefined) return null;
  const result: ListChange[] = [];
  let [atBefore, atAfter] = [0, 0];
  for (const { count, added, removed } of changes) {
    result.push({ kind: kindOf(added, removed), before: atBefore, after: atAfter, length: count });
    if (!added) atBefore += count;
    if (!removed) atAfter += count;
  }
  return result;
}
