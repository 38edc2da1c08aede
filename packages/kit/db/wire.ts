import pg from 'pg';
import type { SqlValue } from './statement.ts';

const INT8_OID = 20;
const DATE_OID = 1082;
const TIMESTAMPTZ_OID = 1184;

type Parser = (text: string) => unknown;

/** A result column, ready to be read. */
export interface Column {
  readonly name: string;
  readonly parse: Parser;
}

/** bigint columns count rows, bytes and versions: all far below 2^53, so they are numbers here, checked. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
}

/** `2026-05-04 10:00:00.123456+00` */
const SECONDS_END = 19;
const ZONE_CHARS = '+00'.length;

const parseAnyTimestamp = pg.types.getTypeParser(TIMESTAMPTZ_OID, 'text') as Parser;

/**
 * A moment, cut to milliseconds. The usual form, of years with four digits in UTC, is read by its places: lists are full of
 * moments, and pg's own parser, which knows every form, takes several times as long.
 */
function parseTimestamp(text: string): unknown {
  const zone = text.length - ZONE_CHARS;
  const isUsual =
    zone >= SECONDS_END &&
    zone <= SECONDS_END + '.123456'.length &&
    text.charCodeAt(0) !== ZERO &&
    text[4] === '-' &&
    text[10] === ' ' &&
    text.endsWith('+00');
  if (!isUsual) return parseAnyTimestamp(text);
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  let ms = 0;
  for (let place = SECONDS_END + 1, worth = 100; place < zone && worth >= 1; place += 1, worth /= 10) {
    ms += (text.charCodeAt(place) - ZERO) * worth;
  }
  return new Date(
    Date.UTC(
      year,
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      ms,
    ),
  );
}

const ZERO = 48;
const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;

const parsers = new Map<number, Parser>([
  [TIMESTAMPTZ_OID, parseTimestamp],
  [INT8_OID, parseInt8],
  // A calendar day has no moment: as a Date it would fall on another day west of Greenwich.
  [DATE_OID, (text) => text],
]);

/** The parser of a column type: Dates for timestamptz, numbers for bigint, text for numeric and date, values for json. */
export function parserOf(typeOid: number): Parser {
  const known = parsers.get(typeOid);
  if (known !== undefined) return known;
  const parser = pg.types.getTypeParser(typeOid, 'text') as Parser;
  parsers.set(typeOid, parser);
  return parser;
}

/** A value as PostgreSQL's text format wants it; bytes stay bytes. */
export function toWire(value: SqlValue): string | Buffer | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return `{${value.map(arrayItem).join(',')}}`;
  return String(value);
}

function arrayItem(item: string | number | boolean | null | Date | Uint8Array): string {
  if (item === null) return 'null';
  if (item instanceof Uint8Array) return `"\\\\x${Buffer.from(item).toString('hex')}"`;
  if (item instanceof Date) return `"${item.toISOString()}"`;
  if (typeof item !== 'string') return String(item);
  return `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
