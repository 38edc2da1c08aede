import * as Y from 'yjs';
import { type ContentType, rootsOf } from './content-types.ts';
import { rootOf } from './shared-types.ts';

/** The content of a document in readable form. */
export interface Projection {
  /** Text of text roots, JSON of maps, by the name of the root. */
  readonly roots: Readonly<Record<string, unknown>>;
  /** All of it as plain text. */
  readonly text: string;
}

/** Nesting of JSON in a document. */
const DEPTH_MAX = 64;

/** A value in a document that JSON cannot say: bytes, big integers, NaN, or nested too deeply. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

/**
 * The readable form of a document. Characters that PostgreSQL cannot store (U+0000, halves of surrogate pairs) show as
 * U+FFFD; the log keeps them.
 * @throws NotJson when a map holds what JSON cannot say.
 */
export function project(doc: Y.Doc, contentType: ContentType): Projection {
  const roots: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [name, kind] of Object.entries(rootsOf(contentType))) {
    const root = rootOf(doc, name, kind);
    const value = root instanceof Y.Text ? readable(root.toString()) : jsonOf(root, 0);
    roots[name] = value;
    texts.push(typeof value === 'string' ? value : JSON.stringify(value));
  }
  return { roots, text: texts.join('\n') };
}

const readable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

function jsonOf(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) throw new NotJson(`is nested more than ${DEPTH_MAX} levels deep`);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return readable(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotJson('holds a number that JSON cannot say');
    return value;
  }
  if (value instanceof Y.Text) return readable(value.toString());
  if (value instanceof Y.Map) return objectOf(value.entries(), depth);
  if (value instanceof Y.Array) return value.toArray().map((item) => jsonOf(item, depth + 1));
  if (Array.isArray(value)) return value.map((item) => jsonOf(item, depth + 1));
  if (isPlainObject(value)) return objectOf(Object.entries(value), depth);
  throw new NotJson('holds a value that JSON cannot say');
}

const objectOf = (entries: Iterable<readonly [string, unknown]>, depth: number): object =>
  Object.fromEntries(Array.from(entries, ([key, item]) => [readable(key), jsonOf(item, depth + 1)]));

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
