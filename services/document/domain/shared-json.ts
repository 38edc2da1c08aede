import * as Y from 'yjs';
import { CONTENT_DEPTH_MAX, isPlainObject } from './json-value.ts';

/** A value in a document that JSON cannot say: bytes, big integers, NaN, or nested too deeply. */
class NotJson extends Error {
  override readonly name = 'NotJson';
}

/** A text as PostgreSQL can hold it: U+0000 and halves of surrogate pairs show as U+FFFD. */
export const readable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/**
 * A value of a document, shared or plain, as JSON.
 * @param depth Levels above it.
 * @throws NotJson when JSON cannot say it.
 */
export function jsonOf(value: unknown, depth: number): unknown {
  if (depth > CONTENT_DEPTH_MAX) throw new NotJson(`is nested more than ${CONTENT_DEPTH_MAX} levels deep`);
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
