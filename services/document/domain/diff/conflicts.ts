import type { ChecklistItem } from '../checklist.ts';
import { CHECKLIST, type ContentType, RICH_TEXT } from '../content-types.ts';
import { isPlainObject } from '../json-value.ts';
import type { Projection } from '../projection.ts';
import { canonicalOf } from '../reconcile/values.ts';
import type { RichNode } from '../rich-text.ts';
import { DiffBudget, diffText, type TextPart } from '../text-diff.ts';
import { type BlockChange, diffBlocks } from './block-diff.ts';
import { type Block, blocksOf, itemsAsBlocks } from './blocks.ts';

/** A place that both sides changed, each in its own way. A merge keeps both changes; somebody should look at it. */
export interface Conflict {
  readonly root: string;
  /** JSON Pointer within the root; empty where places are lines or blocks. */
  readonly path: string;
  /** What stood there when they parted; texts of lines and blocks, values of JSON. */
  readonly base: unknown;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Places of one answer; more than these are for a comparison side by side. */
const CONFLICTS_MAX = 500;

/** Places that two descendants of a content changed, each in its own way, in the order of the base; at most 500. */
export function findConflicts(
  states: { readonly base: Projection; readonly ours: Projection; readonly theirs: Projection },
  contentType: ContentType,
  budget = new DiffBudget(),
): readonly Conflict[] {
  const { base, ours, theirs } = states;
  const conflicts = Object.keys(base.roots).flatMap((root): readonly Conflict[] => {
    const sides = [base.roots[root], ours.roots[root], theirs.roots[root]] as const;
    switch (contentType) {
      case RICH_TEXT:
        return blockConflicts(root, mapped(sides as Three<RichNode>, blocksOf), budget);
      case CHECKLIST:
        return blockConflicts(root, mapped(sides as Three<readonly ChecklistItem[]>, itemsAsBlocks), budget);
      case 'application/json':
        return [...jsonConflicts(root, '', sides)];
      default:
        return textConflicts(root, mapped(sides, String), budget);
    }
  });
  return conflicts.slice(0, CONFLICTS_MAX);
}

type Three<T> = readonly [base: T, ours: T, theirs: T];

const mapped = <A, B>([base, ours, theirs]: Three<A>, to: (value: A) => B): Three<B> => [
  to(base),
  to(ours),
  to(theirs),
];

/** A change of one side: units of the base from `start` to before `end`, none for an insertion. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Ranges of the base that changes of both sides touch, with all changes that hang together. */
function contested(ours: readonly Range[], theirs: readonly Range[]): readonly Range[] {
  const all = [...ours.map((range) => ({ ...range, side: 1 })), ...theirs.map((range) => ({ ...range, side: 2 }))];
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  const groups: { start: number; end: number; sides: number }[] = [];
  for (const { start, end, side } of all) {
    const last = groups.at(-1);
    // Two insertions at one place touch each other; a change that ends where another one begins does not.
    const touches = last !== undefined && (start < last.end || (start === last.start && end === last.end));
    if (touches) {
      last.end = Math.max(last.end, end);
      last.sides |= side;
    } else groups.push({ start, end, sides: side });
  }
  return groups.filter(({ sides }) => sides === 3);
}

function textConflicts(root: string, [base, ours, theirs]: Three<string>, budget: DiffBudget): readonly Conflict[] {
  const [mine, other] = [diffText(base, ours, budget).parts, diffText(base, theirs, budget).parts];
  const conflicts: Conflict[] = [];
  for (const range of contested(changedLines(mine, base), changedLines(other, base))) {
    const [ourText, theirText] = [textIn(mine, range), textIn(other, range)];
    if (ourText === theirText) continue;
    conflicts.push({ root, path: '', base: base.slice(range.start, range.end), ours: ourText, theirs: theirText });
  }
  return conflicts;
}

/** Characters of the base that changed, as whole lines. */
function changedLines(parts: readonly TextPart[], base: string): readonly Range[] {
  const ranges: Range[] = [];
  let at = 0;
  for (const { kind, text } of parts) {
    const end = kind === 'insert' ? at : at + text.length;
    if (kind !== 'equal') ranges.push(wholeLines(base, at, end));
    at = end;
  }
  return ranges;
}

function wholeLines(base: string, start: number, end: number): Range {
  const isBetweenLines = start === end && (start === 0 || base[start - 1] === '\n');
  if (isBetweenLines) return { start, end };
  const lineStart = base.lastIndexOf('\n', start - 1) + 1;
  const endsLine = end > start && base[end - 1] === '\n';
  const newline = base.indexOf('\n', end);
  const lineEnd = newline < 0 ? base.length : newline + 1;
  return { start: start === 0 ? 0 : lineStart, end: endsLine ? end : lineEnd };
}

/** What a range of the base became. */
function textIn(parts: readonly TextPart[], { start, end }: Range): string {
  let at = 0;
  let found = '';
  for (const { kind, text } of parts) {
    if (kind === 'insert') {
      if (at >= start && at <= end) found += text;
      continue;
    }
    if (kind === 'equal') found += text.slice(Math.max(0, start - at), Math.max(0, end - at));
    at += text.length;
  }
  return found;
}

function blockConflicts(
  root: string,
  [base, ours, theirs]: Three<readonly Block[]>,
  budget: DiffBudget,
): readonly Conflict[] {
  const [mine, other] = [diffBlocks(base, ours, budget).blocks, diffBlocks(base, theirs, budget).blocks];
  const conflicts: Conflict[] = [];
  for (const range of contested(changedBlocks(mine), changedBlocks(other))) {
    const [our, their] = [blocksIn(mine, range), blocksIn(other, range)];
    if (canonicalOf(our) === canonicalOf(their)) continue;
    const [was, is, will] = [base.slice(range.start, range.end), our, their].map(textOfBlocks);
    conflicts.push({ root, path: '', base: was, ours: is, theirs: will });
  }
  return conflicts;
}

const textOfBlocks = (blocks: readonly Block[]): string => blocks.map(({ text }) => text).join('\n');

function changedBlocks(changes: readonly BlockChange[]): readonly Range[] {
  const ranges: Range[] = [];
  let at = 0;
  for (const { kind } of changes) {
    const end = kind === 'insert' ? at : at + 1;
    if (kind !== 'equal') ranges.push({ start: at, end });
    at = end;
  }
  return ranges;
}

/** What blocks of the base became. */
function blocksIn(changes: readonly BlockChange[], { start, end }: Range): readonly Block[] {
  const found: Block[] = [];
  let at = 0;
  for (const { kind, block } of changes) {
    const isIn = kind === 'insert' ? at >= start && at <= end : at >= start && at < end;
    if (isIn && kind !== 'delete') found.push(block);
    if (kind !== 'insert') at += 1;
  }
  return found;
}

function* jsonConflicts(root: string, path: string, [base, ours, theirs]: Three<unknown>): Generator<Conflict> {
  const [was, our, their] = [base, ours, theirs].map((value) => canonicalOf(value));
  if (our === their || our === was || their === was) return;
  if (!isPlainObject(base) || !isPlainObject(ours) || !isPlainObject(theirs)) {
    yield { root, path, base: base ?? null, ours: ours ?? null, theirs: theirs ?? null };
    return;
  }
  for (const key of new Set([...Object.keys(base), ...Object.keys(ours), ...Object.keys(theirs)])) {
    const within = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    yield* jsonConflicts(root, within, [own(base, key), own(ours, key), own(theirs, key)]);
  }
}

const own = (object: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;
