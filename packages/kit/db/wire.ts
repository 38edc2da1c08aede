import pg from 'pg';
import type { SqlValue } from './statement.ts';

const INT8_OID = 20;
const DATE_OID = 1082;

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

const parsers = new Map<number, Parser>([
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
