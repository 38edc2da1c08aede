import { plainTextOf, type RichMark, type RichNode } from '../../domain/rich-text.ts';
import { joinRuns, textRun } from './rich-blocks.ts';

/** Marks whose signs Markdown reads only where they touch a word. */
const TOUCHING: ReadonlySet<string> = new Set(['bold', 'italic', 'strike']);
const SAYABLE: ReadonlySet<string> = new Set([...TOUCHING, 'link', 'code']);
/** Blanks at either end of a text. */
const ENDS = /^([ \t]*)(.*?)([ \t]*)$/s;

/**
 * A line as Markdown can say it: mentions as text, no blanks at its ends or beside breaks, marks that end where their words
 * do. Texts that differ in nothing else are one.
 */
export function sayableLine(nodes: readonly RichNode[]): readonly RichNode[] {
  const begun = drawnIn(nodes.flatMap(piecesOf));
  return joinRuns(drawnIn(begun.toReversed()).toReversed());
}

/** A node in pieces that are either blank or begin and end with something. */
function piecesOf(node: RichNode): readonly RichNode[] {
  if (node.type === 'hardBreak' || node.type === 'image') return [node];
  const text = plainTextOf(node).replaceAll(/[\r\n]+/g, ' ');
  const marks = (node.marks ?? []).filter(({ type }) => SAYABLE.has(type));
  if (hasMark(marks, 'code')) return textRun(text, marks);
  const [, before = '', words = '', after = ''] = ENDS.exec(text) ?? [];
  return [before, words, after].flatMap((part) => textRun(part, marks));
}

const hasMark = (marks: readonly RichMark[] | undefined, type: string): boolean =>
  marks?.some((mark) => mark.type === type) ?? false;

const isBlank = ({ type, text = '', marks }: RichNode): boolean =>
  type === 'text' && !hasMark(marks, 'code') && /^[ \t]*$/.test(text);

/** Pieces without blanks at the beginning of lines; other blanks have only those marks that go on from the piece before. */
function drawnIn(pieces: readonly RichNode[]): readonly RichNode[] {
  const result: RichNode[] = [];
  for (const piece of pieces) {
    const before = result.at(-1);
    if (!isBlank(piece)) result.push(piece);
    else if (before !== undefined && before.type !== 'hardBreak') {
      const marks = (piece.marks ?? []).filter(({ type }) => !TOUCHING.has(type) || hasMark(before.marks, type));
      result.push(...textRun(piece.text ?? '', marks));
    }
  }
  return result;
}
