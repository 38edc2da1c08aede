import * as Y from 'yjs';

/** A value of a map, a list or an embed: JSON, bytes, or a shared type. */
export type Value = unknown;

/** A shared type that has content of its own. */
export type SharedType = Y.AbstractType<unknown>;

export const isShared = (value: Value): value is SharedType => value instanceof Y.AbstractType;

/** Nesting of values; the checks of content types allow less. */
const DEPTH_MAX = 128;

/** A text that is the same for values that read the same, whatever their ids. */
export function canonicalOf(value: Value, depth = 0): string {
  if (depth > DEPTH_MAX) throw new RangeError(`values are nested more than ${DEPTH_MAX} levels deep`);
  const within = (item: Value): string => canonicalOf(item, depth + 1);
  if (value instanceof Y.XmlElement) {
    return `<${value.nodeName} ${entries(value.getAttributes(), within)}>[${value.toArray().map(within).join()}]`;
  }
  if (value instanceof Y.Text) return `text[${deltaOf(value).map(within).join()}]`;
  if (value instanceof Y.XmlFragment) return `fragment[${value.toArray().map(within).join()}]`;
  if (value instanceof Y.Map) return `map${entries(Object.fromEntries(value.entries()), within)}`;
  if (value instanceof Y.Array) return `array[${value.toArray().map(within).join()}]`;
  if (value instanceof Uint8Array) return `bytes ${value.join()}`;
  if (Array.isArray(value)) return `[${value.map(within).join()}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null) return entries(value, within);
  return JSON.stringify(value) ?? 'undefined';
}

const entries = (object: object, within: (value: Value) => string): string =>
  `{${Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${within(value)}`)
    .join()}}`;

/** One piece of a text: characters, or an embedded value. */
export interface Delta {
  readonly insert: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The pieces of a text with their attributes; neighbours with the same attributes are one. */
export function deltaOf(text: Y.Text): readonly Delta[] {
  const pieces: Delta[] = [];
  for (const piece of text.toDelta() as readonly Delta[]) {
    const last = pieces.at(-1);
    // Yjs leaves marks of formats that are over, and begins a piece at each.
    const joins =
      typeof last?.insert === 'string' &&
      typeof piece.insert === 'string' &&
      isSame(last.attributes ?? {}, piece.attributes ?? {});
    if (joins) pieces[pieces.length - 1] = { ...last, insert: `${last.insert}${piece.insert}` };
    else pieces.push(piece);
  }
  return pieces;
}

/** Whether two values read the same. */
export const isSame = (a: Value, b: Value): boolean => a === b || canonicalOf(a) === canonicalOf(b);

/** Whether a shared type can become another one by changes of what it holds. */
export function isLike(a: Value, b: Value): boolean {
  if (a instanceof Y.XmlElement && b instanceof Y.XmlElement) return a.nodeName === b.nodeName;
  return isShared(a) && isShared(b) && a.constructor === b.constructor;
}

/** A value that can be put into another document. */
export function copyOf(value: Value): Value {
  if (!isShared(value)) return value;
  return value.clone();
}
