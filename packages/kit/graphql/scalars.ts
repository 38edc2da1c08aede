import { GraphQLError, GraphQLScalarType, Kind, type ObjectValueNode, type ValueNode } from 'graphql';

/** Longest cursor; `@candlefish/base/page` makes none that is longer. */
const CURSOR_CHARS_MAX = 512;
/** Nesting of a JSON value; deeper ones are attacks on the reader's stack. */
const JSON_DEPTH_MAX = 32;
/** RFC 3339 with a zone; seconds and up to nine fractional digits. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const CURSOR = /^[A-Za-z0-9_-]+$/;

const bad = (what: string): GraphQLError => new GraphQLError(what);

function dateOf(text: unknown): Date {
  if (text instanceof Date && !Number.isNaN(text.getTime())) return text;
  if (typeof text !== 'string' || !DATE_TIME.test(text)) throw bad('DateTime is an RFC 3339 date and time with a zone');
  const date = new Date(text);
  // An impossible day such as 30 February rolls over instead of failing, so its day of the month tells.
  const shown = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || shown.getUTCDate() !== Number(text.slice(8, 10))) {
    throw bad('DateTime names a moment that does not exist');
  }
  return date;
}

function textOf(node: ValueNode, name: string): string {
  if (node.kind !== Kind.STRING) throw bad(`${name} is written as a string`);
  return node.value;
}

/** A moment: `Date` inside, RFC 3339 in UTC with milliseconds outside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => {
    if (value instanceof Date) return value.toISOString();
    return dateOf(value).toISOString();
  },
  parseValue: dateOf,
  parseLiteral: (node) => dateOf(textOf(node, 'DateTime')),
});

function cursorOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > CURSOR_CHARS_MAX || !CURSOR.test(value)) {
    throw bad('Cursor is a cursor that this API gave');
  }
  return value;
}

/** A place in a list or a stream, opaque to clients. */
export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  serialize: (value) => String(value),
  parseValue: cursorOf,
  parseLiteral: (node) => cursorOf(textOf(node, 'Cursor')),
});

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'string' || !BASE64.test(value))
    throw bad('Base64 is text in base64 with padding (RFC 4648, section 4)');
  return Buffer.from(value, 'base64');
}

/** Bytes: `Uint8Array` inside, base64 with padding outside. */
export const Base64 = new GraphQLScalarType<Uint8Array, string>({
  name: 'Base64',
  serialize: (value) => {
    if (!(value instanceof Uint8Array)) throw bad('Base64 needs bytes');
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  },
  parseValue: bytesOf,
  parseLiteral: (node) => bytesOf(textOf(node, 'Base64')),
});

function checkDepth(value: unknown, depth = 0): void {
  if (depth > JSON_DEPTH_MAX) throw bad(`JSON is nested more than ${JSON_DEPTH_MAX} levels deep`);
  if (typeof value !== 'object' || value === null) return;
  for (const item of Array.isArray(value) ? value : Object.values(value)) checkDepth(item, depth + 1);
}

function jsonOf(value: unknown): unknown {
  checkDepth(value);
  return value;
}

type Variables = Readonly<Record<string, unknown>> | null | undefined;

function jsonLiteral(node: ValueNode, variables: Variables, depth = 0): unknown {
  if (depth > JSON_DEPTH_MAX) throw bad(`JSON is nested more than ${JSON_DEPTH_MAX} levels deep`);
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => jsonLiteral(item, variables, depth + 1));
    case Kind.OBJECT:
      return jsonObject(node, variables, depth);
    case Kind.VARIABLE:
      return variables?.[node.name.value];
  }
}

function jsonObject(node: ObjectValueNode, variables: Variables, depth: number): object {
  const entries = node.fields.map(
    (field) => [field.name.value, jsonLiteral(field.value, variables, depth + 1)] as const,
  );
  return Object.fromEntries(entries);
}

/** Any JSON value, at most 32 levels deep. What it must look like is said where it is used. */
export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: jsonOf,
  parseLiteral: (node, variables) => jsonLiteral(node, variables),
});

/** Longest key in a path; what it leads to says more. */
const SEGMENT_CHARS_MAX = 1_024;

function segmentOf(value: unknown): string | number {
  if (typeof value === 'string' && value.length <= SEGMENT_CHARS_MAX) return value;
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw bad('PathSegment is a key as a string, or an index as a whole number from 0');
}

/** A step of a path into structured content: a key, or an index. */
const PathSegment = new GraphQLScalarType<string | number, string | number>({
  name: 'PathSegment',
  serialize: segmentOf,
  parseValue: segmentOf,
  parseLiteral: (node) => segmentOf(node.kind === Kind.INT ? Number(node.value) : textOf(node, 'PathSegment')),
});

/** The scalars that every subgraph may declare, by their GraphQL name. */
export const SCALARS: ReadonlyMap<string, GraphQLScalarType> = new Map(
  [DateTime, Cursor, Base64, Json, PathSegment].map((scalar): [string, GraphQLScalarType] => [scalar.name, scalar]),
);
