import * as Y from 'yjs';
import { absolutePlace, checkIndex, refuse, type Target } from './find-target.ts';
import type { Position } from './operation.ts';
import { richNode, takesText } from './rich-text-schema.ts';
import { isExactly } from './shared-items.ts';
import { readRange, splitsPair } from './text-items.ts';

type Child = Y.XmlText | Y.XmlElement;

/** A child of a line and where it begins. */
interface Piece {
  readonly child: Child;
  /** Place among the children. */
  readonly order: number;
  readonly start: number;
  readonly length: number;
}

/** Stands for a node between texts when a line is read: the character Unicode has for objects. */
const OBJECT = '\uFFFC';

/** The line that a value is, or null: a node of rich text that holds text. */
export function lineAt(value: unknown): Line | null {
  if (!isExactly(value, Y.XmlElement)) return null;
  const spec = richNode(value.nodeName);
  return spec !== undefined && takesText(spec) ? new Line(value) : null;
}

/**
 * A paragraph, heading or code block as one text. Places count UTF-16 units; a node between texts, such as a line break or a
 * mention, counts one.
 */
export class Line {
  readonly #element: Y.XmlElement;

  constructor(element: Y.XmlElement) {
    this.#element = element;
  }

  get length(): number {
    const last = this.#pieces().at(-1);
    return last === undefined ? 0 : last.start + last.length;
  }

  /** A position as a place in the line. @throws OperationRefused for one that is not in it. */
  place(target: Target, position: Position, at: string): number {
    const index = 'index' in position ? position.index : this.#relative(target, position.relative, at);
    checkIndex(target, index, this.length, `${at}/at/index`);
    if (this.splitsPair(index)) throw refuse(target, `${at}/at/index`, 'lies within a surrogate pair');
    return index;
  }

  /** Whether a place lies between the halves of a surrogate pair. */
  splitsPair(index: number): boolean {
    return this.#pieces().some(({ child, start }) => child instanceof Y.XmlText && splitsPair(child, index - start));
  }

  /** The characters of a range, U+FFFC for each node. */
  read(index: number, length: number): string {
    const parts = this.#within(index, length).map(({ child, from, count }) =>
      child instanceof Y.XmlText ? readRange(child, from, count) : OBJECT,
    );
    return parts.join('');
  }

  /** Inserts text; without attributes it takes those of what stands before it. */
  insert(index: number, text: string, attributes?: Record<string, unknown>): void {
    const pieces = this.#pieces();
    const piece = pieces.find(
      ({ child, start, length }) => child instanceof Y.XmlText && index - start <= length && index >= start,
    );
    if (piece?.child instanceof Y.XmlText) {
      piece.child.insert(index - piece.start, text, attributes);
      return;
    }
    const run = new Y.XmlText();
    run.insert(0, text, attributes ?? {});
    const before = pieces.filter(({ start }) => start < index).length;
    this.#element.insert(before, [run]);
  }

  /** Deletes texts and nodes of a range. */
  delete(index: number, length: number): void {
    for (const { child, order, from, count } of this.#within(index, length).toReversed()) {
      if (child instanceof Y.XmlText) child.delete(from, count);
      else this.#element.delete(order, 1);
    }
  }

  /** Marks the texts of a range; null takes a mark away. */
  format(index: number, length: number, attributes: Record<string, unknown>): void {
    for (const { child, from, count } of this.#within(index, length)) {
      if (child instanceof Y.XmlText) child.format(from, count, attributes);
    }
  }

  /** Puts nodes and texts at a place, between the halves of the text that stands there. */
  insertNodes(index: number, nodes: readonly Child[]): void {
    const pieces = this.#pieces();
    const split = pieces.find(
      ({ child, start, length }) => child instanceof Y.XmlText && index > start && index < start + length,
    );
    if (split?.child instanceof Y.XmlText) {
      const { child, order } = split;
      const offset = index - split.start;
      const tail = new Y.XmlText();
      tail.applyDelta(tailOf(child, offset));
      child.delete(offset, split.length - offset);
      this.#element.insert(order + 1, [...nodes, tail]);
      return;
    }
    this.#element.insert(pieces.filter(({ start, length }) => start + length <= index).length, [...nodes]);
  }

  #relative(target: Target, relative: Uint8Array, at: string): number {
    const place = absolutePlace(target, relative, at);
    if (place.type === this.#element) return this.#pieces()[place.index]?.start ?? this.length;
    const piece = this.#pieces().find(({ child }) => child === place.type);
    if (piece === undefined) throw refuse(target, `${at}/at/relative`, 'belongs to another text');
    return piece.start + place.index;
  }

  #pieces(): readonly Piece[] {
    let start = 0;
    return this.#element.toArray().map((child, order) => {
      const length = child instanceof Y.XmlText ? child.length : 1;
      const piece = { child: child as Child, order, start, length };
      start += length;
      return piece;
    });
  }

  #within(index: number, length: number): readonly (Piece & { readonly from: number; readonly count: number })[] {
    return this.#pieces().flatMap((piece) => {
      const from = Math.max(0, index - piece.start);
      const count = Math.min(piece.length, index + length - piece.start) - from;
      return count > 0 ? [{ ...piece, from, count }] : [];
    });
  }
}

interface Run {
  readonly insert: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The runs of a text behind a place. */
function tailOf(text: Y.XmlText, offset: number): Run[] {
  let start = 0;
  return (text.toDelta() as readonly Run[]).flatMap((run) => {
    const kept = run.insert.slice(Math.max(0, offset - start));
    start += run.insert.length;
    return kept === '' ? [] : [{ ...run, insert: kept }];
  });
}
