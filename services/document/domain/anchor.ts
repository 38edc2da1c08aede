import * as Y from 'yjs';
import { isLeaf } from './rich-text-schema.ts';
import { jsonOf, readable } from './shared-json.ts';

/**
 * A range of a document that follows what stands in it: encoded Yjs relative positions. The start holds on to the first
 * character, the end to the last one, so that what is written before or behind stays outside and what is written within
 * comes in.
 */
export interface Anchor {
  /** Name of the root that the range lies in. */
  readonly root: string;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/** A range as it lies in one state of a document. */
export interface Range {
  /**
   * From the start of the text: UTF-16 units of a text, items of a list. In rich text, units of its texts in their order,
   * 1 between two blocks and 1 for what has no text, as an image.
   */
  readonly start: number;
  readonly end: number;
  /** What stands in it; items of a list are lines of JSON. */
  readonly text: string;
}

/** A range by two positions as an editor has them. */
export interface RelativeRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/** A range counted from the start of a root that is a text or a list. */
export interface CountedRange {
  readonly root: string;
  readonly start: number;
  readonly end: number;
}

type Sequence = Y.Text | Y.Array<unknown> | Y.XmlFragment;

interface Place {
  readonly type: Sequence;
  readonly index: number;
  readonly root: string;
}

/** An anchor for two positions of an editor; null when they are none, not of one text, or hold nothing between them. */
export function anchorOf(doc: Y.Doc, { start, end }: RelativeRange): Anchor | null {
  const places = [placeOf(doc, start), placeOf(doc, end)] as const;
  const [from, to] = places;
  return from === null || to === null ? null : anchorBetween(doc, from, to);
}

/** An anchor for a counted range; null when there is no such root or the range is empty or reaches beyond it. */
export function anchorAt(doc: Y.Doc, { root, start, end }: CountedRange): Anchor | null {
  const type = doc.share.get(root);
  if (!(type instanceof Y.Text || type instanceof Y.Array) || type instanceof Y.XmlText) return null;
  if (start < 0 || end > type.length) return null;
  return anchorBetween(doc, { type, index: start, root }, { type, index: end, root });
}

function anchorBetween(doc: Y.Doc, from: Place, to: Place): Anchor | null {
  const range = rangeBetween(doc, from, to);
  if (range === null || range.end <= range.start) return null;
  const encode = ({ type, index }: Place, assoc: number): Uint8Array =>
    Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(type, index, assoc));
  return { root: from.root, start: encode(from, 0), end: encode(to, -1) };
}

/** Where an anchor lies now; null when nothing is left of what it was put on, or its history is another one. */
export function findAnchor(doc: Y.Doc, anchor: Anchor): Range | null {
  const [from, to] = [placeOf(doc, anchor.start), placeOf(doc, anchor.end)];
  if (from === null || to === null || from.root !== anchor.root) return null;
  const range = rangeBetween(doc, from, to);
  return range === null || range.end <= range.start ? null : range;
}

/** An anchor in another history of a document, and what stands there. */
export interface CarriedAnchor {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly text: string;
}

/**
 * Puts the anchors of a document on another one that reads the same and has other ids: by the place of their texts in it and
 * by counting within them.
 * @returns what gives for an anchor the one in its stead; null when nothing is left of what it was put on.
 */
export function anchorCarrier(from: Y.Doc, to: Y.Doc): (anchor: Anchor) => CarriedAnchor | null {
  const readings = new Map<Part, Reading>();
  return (anchor) => {
    const places = [placeOf(from, anchor.start), placeOf(from, anchor.end)] as const;
    const [start, end] = places;
    if (start === null || end === null || start.root !== anchor.root) return null;
    const range = rangeBetween(from, start, end, readings);
    if (range === null || range.end <= range.start) return null;
    const encode = ({ type, index, root }: Place, assoc: number): Uint8Array =>
      Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(typeAt(to, root, pathOf(type)), index, assoc));
    return { start: encode(start, 0), end: encode(end, -1), text: range.text };
  };
}

/** Where a type stands below its root: places in lists and keys of maps, the outermost first. */
function pathOf(type: Part): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let item = type._item; item !== null; item = (item.parent as Part)._item) {
    path.unshift(item.parentSub ?? placeAmongVisible(item));
  }
  return path;
}

function placeAmongVisible(item: Y.Item): number {
  let place = 0;
  for (let before = item.left; before !== null; before = before.left) {
    if (!before.deleted && before.countable) place += before.length;
  }
  return place;
}

/** The type that stands at a path. @throws Error when none does: the documents do not read the same. */
function typeAt(doc: Y.Doc, root: string, path: readonly (string | number)[]): Sequence {
  let type: unknown = doc.share.get(root);
  for (const step of path) {
    if (typeof step === 'string') type = type instanceof Y.Map ? type.get(step) : undefined;
    else type = type instanceof Y.Array || type instanceof Y.XmlFragment ? type.get(step) : undefined;
  }
  if (!isSequence(type)) throw new Error('a comment is about a text that the other document does not have');
  return type;
}

/** Where an encoded position is; null when it is none, or what it held on to is not in the document. */
function placeOf(doc: Y.Doc, encoded: Uint8Array): Place | null {
  const position = decode(encoded);
  // A position may name a root, and naming one that is not there would make it.
  if (position === null || (position.tname !== null && !doc.share.has(position.tname))) return null;
  const found = absolute(doc, position);
  if (found === null) return null;
  const root = rootNameOf(doc, found.type);
  return root === null || !isSequence(found.type) ? null : { type: found.type, index: found.index, root };
}

function decode(encoded: Uint8Array): Y.RelativePosition | null {
  try {
    return Y.decodeRelativePosition(encoded);
  } catch {
    // Bytes of a client that are no position; the decoder tells by throwing.
    return null;
  }
}

function absolute(doc: Y.Doc, position: Y.RelativePosition): Y.AbsolutePosition | null {
  try {
    // Undone deletions are known to one replica only; following them would place a comment differently on each.
    return Y.createAbsolutePositionFromRelativePosition(position, doc, false);
  } catch {
    // Made-up ids between those of structs make the look-up throw.
    return null;
  }
}

const isSequence = (type: unknown): type is Sequence =>
  type instanceof Y.Text || type instanceof Y.Array || type instanceof Y.XmlFragment;

/** A shared type, as far as what it belongs to goes. */
type Part = Pick<Y.AbstractType<unknown>, '_item'>;

/** Name of the root above a shared type; null when something above it is deleted. */
function rootNameOf(doc: Y.Doc, type: Part): string | null {
  let top: Part = type;
  while (top._item !== null) {
    if (top._item.deleted) return null;
    top = top._item.parent as Part;
  }
  for (const [name, root] of doc.share) if (root === top) return name;
  return null;
}

function rangeBetween(doc: Y.Doc, from: Place, to: Place, readings = new Map<Part, Reading>()): Range | null {
  if (from.root !== to.root) return null;
  const root = doc.share.get(from.root);
  if (root instanceof Y.XmlFragment && !(root instanceof Y.XmlText)) {
    const reading = readings.get(root) ?? readRich(root);
    readings.set(root, reading);
    const [start, end] = [reading.offsetOf(from), reading.offsetOf(to)];
    return start === null || end === null ? null : { start, end, text: reading.text.slice(start, end) };
  }
  if (from.type !== to.type) return null;
  return { start: from.index, end: to.index, text: textBetween(from.type, from.index, to.index) };
}

function textBetween(type: Sequence, start: number, end: number): string {
  if (end <= start) return '';
  if (type instanceof Y.Text) return readable(type.toString().slice(start, end));
  if (type instanceof Y.XmlFragment) return '';
  return type
    .slice(start, end)
    .map((item) => JSON.stringify(jsonOf(item, 0)))
    .join('\n');
}

/** What stands for a node without text, as U+FFFC does elsewhere. */
const OBJECT = '\uFFFC';

/** Rich text in one line of characters, and where each of its types begins in it. */
interface Reading {
  readonly text: string;
  /** Null for a place that is in none of its types. */
  offsetOf(place: Place): number | null;
}

function readRich(root: Y.XmlFragment): Reading {
  /** For a text its offset; for a parent that of each child and its end. */
  const offsets = new Map<Part, readonly number[]>();
  let text = '';
  let lastParent: Y.XmlFragment | null = null;
  const read = (parent: Y.XmlFragment): void => {
    const starts: number[] = [];
    for (const child of parent.toArray()) {
      if (child instanceof Y.XmlText) {
        if (lastParent !== null && lastParent !== parent) text += '\n';
        lastParent = parent;
        starts.push(text.length);
        offsets.set(child, [text.length]);
        text += textOf(child);
      } else if (child instanceof Y.XmlElement && isLeaf(child.nodeName)) {
        starts.push(text.length);
        text += OBJECT;
      } else if (child instanceof Y.XmlFragment) {
        starts.push(text.length);
        read(child);
      } else starts.push(text.length);
    }
    offsets.set(parent, [...starts, text.length]);
  };
  read(root);
  const offsetOf = ({ type, index }: Place): number | null => {
    const known = offsets.get(type);
    if (known === undefined) return null;
    if (type instanceof Y.XmlText) return (known[0] ?? 0) + index;
    return known[Math.min(index, known.length - 1)] ?? null;
  };
  return { text, offsetOf };
}

/** The characters of a text without its marks; what is embedded counts one. */
const textOf = (text: Y.XmlText): string =>
  (text.toDelta() as readonly { readonly insert?: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? readable(insert) : OBJECT))
    .join('');
