import type { Problem } from './document-fields.ts';

/** UTF-8 bytes of a comment: a page of text. */
const BODY_BYTES_MAX = 8_192;
/** People mentioned in one comment; more is a mailing list. */
const MENTIONS_MAX = 20;

const MENTION = /@\[[^\]\n]{0,200}\]\(user:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)/gi;

/** What is wrong with the text of a comment. */
export function checkBody(body: string): readonly Problem[] {
  const problem = (message: string): readonly Problem[] => [{ pointer: '/body', message }];
  if (body.trim() === '') return problem('must not be empty');
  if (!body.isWellFormed() || body.includes('\0')) return problem('holds characters that are no text');
  if (new TextEncoder().encode(body).length > BODY_BYTES_MAX)
    return problem(`must have at most ${BODY_BYTES_MAX} bytes`);
  if (mentionedIn(body).length > MENTIONS_MAX) return problem(`must mention at most ${MENTIONS_MAX} people`);
  return [];
}

/** Ids of the people that a comment names as `@[Ann](user:ID)`, each once, in order. */
export const mentionedIn = (body: string): readonly string[] => [
  ...new Set(Array.from(body.matchAll(MENTION), ([, id = '']) => id.toLowerCase())),
];

/** What a thread keeps of the text it is about. */
const QUOTE_CHARS_MAX = 1_000;

/** The beginning of a text, as a thread keeps it. */
export const quoteOf = (text: string): string => text.slice(0, QUOTE_CHARS_MAX).toWellFormed();
