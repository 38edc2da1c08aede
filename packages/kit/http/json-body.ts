import { platformErrors } from '../errors/index.ts';

/** Deeper nesting than any documented input has, and far from the end of the stack. */
const DEPTH_MAX = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON string, and the colon behind it when it is a member's name. */
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/**
 * The value of a JSON text, refusing what parsers disagree about or what the database cannot keep: invalid UTF-8, names
 * given twice, `__proto__`, NUL and lone surrogates in text, whole numbers beyond 2^53 (RFC 7493).
 * @throws AppError BAD_REQUEST that says what is wrong.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // Only an escape can make an ill-formed string out of well-formed UTF-8.
  const names = countMembers(value, 0, text.includes('\\u'));
  if (names !== countNames(text)) throw malformed('The same name stands twice in one JSON object.');
  return value;
}

/** Whether PostgreSQL and UTF-8 can hold the text. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const malformed = (detail: string) => platformErrors.badRequest({ detail });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the body, which may hold a password.
    const at = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
    throw malformed(`The body is not valid JSON${at === undefined ? '' : ` (${at})`}.`);
  }
}

function countNames(text: string): number {
  let names = 0;
  for (const match of text.matchAll(STRINGS)) if (match[1] !== undefined) names += 1;
  return names;
}

/** Number of members in all objects of the value; refuses values that nothing behind this could keep. */
function countMembers(value: unknown, depth: number, escaped: boolean): number {
  if (typeof value === 'string') {
    if (escaped && !isStorable(value)) throw malformed('Text holds NUL or half a surrogate pair.');
    return 0;
  }
  if (typeof value === 'number') {
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw malformed('A number is too large to be kept exactly.');
    return 0;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= DEPTH_MAX) throw malformed(`The body is nested deeper than ${DEPTH_MAX} levels.`);
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item, depth + 1, escaped);
    return count;
  }
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') throw malformed('The name __proto__ is not allowed.');
    if (escaped && !isStorable(name)) throw malformed('A name holds NUL or half a surrogate pair.');
    count += 1 + countMembers(member, depth + 1, escaped);
  }
  return count;
}
