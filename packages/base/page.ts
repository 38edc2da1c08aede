/** Keyset pages: a cursor names the last row seen, never an offset, so inserts neither repeat nor hide rows. */

/** Rows of a page when the caller names no number. */
export const PAGE_SIZE_DEFAULT = 50;
/** Rows of a page at the most: one screen of a console, well under a second to render. */
export const PAGE_SIZE_MAX = 200;
/** A longer cursor was not made here. */
const CURSOR_CHARS_MAX = 512;

/** The sort key of a row as JSON values, in the order of the `order by`. */
export type PageKey = readonly (string | number)[];

/** A page of rows and the cursor that continues it; `null` when nothing follows. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** Text for a sort key, safe in URLs. Opaque to clients. */
export function encodeCursor(key: PageKey): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** The sort key inside a cursor, or `null` when the text is none of ours or has another number of parts. */
export function decodeCursor(cursor: string, parts: number): PageKey | null {
  if (cursor.length > CURSOR_CHARS_MAX || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null;
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
    const key: unknown = JSON.parse(text);
    if (!Array.isArray(key) || key.length !== parts) return null;
    return key.every((part) => typeof part === 'string' || typeof part === 'number') ? (key as PageKey) : null;
  } catch {
    return null;
  }
}

/**
 * Cuts one row too many into a page.
 * @param rows Up to `limit + 1` rows in order; the extra one only shows that more follow.
 */
export function toPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => PageKey): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
