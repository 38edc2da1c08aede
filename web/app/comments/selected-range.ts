import * as Y from 'yjs';

/** A piece of a document that somebody has selected. */
export interface SelectedRange {
  /** Encoded Yjs relative positions in base64, in the order of the text. */
  readonly start: string;
  readonly end: string;
  /** What is selected, for showing. */
  readonly quote: string;
}

/** A quote is shown in two lines; more is cut. */
const QUOTE_CHARS_MAX = 160;

/** Where a caret or a selection is, as editors put it into the awareness. */
interface SharedCursor {
  readonly anchor: unknown;
  readonly head: unknown;
}

/** What is selected in an editor now; null when nothing is. @param cursor as the editor's awareness has it. */
export function selectedRange(cursor: unknown): SelectedRange | null {
  const selection = getSelection();
  if (!isCursor(cursor) || selection === null || selection.isCollapsed) return null;
  const quote = selection.toString().trim();
  const places = [encoded(cursor.anchor), encoded(cursor.head)] as const;
  const [start, end] = isBackward(selection) ? [places[1], places[0]] : places;
  if (quote === '' || start === end) return null;
  return { start, end, quote: quote.length > QUOTE_CHARS_MAX ? `${quote.slice(0, QUOTE_CHARS_MAX)} …` : quote };
}

const isCursor = (cursor: unknown): cursor is SharedCursor =>
  typeof cursor === 'object' && cursor !== null && 'anchor' in cursor && 'head' in cursor;

/** Whether it was drawn from its end to its beginning. */
function isBackward(selection: Selection): boolean {
  const range = selection.getRangeAt(0);
  return selection.anchorNode === range.endContainer && selection.anchorOffset === range.endOffset;
}

const encoded = (position: unknown): string =>
  base64(Y.encodeRelativePosition(Y.createRelativePositionFromJSON(position)));

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
